// Every store: rules that hold and reject, the end of holds, corrections by hand, and what is kept of each change.
#include "contract_fixture.hpp"

#include "postback/domain/conversion_hold.hpp"
#include "postback/store/conversion_items.hpp"

namespace postback {
namespace {

class Holds : public StoreContract {
 protected:
  void use_rules(const std::string& rules) {
    world_.catalog = catalog_of(patched_example(EntityKind::network, R"({"rules":)" + rules + "}"));
  }
  /// Commits the click (once) and a postback of it.
  const PostbackItem& send(const ClickItem& click, const std::string& more) {
    PostbackItem& item = world_.postback(click.click.id, more);
    EXPECT_OK(commit({&item}));
    return item;
  }
  ClickItem& stored_click() {
    ClickItem& click = world_.click();
    click.click.country = "DE";
    click.click.sub[1] = "zone7";
    EXPECT_OK(commit({&click}));
    return click;
  }
  Conversion only_conversion(const ClickItem& click) {
    const auto found = conversions_of(click.click.id.high);
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? Conversion{} : found.front();
  }
  std::size_t release() {
    Idle<ReleaseItem> item;
    item.now = world_.clock.wall();
    EXPECT_OK(commit({&item}));
    return item.released;
  }
  std::vector<std::string> causes(const Conversion& conversion) {
    std::vector<std::string> texts;
    for (const auto& revision : reader_->conversion_revisions(conversion.id).value()) texts.push_back(revision.cause);
    return texts;
  }
};

constexpr const char* kHoldLarge =
    R"([{"name":"large","when":{"field":"payout","op":"at_least","value":100},"action":"hold","hold_s":3600}])";

TEST_P(Holds, AHeldConversionIsApprovedWhenItsTimeComes) {
  use_rules(kHoldLarge);
  const ClickItem& click = stored_click();
  const auto& small = send(click, "&payout=99.99&txid=A");
  EXPECT_EQ(small.judgement.effect->status, ConversionStatus::approved);
  EXPECT_FALSE(reader_->next_release().value().has_value());
  const auto& large = send(click, "&payout=100&txid=B");
  EXPECT_EQ(to_string(large.judgement.verdict.code), "converted");
  EXPECT_NE(large.judgement.verdict.message.find("`large`"), std::string::npos) << large.judgement.verdict.message;
  EXPECT_EQ(large.judgement.effect->status, ConversionStatus::pending);
  const TimeMs due = world_.clock.wall() + std::chrono::hours{1};
  EXPECT_EQ(reader_->next_release().value(), due);
  EXPECT_EQ(to_string(send(click, "&payout=100&txid=B").judgement.verdict.code), "duplicate");
  EXPECT_EQ(to_string(send(click, "&payout=100&txid=B&status=paid").judgement.verdict.code), "duplicate")
      << "the network's approval does not end the hold";

  world_.clock.advance(std::chrono::hours{1} - std::chrono::milliseconds{1});
  EXPECT_EQ(release(), 0U);
  world_.clock.advance(std::chrono::milliseconds{1});
  EXPECT_EQ(release(), 1U);
  EXPECT_EQ(release(), 0U);
  const Conversion released = conversions_of(click.click.id.high).front();
  EXPECT_EQ(released.status, ConversionStatus::approved);
  EXPECT_FALSE(released.hold_until);
  EXPECT_EQ(released.updated, due);
  EXPECT_EQ(causes(released), (std::vector<std::string>{"", "hold"}));
  EXPECT_EQ(to_string(send(click, "&payout=100&txid=B").judgement.verdict.code), "duplicate");
}

TEST_P(Holds, ARejectionEndsAHold) {
  use_rules(kHoldLarge);
  const ClickItem& click = stored_click();
  send(click, "&payout=100&txid=B");
  EXPECT_EQ(to_string(send(click, "&payout=100&txid=B&status=fraud").judgement.verdict.code), "updated");
  world_.clock.advance(std::chrono::hours{2});
  EXPECT_EQ(release(), 0U);
  EXPECT_EQ(only_conversion(click).status, ConversionStatus::rejected);
  // Reinstated, it is held again.
  send(click, "&payout=100&txid=B&status=paid");
  EXPECT_EQ(only_conversion(click).status, ConversionStatus::pending);
  EXPECT_EQ(reader_->next_release().value(), world_.clock.wall() + std::chrono::hours{1});
}

TEST_P(Holds, APendingConversionIsHeldOnceTheNetworkApprovesIt) {
  use_rules(R"([{"when":{"field":"sub2","op":"is","value":"zone7"},"action":"hold"}])");
  const ClickItem& click = stored_click();
  send(click, "&payout=5&txid=A&status=pending");
  EXPECT_FALSE(only_conversion(click).hold_until);
  EXPECT_EQ(to_string(send(click, "&payout=5&txid=A").judgement.verdict.code), "updated");
  EXPECT_EQ(only_conversion(click).status, ConversionStatus::pending);
  EXPECT_EQ(only_conversion(click).hold_until, kUntilDecided);
  EXPECT_FALSE(reader_->next_release().value().has_value());
  world_.clock.advance(std::chrono::hours{24 * 365});
  EXPECT_EQ(release(), 0U);
}

TEST_P(Holds, RulesSeePostbackConversionAndClick) {
  struct Row {
    const char* when;
    bool rejected;
  };
  const Row rows[] = {
      {R"({"field":"payout","op":"less_than","value":5})", false},
      {R"({"field":"payout","op":"at_most","value":5})", true},
      {R"({"field":"amount","op":"is","value":7})", true},
      {R"({"field":"event","op":"in","value":["sale","ftd"]})", true},
      {R"({"field":"status","op":"is","value":"approved"})", true},
      {R"({"field":"original_status","op":"is","value":"paid"})", true},
      {R"({"field":"reason","op":"contains","value":"late"})", true},
      {R"({"field":"txid","op":"matches","value":"^T-[0-9]+$"})", true},
      {R"({"field":"currency","op":"is","value":"usd"})", true},
      {R"({"field":"sub2","op":"is","value":"zone7"})", true},
      {R"({"field":"sub1","op":"is","value":"zone7"})", false},
      {R"({"field":"campaign","op":"is","value":"summer"})", true},
      {R"({"field":"offer","op":"is_not","value":"vpn"})", false},
      {R"({"all":[{"field":"payout","op":"is","value":5},{"any":[{"field":"event","op":"is","value":"x"},
          {"none":[{"field":"source","op":"is","value":"x"}]}]}]})",
       true},
      {R"({})", true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.when);
    use_rules(std::string(R"([{"name":"r","when":)") + row.when + R"(,"action":"reject"}])");
    const ClickItem& click = stored_click();
    const auto& item = send(click, "&payout=5&amount=7&txid=T-1&event=sale&status=paid&reason=too+late");
    EXPECT_EQ(to_string(item.judgement.verdict.code), row.rejected ? "ignored_by_rule" : "converted");
    EXPECT_EQ(conversions_of(click.click.id.high).empty(), row.rejected);
    EXPECT_EQ(item.judgement.verdict.http(), 200);
  }
}

TEST_P(Holds, TheFirstRuleThatMatchesDecides) {
  use_rules(R"([{"when":{"field":"event","op":"is","value":"sale"},"action":"accept"},{"action":"reject"}])");
  const ClickItem& click = stored_click();
  EXPECT_EQ(to_string(send(click, "&event=sale").judgement.verdict.code), "converted");
  const auto& ignored = send(click, "&event=lead");
  EXPECT_EQ(to_string(ignored.judgement.verdict.code), "ignored_by_rule");
  EXPECT_EQ(to_string(ignored.judgement.verdict.result), "accepted") << "the network did nothing wrong";
}

TEST_P(Holds, ARejectingRuleDoesNotKeepAConversionFromChanging) {
  const ClickItem& click = stored_click();
  send(click, "&payout=5&txid=A");
  use_rules(R"([{"action":"reject"}])");
  EXPECT_EQ(to_string(send(click, "&payout=5&txid=A&status=refund").judgement.verdict.code), "updated");
  EXPECT_EQ(to_string(send(click, "&payout=5&txid=B").judgement.verdict.code), "ignored_by_rule");
}

TEST_P(Holds, ACorrectionMayDoAnything) {
  const ClickItem& click = stored_click();
  send(click, "&payout=5&txid=A");
  const auto correct = [&](const ConversionCorrection& correction, std::optional<std::vector<std::uint64_t>> at = {}) {
    Idle<CorrectionItem> item;
    item.click = click.click.id.high;
    item.number = 1;
    item.correction = correction;
    item.if_revisions = std::move(at);
    item.audit = AuditEntry{.time = world_.clock.wall(), .actor = "me", .action = "conversion.correct", .target = "c"};
    EXPECT_OK(commit({&item}));
    return std::make_pair(item.after.has_value(), item.outdated);
  };
  const std::pair<bool, bool> kDone{true, false};
  EXPECT_EQ(correct({.status = ConversionStatus::pending}), kDone);
  EXPECT_EQ(correct({.status = ConversionStatus::pending}), (std::pair<bool, bool>{false, false}));
  EXPECT_EQ(correct({.payout = 7'000'000, .amount = 9'000'000, .reason = "checked"}, {{2}}), kDone);
  EXPECT_EQ(correct({.payout = 1}, {{2}}), (std::pair<bool, bool>{false, true}));
  const auto found = reader_->conversion(click.click.id.high, 1).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->status, ConversionStatus::pending);
  EXPECT_EQ(found->payout, 7'000'000);
  EXPECT_EQ(found->amount, 9'000'000);
  EXPECT_EQ(found->reason, "checked");
  EXPECT_EQ(found->revision, 3U);
  EXPECT_EQ(causes(*found), (std::vector<std::string>{"", "correction", "correction"}));
  EXPECT_EQ(reader_->audit({}).value().rows.size(), 2U);
  EXPECT_EQ(to_string(send(click, "&payout=5&txid=A").judgement.verdict.code), "duplicate")
      << "a resend of what the network said last changes nothing";
  EXPECT_FALSE(reader_->conversion(click.click.id.high, 2).value().has_value());
  Idle<CorrectionItem> none;
  none.click = click.click.id.high;
  none.number = 2;
  ASSERT_OK(commit({&none}));
  EXPECT_FALSE(none.before);
}

TEST_P(Holds, AHandEndsAHold) {
  use_rules(R"([{"action":"hold"}])");
  for (const auto status : {ConversionStatus::approved, ConversionStatus::rejected}) {
    const ClickItem& click = stored_click();
    send(click, "&payout=5");
    EXPECT_EQ(only_conversion(click).hold_until, kUntilDecided);
    Idle<CorrectionItem> item;
    item.click = click.click.id.high;
    item.number = 1;
    item.correction.status = status;
    item.audit = AuditEntry{.time = world_.clock.wall(), .actor = "me", .action = "conversion.correct", .target = "c"};
    ASSERT_OK(commit({&item}));
    EXPECT_EQ(only_conversion(click).status, status);
    EXPECT_FALSE(only_conversion(click).hold_until);
  }
}

INSTANTIATE_TEST_SUITE_P(Sqlite, Holds,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}));

}  // namespace
}  // namespace postback

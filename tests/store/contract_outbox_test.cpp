// StoreContract: what the outbox is told of, in the transaction of what it speaks of.
#include "contract_fixture.hpp"

#include "postback/store/conversion_items.hpp"
#include "postback/store/replayer.hpp"
#include "postback/store/visit_items.hpp"
#include "support/example_destination.hpp"

namespace postback {
namespace {

constexpr const char* kHold = R"({"rules":[{"name":"all","when":{},"action":"hold","hold_s":60}]})";

class OutboxContract : public StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    world_.catalog = catalog_of(with_destination(example_documents(), "conversion"));
  }
  std::vector<Occurrence> outbox() { return reader_->occurrences(0, 1'000).value(); }
  /// The kinds, in order, as one text.
  std::string kinds() {
    std::string text;
    for (const auto& occurrence : outbox()) text += std::string(to_string(occurrence.kind)) + " ";
    return text;
  }
  ClickItem& stored_click() {
    ClickItem& click = world_.click();
    EXPECT_OK(commit({&click}));
    return click;
  }
  const PostbackItem& send(const ClickItem& click, const std::string& more) {
    PostbackItem& item = world_.postback(click.click.id, more);
    EXPECT_OK(commit({&item}));
    return item;
  }
};

TEST_P(OutboxContract, AClickThatIsToldIsWrittenOnceAndStays) {
  ClickItem& told = world_.click();
  told.told = true;
  ASSERT_OK(commit({&world_.click(), &told}));
  EXPECT_TRUE(store_->wrote_occurrences());
  ASSERT_OK(commit({&world_.click()}));
  EXPECT_FALSE(store_->wrote_occurrences());
  open();
  const auto found = outbox();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, Trigger::click);
  EXPECT_EQ(found[0].click, told.click.id.high);
  EXPECT_EQ(found[0].time, told.click.id.time());
  EXPECT_GT(store_->identity().value().newest, told.click.id.high) << "its ID is not given again";
  EXPECT_TRUE(reader_->occurrences(found[0].id, 10).value().empty());
  EXPECT_TRUE(reader_->occurrences(0, 0).value().empty());
}

TEST_P(OutboxContract, ACtaIsNamedByItsNumberAndAnImpressionSaysWhatIsStoredNowhereElse) {
  const ClickItem& click = stored_click();
  Idle<CtaItem> first;
  first.cta = {.click = click.click.id.high, .time = world_.clock.wall(), .offer = 1};
  Idle<CtaItem> second;
  second.cta = first.cta;
  second.told = true;
  Idle<ImpressionItem> counted;
  counted.impressions = {1, impression_bucket(world_.clock.wall()), 5};
  Idle<ImpressionItem> seen;
  seen.impressions = {1, impression_bucket(world_.clock.wall()), 1};
  seen.told = true;
  seen.told_time = world_.clock.wall();
  seen.told_detail = R"({"ip":"192.0.2.9"})";
  ASSERT_OK(commit({&first, &second, &counted, &seen}));
  const auto found = outbox();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].kind, Trigger::cta);
  EXPECT_EQ(found[0].click, click.click.id.high);
  EXPECT_EQ(found[0].cta, 2U);
  EXPECT_EQ(found[1].kind, Trigger::impression);
  EXPECT_EQ(found[1].campaign, 1U);
  EXPECT_EQ(found[1].time, world_.clock.wall());
  EXPECT_EQ(found[1].detail, seen.told_detail);
}

TEST_P(OutboxContract, AConversionIsToldWhenItBeginsAndWhenItsStatusChanges) {
  const ClickItem& click = stored_click();
  const auto& made = send(click, "&payout=5&txid=A");
  auto found = outbox();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, Trigger::conversion);
  EXPECT_EQ(found[0].click, click.click.id.high);
  EXPECT_EQ(found[0].conversion, made.judgement.effect->id);
  EXPECT_EQ(found[0].conversion_revision, 1U);
  EXPECT_EQ(found[0].time, world_.clock.wall());
  send(click, "&payout=5&txid=A");         // a repeat
  send(click, "&payout=6&txid=A");         // another payout
  send(click, "&payout=5&txid=B&test=1");  // a test
  send(click, "&payout=-5&txid=C");        // refused
  EXPECT_EQ(kinds(), "conversion ");
  send(click, "&payout=6&txid=A&status=refund");
  found = outbox();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].kind, Trigger::status_change);
  EXPECT_EQ(found[1].conversion, made.judgement.effect->id);
  EXPECT_EQ(found[1].conversion_revision, 3U);
}

TEST_P(OutboxContract, EachOfABatchIsTold) {
  const ClickItem& click = stored_click();
  ASSERT_OK(commit({&world_.postback(click.click.id, "&txid=A&status=pending"),
                    &world_.postback(click.click.id, "&txid=A&status=approved"),
                    &world_.postback(click.click.id, "&txid=A&status=approved")}));
  EXPECT_EQ(kinds(), "conversion status_change ");
}

TEST_P(OutboxContract, WhoHasNoDestinationForConversionsWritesNothing) {
  for (const auto& documents : {example_documents(), with_destination(example_documents(), "click")}) {
    world_.catalog = catalog_of(documents);
    const ClickItem& click = stored_click();
    send(click, "&payout=5");
    EXPECT_FALSE(store_->wrote_occurrences());
  }
  world_.catalog = catalog_of(with_destination(example_documents(), "status_change"));
  const ClickItem& click = stored_click();
  send(click, "&payout=5");
  EXPECT_TRUE(store_->wrote_occurrences());
}

TEST_P(OutboxContract, AHoldsEndAndACorrectionAreToldEvenWithoutACatalog) {
  world_.catalog = catalog_of(patched_example(EntityKind::network, kHold));
  const ClickItem& click = stored_click();
  send(click, "&payout=5");
  EXPECT_EQ(kinds(), "");
  world_.clock.advance(std::chrono::seconds{61});
  Idle<ReleaseItem> release;
  release.now = world_.clock.wall();
  ASSERT_OK(commit({&release}));
  EXPECT_EQ(kinds(), "status_change ");
  Idle<CorrectionItem> correction;
  correction.click = click.click.id.high;
  correction.number = 1;
  correction.audit = AuditEntry{.time = world_.clock.wall(), .actor = "me", .action = "a", .target = "c"};
  correction.correction.payout = 7'000'000;
  ASSERT_OK(commit({&correction}));
  EXPECT_EQ(kinds(), "status_change ") << "a sum alone is no news";
  correction.correction = {.status = ConversionStatus::rejected};
  ASSERT_OK(commit({&correction}));
  const auto found = outbox();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].kind, Trigger::status_change);
  EXPECT_EQ(found[1].conversion_revision, 4U);
}

TEST_P(OutboxContract, ARowThatIsJudgedAgainFiresOnlyIfItIsTo) {
  for (const bool fires : {false, true}) {
    ClickItem& click = world_.click();
    PostbackItem& early = world_.postback(click.click.id, "&payout=5");
    ASSERT_OK(commit({&early}));
    ASSERT_OK(commit({&click}));
    PostbackItem& again = world_.postback(click.click.id, "&payout=5");
    again.judged_again = early.postback_id;
    again.cause = kCausedByReplay;
    again.fires = fires;
    ASSERT_OK(commit({&again}));
    ASSERT_TRUE(again.changed);
    EXPECT_EQ(kinds(), fires ? "conversion " : "");
  }
}

INSTANTIATE_TEST_SUITE_P(Stores, OutboxContract,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}),
                         [](const auto& tested) { return std::string(tested.param.first); });

}  // namespace
}  // namespace postback

// Every store: repeat policies, scopes of transaction IDs and windows, by exact sums.
#include "contract_fixture.hpp"

#include <map>
#include <string_view>

namespace postback {
namespace {

/// One request of a sequence about one click.
struct Step {
  const char* more;  ///< Of the query; `{}` stands for what every request of the row says.
  const char* code;
  int seconds = 1;  ///< That pass before it.
};

struct Sequence {
  const char* policies;  ///< Of network acme, as a JSON merge patch.
  std::vector<Step> steps;
  /// Payouts of the click's conversions, the oldest first, each as `approved 5.00`.
  std::vector<std::string> sums;
};

class Policies : public StoreContract {
 protected:
  void use(std::string_view policies) { world_.catalog = catalog_of(patched_example(EntityKind::network, policies)); }
  std::vector<std::string> sums_of(SnowflakeId click) {
    const auto rows = conversions_of(click);
    std::vector<std::string> sums;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
      sums.push_back(std::string(to_string(row->status)) + " " + format_decimal(row->payout));
    }
    return sums;
  }
  /// Runs the sequence, each request in a batch of its own or all in one.
  void run(const Sequence& sequence, bool one_batch) {
    SCOPED_TRACE(std::string(sequence.policies) + (one_batch ? " in one batch" : ""));
    use(sequence.policies);
    ClickItem& click = world_.click();
    std::vector<Item*> batch{&click};
    std::vector<const PostbackItem*> sent;
    for (const Step& step : sequence.steps) {
      world_.clock.advance(std::chrono::seconds{step.seconds});
      PostbackItem& item = world_.postback(click.click.id, step.more);
      sent.push_back(&item);
      batch.push_back(&item);
      if (one_batch) continue;
      ASSERT_OK(commit(batch));
      batch.clear();
    }
    if (one_batch) ASSERT_OK(commit(batch));
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const auto& verdict = sent[i]->judgement.verdict;
      EXPECT_EQ(to_string(verdict.code), sequence.steps[i].code)
          << "step " << i + 1 << " " << sequence.steps[i].more << ": " << verdict.message;
    }
    EXPECT_EQ(sums_of(click.click.id.high), sequence.sums);
  }
  void run(const std::vector<Sequence>& sequences) {
    for (const auto& sequence : sequences) {
      run(sequence, false);
      run(sequence, true);
    }
  }
};

constexpr const char* kUpdate = R"({"repeat":{"*":"update"}})";
constexpr const char* kIgnore = R"({"repeat":{"*":"ignore"}})";
constexpr const char* kAdd = R"({"repeat":{"*":"add"}})";
constexpr const char* kNew = R"({"repeat":{"*":"new"}})";

TEST_P(Policies, ARebillWithoutTransactionId) {
  run({
      {kUpdate, {{"&payout=5", "converted"}, {"&payout=3", "updated", 3600}}, {"approved 3.00"}},
      {kUpdate, {{"&payout=5", "converted"}, {"&payout=5", "duplicate", 3600}}, {"approved 5.00"}},
      {kIgnore, {{"&payout=5", "converted"}, {"&payout=3", "duplicate", 3600}}, {"approved 5.00"}},
      {kAdd, {{"&payout=5", "converted"}, {"&payout=3", "added", 3600}}, {"approved 8.00"}},
      {kAdd, {{"&payout=5", "converted"}, {"&payout=5", "added", 3600}}, {"approved 10.00"}},
      {kNew, {{"&payout=5", "converted"}, {"&payout=3", "converted", 3600}}, {"approved 5.00", "approved 3.00"}},
      {kNew, {{"&payout=5", "converted"}, {"&payout=5", "converted", 3600}}, {"approved 5.00", "approved 5.00"}},
      // Without a payout the offer's 12.50 counts, each time.
      {kAdd, {{"", "converted"}, {"", "added", 3600}}, {"approved 25.00"}},
      {kNew, {{"", "converted"}, {"", "converted", 3600}}, {"approved 12.50", "approved 12.50"}},
  });
}

TEST_P(Policies, AResendWithoutTransactionIdIsToldByTime) {
  run({
      {kAdd, {{"&payout=5", "converted"}, {"&payout=5", "duplicate", 60}}, {"approved 5.00"}},
      {kAdd, {{"&payout=5", "converted"}, {"&payout=5", "added", 61}}, {"approved 10.00"}},
      {kNew, {{"&payout=5", "converted"}, {"&payout=5", "duplicate", 60}}, {"approved 5.00"}},
      {kNew, {{"&payout=5", "converted"}, {"&payout=5", "converted", 61}}, {"approved 5.00", "approved 5.00"}},
      // Another request in between does not hide it.
      {kAdd, {{"&payout=5", "converted"}, {"&payout=3", "added"}, {"&payout=5", "duplicate"}}, {"approved 8.00"}},
      {kNew,
       {{"&payout=5", "converted"}, {"&payout=3", "converted"}, {"&payout=5", "duplicate"}},
       {"approved 5.00", "approved 3.00"}},
      // What says the same in other bytes is another request; ts and sign do not count.
      {kAdd, {{"&payout=5", "converted"}, {"&payout=5&x=1", "added"}}, {"approved 10.00"}},
      {kAdd, {{"&payout=5&ts=1&sign=a", "converted"}, {"&payout=5&ts=2&sign=b", "duplicate"}}, {"approved 5.00"}},
      {R"({"repeat":{"*":"add"},"resend_window_s":5})",
       {{"&payout=5", "converted"}, {"&payout=5", "duplicate", 5}, {"&payout=5", "added", 1}},
       {"approved 10.00"}},
      {R"({"repeat":{"*":"add"},"resend_window_s":0})",
       {{"&payout=5", "converted", 1}, {"&payout=5", "duplicate", 0}, {"&payout=5", "added", 1}},
       {"approved 10.00"}},
  });
}

TEST_P(Policies, WithATransactionIdTheContentTellsAResend) {
  run({
      {kAdd,
       {{"&txid=A&payout=5", "converted"},
        {"&txid=A&payout=5", "duplicate", 3600},
        {"&txid=A&payout=3", "added"},
        {"&txid=A&payout=3&x=1", "duplicate"},
        {"&txid=A&payout=5", "added"}},
       {"approved 13.00"}},
      {kNew,
       {{"&txid=A&payout=5", "converted"},
        {"&txid=A&payout=5", "duplicate", 3600},
        {"&txid=A&payout=3", "updated"},
        {"&txid=B&payout=4", "converted"},
        {"&txid=A&payout=3&status=refund", "updated"}},
       {"rejected 3.00", "approved 4.00"}},
  });
}

TEST_P(Policies, AReinstatementHasTheFirstRequestsBytes) {
  for (const char* policy : {kUpdate, kAdd}) {
    for (const char* txid : {"", "&txid=A"}) {
      const std::string first = std::string("&payout=5") + txid;
      const std::string refund = first + "&status=refund";
      for (const int seconds : {1, 3600}) {
        run({{policy,
              {{first.c_str(), "converted"},
               {refund.c_str(), "updated", seconds},
               {first.c_str(), "updated", seconds},
               {first.c_str(), "duplicate", 1}},
              {"approved 5.00"}}});
      }
    }
  }
  // The sum comes back as it was.
  run({{kAdd,
        {{"&payout=5", "converted"},
         {"&payout=3", "added"},
         {"&payout=3&status=refund", "updated"},
         {"&payout=5", "updated"}},
        {"approved 8.00"}},
       // Under `new` as under every policy, as long as time can tell whose bytes they are: one sale, back again. A
       // second conversion would count a sale twice that the network told of once more. Later they are another sale's.
       {kNew,
        {{"&payout=5", "converted"}, {"&payout=5&status=refund", "updated"}, {"&payout=5", "updated"}},
        {"approved 5.00"}},
       {kNew,
        {{"&payout=5", "converted"}, {"&payout=5&status=refund", "updated"}, {"&payout=5", "converted", 60}},
        {"rejected 5.00", "approved 5.00"}},
       {kNew,
        {{"&payout=5", "converted"},
         {"&payout=5&status=refund", "updated"},
         {"&payout=5", "updated"},
         {"&payout=5", "duplicate", 59}},
        {"approved 5.00"}}});
}

TEST_P(Policies, UnderAddAChangeOfStatusAddsNothing) {
  run({
      {kAdd, {{"&payout=5&status=pending", "converted"}, {"&payout=5", "updated"}}, {"approved 5.00"}},
      {kAdd, {{"&payout=5&status=pending", "converted"}, {"&payout=2&status=hold", "added"}}, {"pending 7.00"}},
      {kAdd,
       {{"&payout=5", "converted"}, {"&payout=5&status=refund", "updated"}, {"&payout=7&status=refund", "duplicate"}},
       {"rejected 5.00"}},
      {kAdd, {{"&payout=5", "converted"}, {"&payout=2&status=hold", "status_transition"}}, {"approved 5.00"}},
      {kAdd, {{"&payout=5", "converted"}, {"&payout=2&status=wibble", "duplicate"}}, {"approved 5.00"}},
      {kAdd, {{"&payout=5", "converted"}, {"&payout=2&currency=EUR", "payout_invalid"}}, {"approved 5.00"}},
      {kAdd, {{"&payout=1000000000", "converted"}, {"&payout=1", "payout_invalid"}}, {"approved 1000000000.00"}},
      {kAdd, {{"&payout=5", "converted"}, {"&payout=-2", "payout_invalid"}}, {"approved 5.00"}},
      {R"({"repeat":{"*":"add"},"adjustments":true})",
       {{"&payout=5", "converted"}, {"&payout=-2", "added"}},
       {"approved 3.00"}},
      {R"({"repeat":{"*":"new"},"adjustments":true})",
       {{"&payout=5", "converted"}, {"&payout=-2", "payout_invalid"}},
       {"approved 5.00"}},
  });
}

TEST_P(Policies, UnderNewABlankRejectionIsOfTheNewest) {
  run({
      {kNew,
       {{"&payout=5", "converted"},
        {"&payout=3", "converted"},
        {"&status=refund", "updated"},
        {"&status=refund", "duplicate", 60},
        {"&status=refund", "updated", 61},
        {"&status=refund", "duplicate", 61}},
       {"rejected 5.00", "rejected 3.00"}},
      {kNew, {{"&payout=5&status=refund", "converted"}}, {"rejected 5.00"}},
      {kNew, {{"&payout=5&txid=A", "converted"}, {"&payout=9&status=refund", "updated"}}, {"rejected 5.00"}},
      {kNew,
       {{"&payout=5&event=a", "converted"}, {"&status=refund&event=b&payout=1", "converted"}},
       {"approved 5.00", "rejected 1.00"}},
      {kNew, {{"&payout=5&status=hold", "converted"}, {"&payout=5", "converted"}}, {"pending 5.00", "approved 5.00"}},
  });
}

TEST_P(Policies, AWiderScopeFindsTheOtherClicksConversion) {
  for (const auto& [scope, shared] :
       std::map<std::string, bool>{{"click", false}, {"offer", true}, {"network", true}}) {
    SCOPED_TRACE(scope);
    use(R"({"txid_scope":")" + scope + R"("})");
    ClickItem& first = world_.click();
    ClickItem& second = world_.click();
    const std::string txid = "&payout=5&txid=T-" + scope;
    PostbackItem& made = world_.postback(first.click.id, txid);
    PostbackItem& resent = world_.postback(second.click.id, txid);
    PostbackItem& reversed = world_.postback(second.click.id, txid + "&status=refund");
    PostbackItem& other_event = world_.postback(second.click.id, txid + "&event=sale");
    ASSERT_OK(commit({&first, &second, &made, &resent, &reversed, &other_event}));
    EXPECT_EQ(to_string(made.judgement.verdict.code), "converted");
    EXPECT_EQ(to_string(resent.judgement.verdict.code), shared ? "duplicate" : "converted");
    EXPECT_EQ(to_string(reversed.judgement.verdict.code), "updated");
    EXPECT_EQ(to_string(other_event.judgement.verdict.code), "converted");
    const auto& owner = shared ? first : second;
    EXPECT_EQ(resent.conversion_click, owner.click.id.high);
    EXPECT_EQ(reversed.conversion_click, owner.click.id.high);
    EXPECT_EQ(sums_of(first.click.id.high).at(0), shared ? "rejected 5.00" : "approved 5.00");
    EXPECT_EQ(sums_of(second.click.id.high).size(), shared ? 1U : 2U);
    const auto& warnings = resent.judgement.verdict.warnings;
    ASSERT_EQ(warnings.size(), shared ? 1U : 0U);
    if (shared) {
      EXPECT_NE(warnings[0].find(std::to_string(first.click.id.high)), std::string::npos) << warnings[0];
    }
  }
}

TEST_P(Policies, OneOffersTransactionIdsAreNotAnothers) {
  use(R"({"txid_scope":"offer"})");
  ClickItem& first = world_.click();
  ClickItem& second = world_.click();
  second.click.offer = 77;
  PostbackItem& made = world_.postback(first.click.id, "&payout=5&txid=A");
  PostbackItem& other = world_.postback(second.click.id, "&payout=5&txid=A");
  ASSERT_OK(commit({&first, &second, &made, &other}));
  EXPECT_EQ(to_string(other.judgement.verdict.code), "converted");
}

TEST_P(Policies, TheWindowIsForNewConversionsOnly) {
  run({
      {R"({"attribution_window_s":3600})",
       {{"&payout=5&txid=A&status=pending", "converted", 3600},
        {"&payout=5&txid=B", "click_expired"},
        {"&payout=6&txid=A", "updated", 86400}},
       {"approved 6.00"}},
  });
  // What counts is when the visitor converted.
  ClickItem& click = world_.click();
  world_.clock.advance(std::chrono::hours{24});
  const auto within =
      std::chrono::duration_cast<std::chrono::seconds>(click.click.id.time().time_since_epoch()).count();
  PostbackItem& late = world_.postback(click.click.id, "&payout=5&time=" + std::to_string(within + 3600));
  PostbackItem& too_late = world_.postback(click.click.id, "&payout=5&txid=B&time=" + std::to_string(within + 3602));
  ASSERT_OK(commit({&click, &late, &too_late}));
  EXPECT_EQ(to_string(late.judgement.verdict.code), "converted");
  EXPECT_EQ(to_string(too_late.judgement.verdict.code), "click_expired");
}

INSTANTIATE_TEST_SUITE_P(Sqlite, Policies,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}));

}  // namespace
}  // namespace postback

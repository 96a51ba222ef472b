// Every store: a batch is a fold over its postbacks, and each of them is logged.
#include "contract_fixture.hpp"

namespace postback {
namespace {

TEST_P(StoreContract, FoldsABatch) {
  ClickItem& click = world_.click();
  PostbackItem& first = world_.postback(click.click.id, "&payout=12.50&txid=A1&event=sale");
  PostbackItem& resend = world_.postback(click.click.id, "&payout=12.50&txid=A1&event=sale");
  PostbackItem& other = world_.postback(click.click.id, "&payout=3&txid=A2&event=sale&status=pending");
  PostbackItem& changed = world_.postback(click.click.id, "&payout=3&txid=A2&event=sale&status=rejected&reason=fraud");
  ASSERT_OK(commit({&click, &first, &resend, &other, &changed}));
  EXPECT_EQ(to_string(first.judgement.verdict.code), "converted");
  EXPECT_EQ(to_string(resend.judgement.verdict.code), "duplicate");
  EXPECT_EQ(to_string(other.judgement.verdict.code), "converted");
  EXPECT_EQ(to_string(changed.judgement.verdict.code), "updated");
  EXPECT_EQ(first.conversion_click, click.click.id.high);
  EXPECT_EQ(first.judgement.conversion_number, 1U);
  EXPECT_EQ(resend.judgement.conversion_number, 1U);
  EXPECT_EQ(other.judgement.conversion_number, 2U);
  EXPECT_EQ(changed.judgement.conversion_number, 2U);

  const auto found = conversions_of(click.click.id.high);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].id, other.postback_id);
  EXPECT_EQ(found[0].txid, "A2");
  EXPECT_EQ(to_string(found[0].status), "rejected");
  EXPECT_EQ(found[0].reason, "fraud");
  EXPECT_EQ(found[0].revision, 2U);
  EXPECT_EQ(found[1].id, first.postback_id);
  EXPECT_EQ(found[1].event, "sale");
  EXPECT_EQ(found[1].payout, 12'500'000);
  EXPECT_EQ(found[1].currency, "USD");
  EXPECT_EQ(found[1].revision, 1U);
  EXPECT_EQ(found[1].updated, world_.clock.wall());
}

TEST_P(StoreContract, JudgesARetriedBatchAnew) {
  ClickItem& click = world_.click();
  ASSERT_OK(commit({&click}));
  PostbackItem& postback = world_.postback(click.click.id, "&payout=1&txid=A1");
  EXPECT_ERROR(commit({&postback, &click}), ErrorCode::store_rejected);
  ASSERT_OK(commit({&postback}));
  EXPECT_EQ(to_string(postback.judgement.verdict.code), "converted");
  EXPECT_EQ(conversions_of(click.click.id.high).size(), 1U);
  EXPECT_EQ(postback_log().size(), 1U);
}

TEST_P(StoreContract, LooksForTheClickUnlessItWasGiven) {
  ClickItem& click = world_.click();
  PostbackItem& early = world_.postback(click.click.id, "&txid=A1");
  ASSERT_OK(commit({&early, &click}));
  EXPECT_EQ(to_string(early.judgement.verdict.code), "click_unknown");
  EXPECT_EQ(early.conversion_click, 0U);
  PostbackItem& late = world_.postback(click.click.id, "&txid=A1");
  ASSERT_OK(commit({&late}));
  EXPECT_EQ(to_string(late.judgement.verdict.code), "converted");
}

TEST_P(StoreContract, LogsRefusedAndTestPostbacksWithoutEffect) {
  ClickItem& click = world_.click();
  PostbackItem& refused = world_.raw_postback("token=wrong&click_id=" + to_string(click.click.id));
  PostbackItem& test = world_.postback(click.click.id, "&test=1&payout=1");
  ASSERT_OK(commit({&click, &refused, &test}));
  EXPECT_TRUE(conversions_of(click.click.id.high).empty());
  const auto log = postback_log();
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0].id, test.postback_id);
  EXPECT_EQ(log[0].result, "test");
  EXPECT_EQ(log[0].code, "converted");
  EXPECT_EQ(log[0].http_status, 200);
  EXPECT_EQ(log[1].id, refused.postback_id);
  EXPECT_EQ(log[1].code, "token_wrong");
  EXPECT_EQ(log[1].http_status, 403);
  EXPECT_EQ(log[1].conversion_number, 0U);
}

TEST_P(StoreContract, LogsWhatArrivedAndWhatWasDecided) {
  ClickItem& click = world_.click();
  PostbackItem& item =
      world_.postback(click.click.id, "&payout=12,50&amount=99&currency=EUR&txid=T&event=ftd&status=hold");
  ASSERT_OK(commit({&click, &item}));
  const auto log = postback_log();
  ASSERT_EQ(log.size(), 1U);
  const StoredPostback& row = log[0];
  const Verdict& verdict = item.judgement.verdict;
  EXPECT_EQ(row.time, item.postback.arrival);
  EXPECT_EQ(row.network, "acme");
  EXPECT_EQ(row.method, "GET");
  EXPECT_EQ(row.target, item.reading.logged_target);
  EXPECT_EQ(row.target.find(kExampleToken), std::string::npos);
  EXPECT_EQ(row.headers, item.reading.logged_headers);
  EXPECT_EQ(row.peer, "192.0.2.7");
  EXPECT_EQ(row.authentication, "token");
  EXPECT_EQ(row.result, "accepted");
  EXPECT_EQ(row.message, verdict.message);
  EXPECT_EQ(row.evidence, verdict.evidence);
  EXPECT_EQ(row.fix, verdict.fix);
  ASSERT_FALSE(verdict.warnings.empty());
  EXPECT_EQ(row.warnings, verdict.warnings);
  EXPECT_EQ(row.click, click.click.id.high);
  EXPECT_EQ(row.conversion_number, 1U);
  EXPECT_EQ(row.event, "ftd");
  EXPECT_EQ(row.txid, "T");
  EXPECT_EQ(row.payout, 12'500'000);
  EXPECT_EQ(row.amount, 99'000'000);
  EXPECT_EQ(row.currency, "EUR");
  EXPECT_EQ(row.status, to_string(item.reading.status));
  EXPECT_EQ(row.original_status, item.reading.original_status);
  EXPECT_EQ(row.revision, 1U);
}

}  // namespace
}  // namespace postback

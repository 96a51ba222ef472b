// Which of the offers that a click led to a conversion belongs to, and what follows for its network, payout and rules.
#include "postback/domain/conversion_hold.hpp"
#include "postback/domain/conversion_lookup.hpp"
#include "support/incoming_request.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback {
namespace {

/// Offers by number: 1 `vpn` and 2 `plain` of acme, 3 `theirs` of other, 4 `moved` of other since revision 5.
std::shared_ptr<const Catalog> catalog_with(const std::string& acme = "{}") {
  auto documents = patched_example(EntityKind::network, acme);
  documents.push_back(
      document_of(EntityKind::network, "other", R"({"name":"O","click_param":"s","token":"T0KEN-other"})", 2));
  const auto offer = [&documents](const std::string& id, const std::string& network, const std::string& more,
                                  EntityNumber number) {
    documents.push_back(document_of(
        EntityKind::offer, id,
        R"({"name":"N","url":"https://o.example/?s={clickid}","network":")" + network + "\"" + more + "}", number));
  };
  offer("plain", "acme", "", 2);
  offer("theirs", "other", R"(,"payout":"3.00","currency":"EUR")", 3);
  offer("moved", "other", "", 4);
  documents.back().revision = 5;
  return catalog_of(std::move(documents));
}

Reading read_from(const std::string& network, const std::string& more, const std::string& acme = "{}") {
  return read_request({.target = "/postback/" + network + "?token=T0KEN-" + network + "&click_id=$ID" + more},
                      catalog_with(acme));
}

/// A click whose visitor went to these offers, the last one first and the click's own at the end.
ClickFacts led_to(std::vector<EntityNumber> offers) {
  ClickFacts click;
  click.id = sample_click().high;
  click.offer = offers.front();
  click.revision = 1;
  click.offers = std::move(offers);
  return click;
}

Facts facts_for(const Reading& reading, std::vector<EntityNumber> offers) {
  Facts facts;
  facts.click = led_to(std::move(offers));
  settle_offer(reading, *facts.click);
  return facts;
}

TEST(SettleOffer, TheNewestOfTheNetworkThatCalls) {
  struct Row {
    const char* what;
    const char* network;
    std::vector<EntityNumber> offers;
    EntityNumber offer;
    const char* code = "converted";
  };
  const Row rows[] = {
      {"the last one", "other", {3, 1}, 3},
      {"the click's own, though a CTA led elsewhere", "acme", {3, 1}, 1},
      {"the newer one of two", "acme", {3, 2, 1}, 2},
      {"not the changed one, where another is certain", "acme", {4, 3, 1}, 1},
      {"one that was of the caller perhaps", "acme", {3, 4}, 4},
      {"none: the last one", "acme", {3}, 3, "network_mismatch"},
      {"one that the catalog lost", "acme", {9, 3}, 9},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto reading = read_from(row.network, "&payout=1");
    ASSERT_FALSE(reading.refusal);
    auto facts = facts_for(reading, row.offers);
    EXPECT_EQ(facts.click->offer, row.offer);
    settle_offer(reading, *facts.click);
    EXPECT_EQ(facts.click->offer, row.offer) << "a repeat changes nothing";
    const auto judgement = judge(reading, facts);
    EXPECT_EQ(to_string(judgement.verdict.code), row.code) << judgement.verdict.evidence;
    if (judgement.effect) {
      EXPECT_EQ(judgement.effect->offer, row.offer);
    }
  }
}

TEST(SettleOffer, WithoutCtasTheClickHasOneOffer) {
  const auto reading = read_from("other", "&payout=1");
  ClickFacts click;
  click.offer = 1;
  settle_offer(reading, click);
  EXPECT_EQ(click.offer, 1U);
}

TEST(SettleOffer, PayoutAndTransactionIdsAreThatOffers) {
  const auto reading = read_from("acme", "&txid=A", R"({"txid_scope":"offer"})");
  const auto facts = facts_for(reading, {3, 1});
  EXPECT_EQ(judge(reading, facts).effect->payout, 12'500'000) << "not the 3.00 of the last one";
  EXPECT_EQ(txid_owner(reading, *facts.click)->number, 1U);
}

/// A conversion of offer vpn whose visitor went to `plain` afterwards, which has no payout.
Facts after_a_cta(const Reading& reading, ConversionStatus status) {
  Facts facts = facts_for(reading, {2, 1});
  Conversion made;
  made.id = 99;
  made.click = sample_click().high;
  made.number = made.revision = facts.conversions_of_click = 1;
  made.event = "conversion";
  made.status = status;
  made.payout = 12'500'000;
  made.currency = "USD";
  made.offer = 1;
  facts.conversion = made;
  return facts;
}

TEST(SettleOffer, AFixedPayoutStaysThatOfTheConversionsOffer) {
  const auto reading = read_from("acme", "&payout=99&status=pending", R"({"payout":"fixed"})");
  const auto judgement = judge(reading, after_a_cta(reading, ConversionStatus::pending));
  EXPECT_EQ(to_string(judgement.verdict.code), "duplicate") << judgement.verdict.message;
  const auto approved = read_from("acme", "&payout=99", R"({"payout":"fixed"})");
  const auto changed = judge(approved, after_a_cta(approved, ConversionStatus::pending));
  ASSERT_TRUE(changed.effect);
  EXPECT_EQ(changed.effect->payout, 12'500'000);
}

TEST(SettleOffer, RulesSeeTheConversionsOffer) {
  const auto reading = read_from(
      "acme", "", R"({"rules":[{"when":{"field":"offer","op":"is","value":"vpn"},"action":"hold","hold_s":60}]})");
  const auto judgement = judge(reading, after_a_cta(reading, ConversionStatus::pending));
  ASSERT_TRUE(judgement.effect);
  EXPECT_EQ(to_string(judgement.effect->status), "pending");
  EXPECT_TRUE(judgement.effect->hold_until);
}

}  // namespace
}  // namespace postback

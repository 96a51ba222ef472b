// StoreContract: CTAs and the ledger of spend.
#include "contract_fixture.hpp"
#include "postback/store/visit_items.hpp"

#include <string_view>
#include <vector>

namespace postback {
namespace {

class Cleared final : public ChangeItem {
 public:
  void run() noexcept override {}
};

class VisitContract : public StoreContract {
 protected:
  CtaItem& cta(const ClickItem& click, EntityNumber offer) {
    auto& item = ctas_.emplace_back();
    item.cta = {.click = click.click.id.high, .time = world_.clock.wall(), .offer = offer};
    return item;
  }
  Result<void> add_spend(std::vector<SpendEntry>& entries) {
    OperatorChange change;
    change.spend = entries;
    Cleared item;
    item.change = &change;
    return commit({&item});
  }

  std::deque<Idle<CtaItem>> ctas_;
};

TEST_P(VisitContract, ACtaIsNumberedWithinItsClickAndTheLastOneCounts) {
  auto& click = world_.click();
  auto& other = world_.click();
  ASSERT_OK(commit({&click, &other, &cta(click, 2)}));
  ASSERT_OK(commit({&cta(other, 5), &cta(click, 3)}));
  const auto found = reader_->ctas(click.click.id.high, 10).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].number, 2U);
  EXPECT_EQ(found[0].offer, 3U);
  EXPECT_EQ(found[0].time, world_.clock.wall());
  EXPECT_EQ(found[1].number, 1U);
  EXPECT_EQ(reader_->ctas(click.click.id.high, 1).value().size(), 1U);
  EXPECT_EQ(reader_->click_facts(click.click.id.high).value()->offer, 3U);
  EXPECT_EQ(reader_->click_facts(other.click.id.high).value()->offer, 5U);
  EXPECT_EQ(stored(click.click.id.high).offer, 1U) << "the click's row is never changed";
}

TEST_P(VisitContract, ACtaMayComeBeforeItsClick) {
  auto& click = world_.click();
  ASSERT_OK(commit({&cta(click, 2)}));
  EXPECT_FALSE(reader_->click_facts(click.click.id.high).value());
  ASSERT_OK(commit({&click}));
  EXPECT_EQ(reader_->click_facts(click.click.id.high).value()->offer, 2U);
}

/// The example with further offers: 2 of acme, with a cap of one conversion, and 3 of another network.
std::shared_ptr<const Catalog> catalog_with_offers(std::string_view acme = "{}") {
  auto documents = patched_example(EntityKind::network, acme);
  documents.push_back(
      document_of(EntityKind::network, "other", R"({"name":"Other","click_param":"s","token":"T0KEN-other"})", 2));
  documents.push_back(document_of(EntityKind::offer, "capped",
                                  R"({"name":"C","network":"acme","url":"https://o.example/","payout":"4.00",)"
                                  R"("currency":"USD","caps":{"total":1}})",
                                  2));
  documents.push_back(document_of(EntityKind::offer, "theirs",
                                  R"({"name":"T","network":"other","url":"https://o.example/?s={clickid}"})", 3));
  return catalog_of(std::move(documents));
}

TEST_P(VisitContract, AConversionInTheSameBatchSeesTheCta) {
  world_.catalog = catalog_with_offers();
  auto& click = world_.click();
  ASSERT_OK(commit({&click}));
  auto& postback = world_.postback(click.click.id);
  ASSERT_OK(commit({&cta(click, 2), &postback}));
  EXPECT_EQ(postback.judgement.effect->payout, 4'000'000);
  EXPECT_EQ(conversions_of(click.click.id.high).at(0).offer, 2U);
}

TEST_P(VisitContract, AConversionIsOfTheNewestOfferOfTheNetworkThatCalls) {
  world_.catalog = catalog_with_offers();
  auto& click = world_.click();
  ASSERT_OK(commit({&click, &cta(click, 3), &cta(click, 2), &cta(click, 3), &cta(click, 3)}));
  EXPECT_EQ(reader_->click_facts(click.click.id.high).value()->offers, (std::vector<EntityNumber>{3, 2, 1}));
  auto& theirs = world_.postback(click.click.id, "&txid=A");
  ASSERT_OK(commit({&theirs}));
  ASSERT_EQ(to_string(theirs.judgement.verdict.code), "converted") << theirs.judgement.verdict.evidence;
  EXPECT_EQ(theirs.judgement.effect->payout, 4'000'000);
  EXPECT_EQ(conversions_of(click.click.id.high).at(0).offer, 2U);
  EXPECT_EQ(store_->offer_counter()->counts(2, world_.clock.wall()).total, 1U);
  EXPECT_EQ(store_->offer_counter()->counts(3, world_.clock.wall()).total, 0U);
  // Readers find the same, with the counts of that offer.
  auto& another = world_.postback(click.click.id, "&txid=B");
  const auto facts = reader_->facts(another.reading).value();
  EXPECT_EQ(facts.click->offer, 2U);
  EXPECT_EQ(facts.offer_counts->total, 1U);
  ASSERT_OK(commit({&another}));
  ASSERT_FALSE(another.judgement.verdict.warnings.empty());
  EXPECT_NE(another.judgement.verdict.warnings.back().find("cap `total`"), std::string::npos);
}

TEST_P(VisitContract, AConversionStaysWithItsOfferAfterALaterCta) {
  world_.catalog = catalog_with_offers();
  auto& click = world_.click();
  auto& made = world_.postback(click.click.id, "&txid=A&payout=1");
  ASSERT_OK(commit({&click, &made}));
  ASSERT_OK(commit({&cta(click, 2), &cta(click, 3)}));
  auto& reversed = world_.postback(click.click.id, "&txid=A&status=rejected");
  ASSERT_OK(commit({&reversed}));
  EXPECT_EQ(to_string(reversed.judgement.verdict.code), "updated") << reversed.judgement.verdict.evidence;
  EXPECT_EQ(conversions_of(click.click.id.high).at(0).offer, 1U);
  EXPECT_EQ(store_->offer_counter()->counts(1, world_.clock.wall()).total, 0U);
  EXPECT_EQ(store_->offer_counter()->counts(2, world_.clock.wall()).total, 0U);
}

TEST_P(VisitContract, WhatIsAddedIsThePayoutOfTheConversionsOffer) {
  world_.catalog = catalog_with_offers(R"({"repeat":{"*":"add"}})");
  auto& click = world_.click();
  auto& made = world_.postback(click.click.id);
  ASSERT_OK(commit({&click, &made}));
  world_.clock.advance(std::chrono::minutes{2});
  ASSERT_OK(commit({&cta(click, 2)}));
  auto& more = world_.postback(click.click.id);
  ASSERT_OK(commit({&more}));
  EXPECT_EQ(to_string(more.judgement.verdict.code), "added");
  EXPECT_EQ(conversions_of(click.click.id.high).at(0).payout, 25'000'000) << "twice 12.50, not the 4.00 of the CTA's";
}

TEST_P(VisitContract, AnotherClicksConversionIsOfItsOwnOffer) {
  world_.catalog = catalog_with_offers(R"({"txid_scope":"network"})");
  auto& first = world_.click();
  auto& second = world_.click();
  second.click.offer = 3;
  auto& made = world_.postback(first.click.id, "&txid=A&payout=1");
  ASSERT_OK(commit({&first, &second, &made}));
  auto& reversed = world_.postback(second.click.id, "&txid=A&status=rejected");
  ASSERT_OK(commit({&reversed}));
  EXPECT_EQ(to_string(reversed.judgement.verdict.code), "updated") << reversed.judgement.verdict.evidence;
  EXPECT_EQ(to_string(conversions_of(first.click.id.high).at(0).status), "rejected");
}

TEST_P(VisitContract, OnlySoManyCtasAreLookedAt) {
  world_.catalog = catalog_with_offers();
  auto& click = world_.click();
  std::vector<Item*> items{&click, &cta(click, 2)};
  for (int i = 0; i < 64; ++i) items.push_back(&cta(click, 3));
  ASSERT_OK(commit(items));
  EXPECT_EQ(reader_->click_facts(click.click.id.high).value()->offers, (std::vector<EntityNumber>{3, 1}));
}

TEST_P(VisitContract, SpendIsKeptAndFoundByCampaignAndTime) {
  const auto hour = [](int n) { return TimeMs{std::chrono::hours{n}}; };
  std::vector<SpendEntry> entries(3);
  entries[0] = {.campaign = 1,
                .from = hour(1),
                .to = hour(2),
                .amount = 1'500'000,
                .currency = "USD",
                .note = "a",
                .time = hour(9),
                .actor = "k"};
  entries[1] = {.campaign = 2,
                .from = hour(2),
                .to = hour(4),
                .amount = -5,
                .currency = "EUR",
                .note = {},
                .time = hour(9),
                .actor = "k"};
  entries[2] = {.campaign = 1,
                .from = hour(5),
                .to = hour(6),
                .amount = 7,
                .currency = "USD",
                .note = {},
                .time = hour(9),
                .actor = "k"};
  ASSERT_OK(add_spend(entries));
  EXPECT_LT(entries[0].id, entries[1].id);
  const auto found = reader_->spend({}).value();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[2].id, entries[0].id);
  EXPECT_EQ(found[2].amount, 1'500'000);
  EXPECT_EQ(found[2].note, "a");
  EXPECT_EQ(found[2].from, hour(1));
  EXPECT_EQ(found[1].amount, -5);
  EXPECT_EQ(reader_->spend({.campaign = 1}).value().size(), 2U);
  EXPECT_EQ(reader_->spend({.limit = 2}).value().size(), 2U);
  EXPECT_EQ(reader_->spend({.before = entries[2].id}).value().size(), 2U);
  EXPECT_EQ(reader_->spend({.from = hour(2)}).value().size(), 2U) << "one that ends at from is over";
  EXPECT_EQ(reader_->spend({.from = hour(2), .to = hour(5)}).value().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Stores, VisitContract,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}),
                         [](const auto& tested) { return std::string(tested.param.first); });

}  // namespace
}  // namespace postback

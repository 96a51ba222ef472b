// Caps of offers: fallbacks, their faults, and counting in memory.
#include "postback/domain/offer_caps.hpp"

#include "postback/store/offer_counters.hpp"
#include "support/example_catalog.hpp"
#include "support/fake_clock.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback {
namespace {

std::vector<EntityDocument> offers(const std::vector<std::pair<std::string, std::string>>& members) {
  auto documents = example_documents();
  documents.resize(1);
  EntityNumber number = 0;
  for (const auto& [id, more] : members) {
    documents.push_back(document_of(
        EntityKind::offer, id, R"({"name":"O","network":"acme","url":"https://o.example/")" + more + "}", ++number));
  }
  return documents;
}

constexpr std::int64_t kDay = 86'400'000;

TEST(OfferCaps, FollowFallbacksWhileOffersAreFull) {
  const auto catalog = catalog_of(offers({{"a", R"(,"fallback":"b","caps":{"day":2})"},
                                          {"b", R"(,"fallback":"c","caps":{"total":3})"},
                                          {"c", R"(,"caps":{"month":1})"},
                                          {"d", R"(,"caps":{"day":1})"}}));
  OfferCounters counters;
  const TimeMs now{std::chrono::milliseconds{20'000 * kDay + 5}};
  const auto opened = [&](EntityNumber number) {
    return open_offer(*catalog, *catalog->offer(number), &counters, now).id;
  };
  EXPECT_EQ(opened(1), "a");
  counters.add(1, 20'000, 1);
  EXPECT_EQ(opened(1), "a");
  counters.add(1, 20'000, 1);
  EXPECT_EQ(opened(1), "b");
  counters.add(2, 19'000, 3);
  EXPECT_EQ(opened(1), "c");
  counters.add(3, 20'000, 1);
  EXPECT_EQ(opened(1), "c") << "at the end of the chain the cap no longer matters";
  counters.add(1, 20'000, -1);
  EXPECT_EQ(opened(1), "a") << "a rejected conversion gives its place back";
  counters.add(4, 20'000, 5);
  EXPECT_EQ(opened(4), "d") << "there is nowhere else to go";
  EXPECT_EQ(open_offer(*catalog, *catalog->offer(2), nullptr, now).id, "b");
}

TEST(OfferCaps, ArchivedOffersGiveWayToTheirFallback) {
  auto documents = offers({{"a", R"(,"fallback":"b")"}, {"b", ""}});
  documents[1].archived = true;
  const auto catalog = catalog_of(documents);
  EXPECT_EQ(open_offer(*catalog, *catalog->offer(1), nullptr, TimeMs{}).id, "b");
}

TEST(OfferCaps, NameFaultsOfFallbacks) {
  const std::string to_b = R"(,"fallback":"b")";
  const auto circle = faults_of(offers({{"a", to_b}, {"b", R"(,"fallback":"a")"}}));
  EXPECT_TRUE(has_fault(circle, "offers/a: fallback", "leads back to this offer")) << joined(circle);
  EXPECT_TRUE(has_fault(circle, "offers/b: fallback", "leads back to this offer"));
  const auto into_circle = faults_of(offers({{"a", to_b}, {"b", R"(,"fallback":"c")"}, {"c", to_b}}));
  EXPECT_TRUE(has_fault(into_circle, "offers/a: fallback", "more than 10 offers")) << joined(into_circle);
  auto archived = offers({{"a", to_b}, {"b", ""}});
  archived[2].archived = true;
  EXPECT_TRUE(has_fault(faults_of(archived), "offers/a: fallback", "is archived"));
  std::vector<std::pair<std::string, std::string>> chain;
  for (char id = 'a'; id < 'j'; ++id) {
    chain.emplace_back(std::string(1, id), R"(,"fallback":")" + std::string(1, static_cast<char>(id + 1)) + "\"");
  }
  chain.emplace_back("j", "");
  EXPECT_EQ(joined(faults_of(offers(chain))), "");
  chain.back().second = R"(,"fallback":"k")";
  chain.emplace_back("k", "");
  EXPECT_TRUE(has_fault(faults_of(offers(chain)), "offers/a: fallback", "more than 10 offers"));
}

TEST(OfferCaps, CountersKnowTodayThisMonthAndAll) {
  OfferCounters counters;
  const auto on = [](std::int64_t day) { return TimeMs{std::chrono::milliseconds{day * kDay}}; };
  counters.add(7, 20'453, 2);  // 2025-12-31
  counters.add(7, 20'454, 3);  // 2026-01-01
  counters.add(7, 20'460, 4);
  const OfferCounts counts = counters.counts(7, on(20'460));
  EXPECT_EQ(counts.day, 4U);
  EXPECT_EQ(counts.month, 7U);
  EXPECT_EQ(counts.total, 9U);
  EXPECT_EQ(counters.counts(7, on(20'461)).day, 0U);
  EXPECT_EQ(counters.counts(7, on(20'485)).month, 0U) << "February";
  counters.add(7, 20'454, -1);
  EXPECT_EQ(counters.counts(7, on(20'460)).total, 8U);
  EXPECT_EQ(counters.counts(8, on(20'460)).total, 0U);
  EXPECT_EQ(counters.counts(4'000'000'000, on(20'460)).total, 0U);
  counters.add(4'000'000'000, 20'460, 1);
}

TEST(OfferCaps, AConversionOverTheCapCountsWithAWarning) {
  Reading reading = read_query("&payout=1");
  auto documents = example_documents();
  documents[1].json = R"({"name":"V","network":"acme","url":"https://o.example/","caps":{"day":2}})";
  reading.catalog = catalog_of(documents);
  reading.network = reading.catalog->network("acme");
  Facts facts;
  facts.click = ClickFacts{.id = reading.click_id.high, .offer = 1};
  facts.offer_counts = OfferCounts{.day = 1, .month = 1, .total = 1};
  EXPECT_EQ(joined(judge(reading, facts).verdict.warnings).find("cap"), std::string::npos);
  facts.offer_counts = OfferCounts{.day = 2, .month = 2, .total = 2};
  const Judgement judgement = judge(reading, facts);
  EXPECT_EQ(judgement.verdict.code, VerdictCode::converted);
  EXPECT_TRUE(judgement.creates);
  EXPECT_NE(joined(judgement.verdict.warnings).find("cap `day`"), std::string::npos);
}

}  // namespace
}  // namespace postback

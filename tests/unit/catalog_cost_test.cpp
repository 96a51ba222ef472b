// Cost models: what they make of the cost of one click, and what campaigns take from their source.
#include "support/example_catalog.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

struct CostRow {
  const char* source;
  const char* campaign;
  CostModel model;
  std::optional<Micros> click;
  const char* currency;
};

TEST(CatalogCost, GivesTheCostOfAClickWhereItIsKnown) {
  const char* const none = R"({"model":"none","amount":null,"currency":null})";
  const char* const cpm = R"({"model":"cpm","amount":"2.50","currency":"EUR"})";
  for (const auto& row : std::vector<CostRow>{
           {none, none, CostModel::none, {}, ""},
           {none, R"({"model":"none","amount":null,"currency":"USD"})", CostModel::none, {}, "USD"},
           {none, R"({"model":"cpc","amount":"0.05","currency":"USD"})", CostModel::cpc, 50'000, "USD"},
           {none, R"({"model":"cpc","amount":"0","currency":"USD"})", CostModel::cpc, 0, "USD"},
           {none, cpm, CostModel::cpm, 2'500, "EUR"},
           {none, R"({"model":"cpm","amount":"0.0005","currency":"EUR"})", CostModel::cpm, 0, "EUR"},
           {none, R"({"model":"cpm","amount":"0.0015","currency":"EUR"})", CostModel::cpm, 2, "EUR"},
           {none, R"({"model":"cpm","amount":"2","currency":"EUR","per":"clicks"})", CostModel::cpm, 2'000, "EUR"},
           {none, R"({"model":"cpm","amount":"2","currency":"EUR","per":"impressions"})", CostModel::cpm, {}, "EUR"},
           {none, R"({"model":"cpa","amount":"8","currency":"EUR"})", CostModel::cpa, {}, "EUR"},
           {none, R"({"model":"revshare","amount":"0.3","currency":null})", CostModel::revshare, {}, ""},
           {cpm, none, CostModel::cpm, 2'500, "EUR"},
           {cpm, R"({"model":"cpc","amount":"0.05","currency":"USD"})", CostModel::cpc, 50'000, "USD"},
       }) {
    auto documents = patched_example(EntityKind::campaign, "{\"cost\":" + std::string(row.campaign) + "}");
    for (auto& document : documents) {
      if (document.kind == EntityKind::source) document.json.insert(1, "\"cost\":" + std::string(row.source) + ",");
    }
    const auto catalog = catalog_of(documents);
    const Campaign* const campaign = catalog->campaign("summer");
    EXPECT_EQ(campaign->cost_terms.model, row.model) << row.campaign;
    EXPECT_EQ(campaign->cpc, row.click) << row.campaign;
    EXPECT_EQ(campaign->cost_currency, row.currency) << row.campaign;
  }
}

}  // namespace
}  // namespace postback

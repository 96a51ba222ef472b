// Cost models: checked when the document is read, and brought down to the cost of one click where there is one.
#include "domain/catalog_cost.hpp"

#include <array>
#include <utility>

namespace postback {
namespace {

constexpr Micros kWhole = 1'000'000;
constexpr Micros kPerThousand = 1'000;

/// In the order of CostModel.
constexpr std::array<std::string_view, 5> kModels{"none", "cpc", "cpm", "cpa", "revshare"};
constexpr std::array<std::string_view, 5> kUnits{"", "one click", "1,000 clicks or impressions", "one conversion", ""};

CostModel read_model(ObjectReader& cost) {
  const std::string text = cost.choice("model", "none", {"cpc", "cpm", "cpa", "revshare", "none"});
  for (std::size_t i = 0; i < kModels.size(); ++i) {
    if (kModels[i] == text) return static_cast<CostModel>(i);
  }
  return CostModel::none;
}

void check_terms(ObjectReader& cost, const CostTerms& terms) {
  const std::string unit(kUnits[static_cast<std::size_t>(terms.model)]);
  if (terms.model == CostModel::none) {
    if (terms.amount) {
      cost.fault("amount", "has no meaning without a cost model", "set \"model\" to \"cpc\", or leave the amount out");
    }
  } else if (terms.model == CostModel::revshare) {
    if (!terms.amount || *terms.amount > kWhole) {
      cost.fault("amount", terms.amount ? "is more than the whole payout" : "is missing",
                 "the source's share of each payout as a fraction, such as \"0.30\" for 30 percent");
    }
  } else {
    if (!terms.amount) {
      cost.fault("amount", "is missing", "the cost of " + unit + " as decimal text, such as \"0.05\"");
    }
    if (terms.currency.empty()) cost.fault("currency", "is missing", "an ISO 4217 code, such as \"USD\"");
  }
}

/// Half-even, as all sums are rounded.
Micros divided_by_thousand(Micros amount) {
  const Micros quotient = amount / kPerThousand;
  const Micros rest = amount % kPerThousand;
  const bool up = 2 * rest > kPerThousand || (2 * rest == kPerThousand && quotient % 2 != 0);
  return up ? quotient + 1 : quotient;
}

/// What one click costs; nothing where that is known only later, or counted in impressions.
std::optional<Micros> click_cost(const CostTerms& terms) {
  if (terms.model == CostModel::cpc) return terms.amount;
  if (terms.model != CostModel::cpm || terms.per_impression || !terms.amount) return std::nullopt;
  return divided_by_thousand(*terms.amount);
}

}  // namespace

Json read_cost(ObjectReader& reader, CostTerms& terms, const DeclaredCurrencies& declared, bool archived) {
  const Json& object = reader.object("cost");
  ObjectReader cost(object, reader.path_of("cost."), reader.faults());
  terms.model = read_model(cost);
  const std::size_t faults_before = reader.faults().size();
  terms.amount = cost.amount("amount");
  terms.currency = cost.currency("currency", declared, archived);
  if (reader.faults().size() == faults_before) check_terms(cost, terms);
  const bool counts = cost.find("per") != nullptr;
  terms.per_impression = cost.choice("per", "clicks", {"clicks", "impressions"}) == "impressions";
  if (counts && terms.model != CostModel::cpm) {
    cost.fault("per", "has no meaning without the model cpm", "leave it out, or set \"model\" to \"cpm\"");
  }
  cost.finish();
  Json canonical{{"model", kModels[static_cast<std::size_t>(terms.model)]},
                 {"amount", terms.amount ? Json(format_decimal(*terms.amount)) : Json(nullptr)},
                 {"currency", text_or_null(terms.currency)}};
  if (terms.model == CostModel::cpm) canonical["per"] = terms.per_impression ? "impressions" : "clicks";
  return canonical;
}

void settle_cost(Campaign& campaign, const CostTerms& own) {
  const bool inherits = own.model == CostModel::none && campaign.source != nullptr;
  const CostTerms& terms = inherits ? campaign.source->cost_terms : own;
  campaign.cost_terms = terms;
  if (!own.currency.empty() && terms.model == CostModel::none) campaign.cost_terms.currency = own.currency;
  campaign.cost_currency = campaign.cost_terms.currency;
  campaign.cpc = click_cost(terms);
}

}  // namespace postback

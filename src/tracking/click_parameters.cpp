// Reads a link's parameters into the click.
#include "tracking/click_parameters.hpp"

#include "domain/macro_syntax.hpp"
#include "postback/base/json_text.hpp"
#include "postback/base/percent.hpp"

namespace postback {

namespace {

void append_extra(std::string& extra, const Parameter& parameter) {
  const auto before = extra.size();
  if (!extra.empty()) extra += '&';
  append_percent_encoded(extra, parameter.name);
  extra += '=';
  append_percent_encoded(extra, parameter.value);
  if (extra.size() > kLongestExtra) extra.resize(before);  // whole parameters or none
}

/// `catalog` may be null. Archived currencies count: the source goes on charging in them.
bool is_known_currency(std::string_view code, const Catalog* catalog) {
  static const DeclaredCurrencies kNone;
  return currency_state(code, catalog != nullptr ? catalog->currencies() : kNone) != CurrencyState::unknown;
}

constexpr unsigned kExternalIdSlot = 0;
constexpr unsigned kCostSlot = 1;
constexpr unsigned kFirstSubSlot = 2;

/// The parameter that counts as the source's click ID: of those that have a value, the one that the source names first;
/// one that nobody filled in only where there is no other. Null: there is none.
const Parameter* find_external_id(const Source& source, const Parameters& parameters) {
  const Parameter* unfilled = nullptr;
  for (const std::string& name : source.external_id) {
    for (const Parameter& parameter : parameters.all()) {
      if (parameter.name != name || parameter.value.empty()) continue;
      if (source.external_id.size() == 1 || !find_macro(parameter.value)) return &parameter;
      if (unfilled == nullptr) unfilled = &parameter;
    }
  }
  return unfilled;
}

/// Where `text` is no sum, the campaign's cost model counts.
void settle_cost(std::string_view text, ClickExchange& state) {
  const auto cost = read_decimal(text);
  const bool known_currency = cost.currency.empty() || is_known_currency(cost.currency, state.catalog);
  if (!cost.has_value() || cost.micros < 0 || !known_currency) return;
  state.click.cost = cost.micros;
  if (!cost.currency.empty()) state.click.cost_currency = state.slugs = cost.currency;
}

std::string_view bounded(std::string_view value, TrackingFigures& figures) {
  if (value.size() <= kLongestValue) return value;
  figures.values_cut.fetch_add(1, std::memory_order_relaxed);
  return utf8_prefix(value, kLongestValue);
}

}  // namespace

void map_parameters(const Campaign& campaign, ClickExchange& state, TrackingFigures& figures) {
  Click& click = state.click;
  state.extra.clear();
  const Source* const source = campaign.source;
  const Parameter* const external_id = source != nullptr ? find_external_id(*source, state.parameters) : nullptr;
  if (external_id != nullptr) {
    click.external_id = bounded(external_id->value, figures);
    if (source->external_id.size() > 1) click.external_name = external_id->name;
  }
  bool cost_seen = false;
  for (const Parameter& parameter : state.parameters.all()) {
    const auto slot = source != nullptr ? source->slots.find(parameter.name) : StringMap<unsigned>::const_iterator{};
    if (source == nullptr || slot == source->slots.end()) {
      append_extra(state.extra, parameter);
    } else if (slot->second == kExternalIdSlot) {
      if (&parameter != external_id) append_extra(state.extra, parameter);
    } else if (slot->second == kCostSlot) {
      append_extra(state.extra, parameter);
      if (!cost_seen) settle_cost(parameter.value, state);
      cost_seen = true;
    } else if (auto& sub = click.sub[slot->second - kFirstSubSlot]; sub.empty()) {
      sub = bounded(parameter.value, figures);
    } else {
      append_extra(state.extra, parameter);
    }
  }
  click.extra = state.extra;
}

void settle_currency(const Campaign& campaign, const Offer& offer, ClickExchange& state) {
  Click& click = state.click;
  if (!click.cost || !click.cost_currency.empty() || !campaign.cost_currency.empty()) return;
  if (offer.currency.empty()) {
    click.cost.reset();
  } else {
    click.cost_currency = state.slugs = offer.currency;
  }
}

}  // namespace postback

// A catalog with destinations, a click and a conversion, for tests of planning and rendering.
#pragma once

#include "postback/domain/click_id.hpp"
#include "postback/domain/delivery.hpp"
#include "support/example_catalog.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace postback {

/// 2026-01-01T00:00:00Z.
inline constexpr TimeMs kNewYear{std::chrono::seconds{1'767'225'600}};

inline ClickIdKeys outgoing_keys() { return ClickIdKeys({{TimeMs{}, {1, 2, 3}}}); }

/// The example with destinations, numbered from 1 in their order. ID and document.
inline std::shared_ptr<const Catalog> catalog_with(
    const std::vector<std::pair<std::string, std::string>>& destinations) {
  auto documents = example_documents();
  for (const auto& [id, json] : destinations) documents.push_back(document_of(EntityKind::destination, id, json));
  return catalog_of(std::move(documents));
}

/// A click of the example's campaign an hour before the new year, and its conversion at it.
inline DeliveryFacts example_facts() {
  DeliveryFacts facts;
  StoredClick click;
  click.id = make_snowflake(kNewYear - std::chrono::hours(1), 1, 7);
  click.campaign = click.offer = click.source = 1;
  click.external_id = "EXT 1";
  click.sub[0] = "z9";
  click.extra = "fbclid=FB_1.x&gclid=G-1&ttclid=TT";
  click.ip = "203.0.113.7";
  click.user_agent = "Mozilla/5.0 (X11)";
  click.referrer = "https://ads.example/?a=1";
  click.country = "DE";
  click.cost = 70'000;
  Conversion conversion;
  conversion.id = make_snowflake(kNewYear, 1, 8);
  conversion.click = click.id;
  conversion.number = 2;
  conversion.event = "sale";
  conversion.txid = "A&1";
  conversion.original_status = "ok";
  conversion.payout = 12'500'000;
  conversion.currency = "USD";
  conversion.time = conversion.updated = kNewYear;
  conversion.revision = 1;
  facts.offer = 1;
  facts.click = std::move(click);
  facts.conversion = std::move(conversion);
  return facts;
}

/// What tells of the facts' conversion.
inline Occurrence occurrence_of(const DeliveryFacts& facts, Trigger kind = Trigger::conversion) {
  Occurrence occurrence;
  occurrence.id = make_snowflake(kNewYear, 1, 9);
  occurrence.kind = kind;
  occurrence.time = kNewYear;
  if (facts.click) occurrence.click = facts.click->id;
  const bool of_conversion = kind == Trigger::conversion || kind == Trigger::status_change;
  if (of_conversion && facts.conversion) {
    occurrence.conversion = facts.conversion->id;
    occurrence.conversion_revision = facts.conversion->revision;
  }
  return occurrence;
}

}  // namespace postback

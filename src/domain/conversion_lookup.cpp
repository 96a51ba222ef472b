// What a store looks up for a reading, by the policies of its network.
#include "postback/domain/conversion_lookup.hpp"

namespace postback {

bool counts_each(const Reading& reading) {
  return reading.txid.empty() && reading.network->repeat_policy(reading.event) == RepeatPolicy::new_;
}

bool resends_by_time(const Reading& reading) {
  if (!reading.txid.empty()) return false;
  const auto policy = reading.network->repeat_policy(reading.event);
  return policy == RepeatPolicy::add || policy == RepeatPolicy::new_;
}

bool rejects_newest(const Reading& reading) {
  return counts_each(reading) && reading.status == ConversionStatus::rejected;
}

bool changed_since(const Reading& reading, const ClickFacts& click, const Offer& offer) {
  const EntityDocument* document = reading.catalog->document(EntityKind::offer, offer.id);
  return document != nullptr && document->revision > click.revision;
}

void settle_offer(const Reading& reading, ClickFacts& click) {
  if (reading.network == nullptr) return;
  EntityNumber perhaps = 0;
  for (const EntityNumber number : click.offers) {
    const Offer* const offer = reading.catalog->offer(number);
    if (offer == nullptr) continue;
    // By number: the networks of two snapshots are different objects.
    if (offer->network->number == reading.network->number) {
      click.offer = number;
      return;
    }
    if (perhaps == 0 && changed_since(reading, click, *offer)) perhaps = number;
  }
  if (perhaps != 0) click.offer = perhaps;
}

bool needs_click_row(const Reading& reading) {
  return reading.network != nullptr && !reading.network->policies.rules.empty();
}

std::optional<TxidOwner> txid_owner(const Reading& reading, const ClickFacts& click) {
  const TxidScope scope = reading.network->policies.txid_scope;
  if (reading.txid.empty() || scope == TxidScope::click) return std::nullopt;
  const EntityNumber number = scope == TxidScope::offer ? click.offer : reading.network->number;
  if (number == 0) return std::nullopt;
  return TxidOwner{scope, number};
}

}  // namespace postback

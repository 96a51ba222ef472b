// Which stored conversions a reading speaks of: what a store looks up before it is judged.
#pragma once

#include "postback/domain/matcher.hpp"

#include <optional>

namespace postback {

/// Whether the event's policy is `new` and there is no transaction ID: each such postback is a conversion of its own.
bool counts_each(const Reading& reading);

/// Whether time tells a resend, not what the postback says: without a transaction ID under `add` and `new`, where two
/// sales may say the same.
bool resends_by_time(const Reading& reading);

/// Whether it is a rejection that names none of several conversions: it means Facts::newest.
bool rejects_newest(const Reading& reading);

/// Which of the click's offers a new conversion of this reading would belong to: the newest one of the network that
/// calls, else the newest that was of another network perhaps, since it was changed after the click; else ClickFacts::
/// offer stays. To be called before anything is looked up or judged by that offer; a repeat changes nothing.
void settle_offer(const Reading& reading, ClickFacts& click);

/// Whether the offer was changed after the click, so that its network may have been another one then.
bool changed_since(const Reading& reading, const ClickFacts& click, const Offer& offer);

/// Whether rules will look at the whole row of the click: ClickFacts::row is to be filled.
bool needs_click_row(const Reading& reading);

/// Who a transaction ID belongs to under a wider scope than the click.
struct TxidOwner {
  TxidScope scope = TxidScope::offer;
  EntityNumber number = 0;  ///< Of the offer or network.
};
/// Nothing without a transaction ID, where its scope is the click, or where the click has no offer.
std::optional<TxidOwner> txid_owner(const Reading& reading, const ClickFacts& click);

}  // namespace postback

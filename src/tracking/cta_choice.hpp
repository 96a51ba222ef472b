// Which offer a lander's CTA leads to.
#pragma once

#include "postback/domain/catalog.hpp"

namespace postback {

/// The offer for a CTA of this click: the `wanted`-th of the click's path, from 1, or (0, or more than there are) the
/// one that was chosen by weight when the click was recorded. A pure function of the click, `wanted` and the catalog.
/// Where path or offer have changed since, the path that has the click's offer now, else the campaign's choice of
/// today; an archived offer gives way to its fallback. Null: nothing is left to send the visitor to.
const Offer* choose_cta_offer(const Catalog& catalog, const Campaign* campaign, const StoredClick& click,
                              const ClickId& id, std::size_t wanted);

/// The same for a click that is nowhere to be found: the campaign's choice for this ID, as far as it can be told
/// without its visitor.
const Offer* choose_cta_offer(const Catalog& catalog, const Campaign& campaign, const ClickId& id, std::size_t wanted);

}  // namespace postback

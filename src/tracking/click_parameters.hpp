// What the parameters of a tracking link say of a click.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/tracking/tracking.hpp"
#include "tracking/click_handler.hpp"

namespace postback {

/// Gives each query parameter its place: the source's names, else `extra`, which has all that stands nowhere else as it
/// came: so what is made of a click later has what its request had. The first of a name wins.
void map_parameters(const Campaign& campaign, ClickExchange& state, TrackingFigures& figures);

/// A link's cost that neither names its currency nor has the campaign's is in the offer's, which may be its network's.
/// Where there is none either it is no money.
void settle_currency(const Campaign& campaign, const Offer& offer, ClickExchange& state);

}  // namespace postback

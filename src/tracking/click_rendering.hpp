// Filling in the URL of an offer or a lander for one click.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/click.hpp"
#include "postback/domain/visitor.hpp"
#include "postback/tracking/tracking.hpp"

#include <string>

namespace postback {

/// What templates speak of. All of it must outlive the rendering.
struct RenderedVisit {
  const Campaign& campaign;
  const Offer& offer;              ///< Of the click, also where the URL is a lander's.
  const Lander* lander = nullptr;  ///< Null: there is none.
  const Click& click;              ///< Its ID, cost, external ID and sub-IDs. Without an ID {clickid} stays empty.
  const Visitor& visitor;          ///< The rest: its time is {timestamp}, its query {query.NAME}.
};

/// Replaces `location` by `url` with every token filled in; with {clickid} only when it would exceed kLongestLocation,
/// which is counted.
void render_location(const UrlTemplate& url, const RenderedVisit& visit, TrackingFigures& figures,
                     std::string& location);

}  // namespace postback

// Deep links: a visitor's link names the page of an offer's site to go to.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/parameters.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postback {

/// The page that a link to this campaign names, for an offer that has hosts of its own. Whether it may lead there is
/// not looked at yet.
std::optional<std::string_view> deep_link(const Campaign& campaign, const Offer& offer, const Parameters& parameters);

/// Whether a visitor may go to `url` in place of the offer's own: one of the offer's hosts, https, and the click ID can
/// be added, since the network has a parameter for it that the URL does not have already.
bool may_deep_link(std::string_view url, const Offer& offer);

/// Replaces `location` by `url` with the click ID added to its query.
void write_deep_link(std::string_view url, std::string_view click_parameter, std::string_view click_id,
                     std::string& location);

}  // namespace postback

// Deep links: a visitor's link names the page of an offer's site to go to.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/parameters.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postback {

/// The parameter of a tracking link that names the page.
inline constexpr std::string_view kDeepLinkParameter = "url";

/// Whether a visitor may go to `url` in place of the offer's own: one of the offer's hosts, https, and the click ID can
/// be added, since the network has a parameter for it that the URL does not have already.
bool may_deep_link(std::string_view url, const Offer& offer);

/// Replaces `location` by `url` with the click ID added to its query.
void write_deep_link(std::string_view url, std::string_view click_parameter, std::string_view click_id,
                     std::string& location);

}  // namespace postback

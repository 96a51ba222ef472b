// Checks a stranger's URL against the offer and adds the click ID to it.
#include "domain/deep_link.hpp"

#include "domain/web_addresses.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>

namespace postback {
namespace {

/// The parameter of a tracking link that names the page.
constexpr std::string_view kPageParameter = "url";

/// The part between `?` and `#`.
std::string_view query_of(std::string_view url) {
  const auto whole = url.substr(0, url.find('#'));
  const auto mark = whole.find('?');
  return mark == std::string_view::npos ? std::string_view() : whole.substr(mark + 1);
}

}  // namespace

std::optional<std::string_view> deep_link(const Campaign& campaign, const Offer& offer, const Parameters& parameters) {
  if (offer.hosts.empty()) return std::nullopt;
  const auto page = parameters.find(kPageParameter);
  if (!page || (campaign.source != nullptr && campaign.source->slots.contains(kPageParameter))) return std::nullopt;
  return page;
}

bool may_deep_link(std::string_view url, const Offer& offer) {
  if (offer.network->click_param.empty() || !is_allowed_target(url, offer.hosts)) return false;
  Parameters parameters;
  parameters.add_query(query_of(url));
  return !parameters.find(offer.network->click_param);
}

void write_deep_link(std::string_view url, std::string_view click_parameter, std::string_view click_id,
                     std::string& location) {
  const auto end = std::min(url.find('#'), url.size());
  const auto query = query_of(url);
  location.assign(url.substr(0, end));
  if (url.substr(0, end).find('?') == std::string_view::npos) {
    location += '?';
  } else if (!query.empty() && !query.ends_with('&')) {
    location += '&';
  }
  append_percent_encoded(location, click_parameter);
  location.append(1, '=').append(click_id).append(url.substr(end));
}

}  // namespace postback

// Adds the click ID to an offer's URL in the network's own way.
#include "domain/offer_link.hpp"

#include "domain/catalog_entities.hpp"
#include "domain/network_profile.hpp"

namespace postback {
namespace {

/// A click ID that is no parameter of its own: only the user knows what stands around it.
void ask_for_form(ObjectReader& reader, const std::string& text, const Network& network,
                  const NetworkProfile& profile) {
  if (profile.link_style == LinkStyle::suffix) {
    const auto value = query_value(text, profile.click_param);
    reader.fault("url",
                 "has no {clickid}: " + profile.name + " takes the click ID behind a dot in " + profile.click_param +
                     ", so it cannot be added by itself",
                 value ? "set " + profile.click_param + "=" + *value + ".{clickid}"
                       : "a URL that looks like " + profile.link_form);
    return;
  }
  reader.fault("url",
               "has no {clickid}: " + profile.name +
                   " takes the click ID as a part of the path, so it cannot be added "
                   "by itself (network \"" +
                   network.id + "\")",
               "a URL that looks like " + profile.link_form);
}

}  // namespace

std::optional<std::string> with_click_id(ObjectReader& reader, const std::string& text, const Network& network) {
  const auto* const profile = profile_of(network);
  // A click parameter of the document's own is a query parameter.
  if (profile != nullptr && !profile->link_form.empty() && network.click_param == profile->click_param) {
    ask_for_form(reader, text, network, *profile);
    return std::nullopt;
  }
  if (network.click_param.empty()) {
    reader.fault(
        "url",
        "has no {clickid} in its path or query, and network \"" + network.id + "\" has no click_param to carry it",
        "put {clickid} where the network expects its sub-ID, as in ?sub1={clickid}, or set the network's click_param");
    return std::nullopt;
  }
  if (const auto value = query_value(text, network.click_param)) {
    const bool pairs = profile != nullptr && profile->link_style == LinkStyle::pairs;
    reader.fault("url",
                 "sets " + network.click_param + " to \"" + *value + "\", but that parameter must carry the click ID",
                 "set " + network.click_param + "={clickid}" + (pairs && !value->empty() ? "|" + *value : ""));
    return std::nullopt;
  }
  return append_click_parameter(text, network.click_param);
}

}  // namespace postback

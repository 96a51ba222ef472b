// Finds the slug that was probably meant.
#include "domain/postback_network.hpp"

#include "domain/nearest_name.hpp"

#include <algorithm>
#include <vector>

namespace postback {
namespace {

/// The slug that was probably meant, the first by name of several; empty if none is near.
std::string_view nearest_network(const Catalog& catalog, std::string_view segment) {
  std::vector<std::string_view> slugs;
  slugs.reserve(catalog.networks().size());
  for (const auto& [id, network] : catalog.networks()) slugs.emplace_back(id);
  std::sort(slugs.begin(), slugs.end());
  return nearest_name(segment, slugs);
}

/// The longest slug that a segment with parameters in it starts with (`acmetoken=...&click_id=...`); empty if none.
std::string_view glued_network(const Catalog& catalog, std::string_view segment) {
  std::string_view longest;
  if (segment.find_first_of("=&") == std::string_view::npos) return longest;
  for (const auto& [id, network] : catalog.networks()) {
    if (id.size() > longest.size() && segment.starts_with(id)) longest = id;
  }
  return longest;
}

}  // namespace

std::string explain_unknown_network(const Catalog& catalog, std::string_view segment) {
  const auto slug_end = std::min(segment.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-"), segment.size());
  const auto slug = segment.substr(0, slug_end);
  if (slug_end < segment.size() && catalog.network(slug) != nullptr) {
    const std::string url = "`/postback/" + std::string(slug) + "?`";
    if (segment[slug_end] == '/') {
      return "Behind the network's name the path has more than one event: write " + url + " or `/postback/" +
             std::string(slug) + "/EVENT?` and then the parameters.";
    }
    if (segment[slug_end] == '?') {
      return "The `?` behind the network's name arrived percent-encoded: write " + url + " with a plain `?`.";
    }
    return "The `?` behind the network's name is missing: write " + url + " and then the parameters.";
  }
  if (const auto glued = glued_network(catalog, segment); !glued.empty()) {
    return "The `?` behind the network's name is missing: write `/postback/" + std::string(glued) +
           "?` and then the parameters.";
  }
  if (const auto nearest = nearest_network(catalog, segment); !nearest.empty()) {
    return "Did you mean `/postback/" + std::string(nearest) + "`? Correct the postback URL at the network.";
  }
  return "Correct the network's name in the postback URL, or create the network here under this name.";
}

}  // namespace postback

// Plays affiliate networks.
#include "support/played_network.hpp"

#include <algorithm>
#include <stdexcept>

namespace postback::testing {
namespace {

/// The name between marks at `at`, if it has a value; moves `at` behind the token then.
const std::string* token_at(std::string_view url, std::size_t& at, const std::vector<TokenMarks>& marks,
                            const std::map<std::string, std::string>& values) {
  for (const auto& [open, close] : marks) {
    if (url.substr(at, open.size()) != open) continue;
    const auto end = url.find(close, at + open.size());
    if (end == std::string_view::npos) continue;
    const auto value = values.find(std::string(url.substr(at + open.size(), end - at - open.size())));
    if (value == values.end()) continue;
    at = end + close.size();
    return &value->second;
  }
  return nullptr;
}

}  // namespace

std::string fill_tokens(std::string_view url, const std::vector<TokenMarks>& marks,
                        const std::map<std::string, std::string>& values) {
  std::string filled;
  for (std::size_t at = 0; at < url.size();) {
    if (const auto* value = token_at(url, at, marks, values))
      filled += *value;
    else
      filled += url[at++];
  }
  return filled;
}

PlayedNetwork::PlayedNetwork(const Json& golden)
    : golden_(golden),
      said_{{"payout", "1.50"}, {"currency", "USD"}, {"txid", "T-1"}, {"event", "sale"}, {"status", "approved"}} {
  for (const auto& pair : golden.value("syntaxes", Json::array()))
    marks_.push_back({pair.at(0).get<std::string>(), pair.at(1).get<std::string>()});
  std::stable_sort(marks_.begin(), marks_.end(),
                   [](const auto& a, const auto& b) { return a.open.size() > b.open.size(); });
  const Json names = golden.value("names", Json::object());
  for (const auto& [theirs, ours] : names.items()) names_.emplace(theirs, ours.get<std::string>());
  said_["status"] = golden.value("approved", "approved");
}

void PlayedNetwork::visit(std::string_view location) {
  const auto link =
      golden_.at("link").is_null() ? golden_.at("offer").get<std::string>() : golden_.at("link").get<std::string>();
  const std::string place = "{clickid}";
  const auto at = link.find(place);
  if (at == std::string::npos) throw std::invalid_argument("the golden link has no {clickid}");
  const auto rest = link.size() - at - place.size();
  said_["click_id"] = std::string(location.substr(at, location.size() - at - rest));
}

std::string PlayedNetwork::requested_url(std::string_view postback_url) const {
  std::map<std::string, std::string> values;
  for (const auto& [theirs, ours] : names_) values.emplace(theirs, said_.at(ours));
  return fill_tokens(postback_url, marks_, values);
}

std::string PlayedNetwork::posted_body() const {
  if (!golden_.contains("json")) return {};
  Json body = Json::object();
  for (const auto& [ours, theirs] : golden_.at("json").items()) body[theirs.get<std::string>()] = said_.at(ours);
  return body.dump();
}

}  // namespace postback::testing

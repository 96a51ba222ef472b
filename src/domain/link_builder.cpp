// Builds the links of a campaign and says what is missing for those that cannot be built.
#include "postback/domain/link_builder.hpp"

#include "domain/campaign_offers.hpp"
#include "domain/network_profile.hpp"
#include "domain/postback_link.hpp"
#include "domain/tracking_link.hpp"

#include <algorithm>
#include <iterator>

namespace postback {
namespace {

std::string ids_of(const std::vector<const Network*>& networks) {
  std::string text;
  for (const auto* network : networks) (text.empty() ? text : text.append(", ")).append(network->id);
  return text;
}

class LinkBuilder {
 public:
  LinkBuilder(const Campaign& campaign, const LinkRequest& request, const LinkReader& reader)
      : campaign_(campaign), request_(request), reader_(reader), networks_(networks_of(campaign)) {}

  Links build(const Network* asked) {
    if (reader_.base_url.empty()) {
      missing("http.public_url", "is not configured, and this request has no Host header to take its place",
              "scheme and host that visitors reach this server at, such as https://t.example");
    }
    build_tracking_link(campaign_, request_, reader_.base_url, links_);
    if (const auto* network = choose_network(asked)) {
      links_.postback = postback_links(*network, request_.event);
      std::copy(links_.postback.notes.begin(), links_.postback.notes.end(), std::back_inserter(links_.notes));
      std::copy(links_.postback.missing.begin(), links_.postback.missing.end(), std::back_inserter(links_.missing));
    }
    build_all(asked);
    if (reader_.base_url.empty()) clear_urls();
    return std::move(links_);
  }

 private:
  PostbackLinks postback_links(const Network& network, std::string_view event) {
    return build_postback_links(
        {campaign_, network, event, reader_, !links_.test_link.empty() && is_served_by(network)});
  }

  const Network* choose_network(const Network* asked);

  /// Each network that is not archived with each event: the one asked for, those it lists, or none in the path.
  void build_all(const Network* asked) {
    const auto networks = asked != nullptr ? std::vector<const Network*>{asked} : networks_;
    for (const auto* network : networks) {
      if (network->archived) continue;
      add_caution(*network);
      std::vector<std::string> events = network->policies.events;
      if (!request_.event.empty()) events = {request_.event};
      if (events.empty()) events.emplace_back();
      for (const auto& event : events) links_.all.push_back(postback_links(*network, event));
    }
  }

  void add_caution(const Network& network) {
    const auto* const profile = profile_of(network);
    if (profile == nullptr) return;
    if (const auto warning = caution(profile->origin); !warning.empty())
      links_.cautions.push_back(profile->name + ": " + warning);
  }

  void clear_urls() {
    links_.tracking_link.clear();
    links_.test_link.clear();
    clear_urls(links_.postback);
    for (auto& links : links_.all) clear_urls(links);
  }
  static void clear_urls(PostbackLinks& links) {
    links.postback_url.clear();
    links.status_urls.clear();
    links.test_postback.clear();
  }

  bool is_served_by(const Network& network) const {
    return std::find(networks_.begin(), networks_.end(), &network) != networks_.end();
  }
  void missing(std::string field, std::string problem, std::string expected) {
    links_.missing.push_back({std::move(field), std::move(problem), std::move(expected)});
  }

  const Campaign& campaign_;
  const LinkRequest& request_;
  const LinkReader& reader_;
  const std::vector<const Network*> networks_;
  Links links_;
};

const Network* LinkBuilder::choose_network(const Network* asked) {
  if (asked == nullptr && networks_.size() != 1) {
    missing("network", "was not chosen, and the campaign's offers belong to several", "one of: " + ids_of(networks_));
    return nullptr;
  }
  const auto* network = asked != nullptr ? asked : networks_.front();
  if (network->archived) {
    missing("networks/" + network->id, "is archived", "a network that is not");
    return nullptr;
  }
  if (!is_served_by(*network)) {
    missing("network", "has no offer in campaign " + campaign_.id + ", so no click of it will reach " + network->name,
            "one of: " + ids_of(networks_));
  }
  return network;
}

}  // namespace

std::variant<Links, Faults> build_links(const Catalog& catalog, const LinkRequest& request, const LinkReader& reader) {
  Faults faults;
  const auto* campaign = catalog.campaign(request.campaign);
  const auto* network = request.network.empty() ? nullptr : catalog.network(request.network);
  if (campaign == nullptr) {
    faults.push_back({"campaign", "there is no campaign with the ID \"" + request.campaign + "\"",
                      "an ID of the list at /api/v1/campaigns"});
  }
  if (!request.network.empty() && network == nullptr) {
    faults.push_back({"network", "there is no network with the ID \"" + request.network + "\"",
                      "an ID of the list at /api/v1/networks"});
  }
  if (!faults.empty()) return faults;
  return LinkBuilder(*campaign, request, reader).build(network);
}

}  // namespace postback

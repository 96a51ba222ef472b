// Builds the links of a campaign and says what is missing for those that cannot be built.
#include "postback/domain/link_builder.hpp"

#include "domain/link_placeholders.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>
#include <array>

namespace postback {
namespace {

constexpr std::string_view kTestClick = "REPLACE_WITH_CLICK_ID_OF_TEST_LINK";

/// Writes a query after an address.
class Query {
 public:
  explicit Query(std::string& url) : url_(url) {}
  /// `value` as it stands: a placeholder.
  void raw(std::string_view name, std::string_view value) { start(name) += value; }
  void text(std::string_view name, std::string_view value) { append_percent_encoded(start(name), value); }

 private:
  std::string& start(std::string_view name) {
    url_ += first_ ? '?' : '&';
    first_ = false;
    append_percent_encoded(url_, name);
    return url_ += '=';
  }
  std::string& url_;
  bool first_ = true;
};

/// A parameter that the source fills in.
struct SourceParameter {
  std::string_view name;
  std::string meaning;
  std::string example;
};

std::vector<SourceParameter> parameters_of(const Source& source) {
  std::vector<SourceParameter> all;
  if (!source.external_id.empty()) {
    all.push_back({source.external_id.front(), "its own click ID (external_id)", "test-click"});
  }
  if (!source.cost.empty()) all.push_back({source.cost, "the cost of the click (cost)", "0.01"});
  for (unsigned n = 0; n < kSubIdCount; ++n) {
    if (source.sub[n].empty()) continue;
    const std::string sub = "sub" + std::to_string(n + 1);
    all.push_back({source.sub[n], "what you want to see as " + sub, "test-" + sub});
  }
  return all;
}

/// The networks of a campaign's offers, each once.
std::vector<const Network*> networks_of(const Campaign& campaign) {
  std::vector<const Network*> networks;
  for (const auto& path : campaign.paths) {
    for (const auto& weighted : path.offers) {
      const auto* network = weighted.offer->network;
      if (std::find(networks.begin(), networks.end(), network) == networks.end()) networks.push_back(network);
    }
  }
  return networks;
}

std::string ids_of(const std::vector<const Network*>& networks) {
  std::string text;
  for (const auto* network : networks) (text.empty() ? text : text.append(", ")).append(network->id);
  return text;
}

/// The query parameter that carries {clickid} in a URL template's text; empty if none does.
std::string_view click_parameter_in(std::string_view text) {
  const auto value = text.find("={clickid");
  if (value == std::string_view::npos) return {};
  const auto start = text.find_last_of("?&", value);
  return start == std::string_view::npos ? std::string_view{} : text.substr(start + 1, value - start - 1);
}

class LinkBuilder {
 public:
  LinkBuilder(const Campaign& campaign, const LinkRequest& request, const LinkReader& reader)
      : campaign_(campaign), request_(request), reader_(reader) {}

  Links build(const Network* asked) {
    if (reader_.base_url.empty()) {
      missing("http.public_url", "is not configured, and this request has no Host header to take its place",
              "scheme and host that visitors reach this server at, such as https://t.example");
    }
    build_tracking_link();
    if (const auto* network = choose_network(asked)) {
      links_.network = network->id;
      build_postback_urls(*network);
    }
    if (reader_.base_url.empty()) {
      for (auto* url : {&links_.tracking_link, &links_.test_link, &links_.postback_url, &links_.test_postback})
        url->clear();
    }
    return std::move(links_);
  }

 private:
  void build_tracking_link();
  void write_source_parameters(const Source& source);
  const Network* choose_network(const Network* asked);
  std::string click_parameter(const Network& network);
  void build_postback_urls(const Network& network);
  void write_postback(const Network& network, std::string_view click_param);
  void write_test_postback(const Network& network, std::string_view click_param);
  void write_token(Query& query, const Network& network) const;
  std::string postback_address(const Network& network) const;
  std::string test_currency(const Network& network) const;
  bool is_served_by(const Network& network) const {
    const auto networks = networks_of(campaign_);
    return std::find(networks.begin(), networks.end(), &network) != networks.end();
  }
  void note(std::string text) { links_.notes.push_back(std::move(text)); }
  void missing(std::string field, std::string problem, std::string expected) {
    links_.missing.push_back({std::move(field), std::move(problem), std::move(expected)});
  }

  const Campaign& campaign_;
  const LinkRequest& request_;
  const LinkReader& reader_;
  Links links_;
};

void LinkBuilder::build_tracking_link() {
  const std::string place = "campaigns/" + campaign_.id;
  if (campaign_.archived) {
    missing(place, "is archived, so its link answers 404", "another campaign, or a restored revision");
    return;
  }
  links_.tracking_link = reader_.base_url + "/c/" + campaign_.id;
  links_.test_link = links_.tracking_link;
  if (campaign_.source == nullptr) {
    note("Campaign " + campaign_.id + " has no source, so the tracking link carries no parameters.");
  } else if (request_.source_params) {
    write_source_parameters(*campaign_.source);
  }
  if (campaign_.paused) {
    missing(place + ": state", "is paused, so its link sends nobody to an offer", "active");
    links_.test_link.clear();
    return;
  }
  note("test_link records a click like any other, with example values.");
}

void LinkBuilder::write_source_parameters(const Source& source) {
  Query link(links_.tracking_link);
  Query test(links_.test_link);
  for (const auto& parameter : parameters_of(source)) {
    auto placeholder = source_placeholder(source, parameter.name, parameter.meaning);
    link.raw(parameter.name, placeholder.text);
    test.text(parameter.name, parameter.example);
    note(std::move(placeholder.note));
  }
}

const Network* LinkBuilder::choose_network(const Network* asked) {
  const auto networks = networks_of(campaign_);
  if (asked == nullptr && networks.size() != 1) {
    missing("network", "was not chosen, and the campaign's offers belong to several", "one of: " + ids_of(networks));
    return nullptr;
  }
  const auto* network = asked != nullptr ? asked : networks.front();
  if (network->archived) {
    missing("networks/" + network->id, "is archived, so its postbacks are refused", "a network that is not");
    return nullptr;
  }
  if (!is_served_by(*network)) {
    missing("network", "has no offer in campaign " + campaign_.id + ", so no click of it will reach " + network->name,
            "one of: " + ids_of(networks));
  }
  return network;
}

/// Under which name the network receives our click ID, as configured or as one of the campaign's offers has it.
std::string LinkBuilder::click_parameter(const Network& network) {
  if (!network.click_param.empty()) return network.click_param;
  for (const auto& path : campaign_.paths) {
    for (const auto& weighted : path.offers) {
      if (weighted.offer->network != &network) continue;
      if (const auto name = click_parameter_in(weighted.offer->url.text()); !name.empty()) return std::string(name);
    }
  }
  missing("networks/" + network.id + ": click_param",
          "the network's click parameter is not configured, so it cannot be said where it finds our click ID",
          "the parameter of its links that carries the click ID, such as \"sub1\"");
  return {};
}

void LinkBuilder::build_postback_urls(const Network& network) {
  const auto click_param = click_parameter(network);
  write_postback(network, click_param);
  if (!links_.test_link.empty() && is_served_by(network)) write_test_postback(network, click_param);
  if (network.token.empty()) {
    note(network.name + " needs no token: anybody who knows a click ID can report its conversions.");
  } else if (!reader_.sees_tokens) {
    note("The token of " + network.name +
         " is shown as ***: only keys with the role admin see it. Have an administrator put it in.");
  }
}

std::string LinkBuilder::postback_address(const Network& network) const {
  return reader_.base_url + "/postback/" + network.id + (request_.event.empty() ? "" : "/" + request_.event);
}

void LinkBuilder::write_token(Query& query, const Network& network) const {
  if (network.token.empty()) return;
  query.raw(network.names[static_cast<std::size_t>(PostbackField::token)].front(),
            reader_.sees_tokens ? std::string_view(network.token) : std::string_view("***"));
}

void LinkBuilder::write_postback(const Network& network, std::string_view click_param) {
  links_.postback_url = postback_address(network);
  Query query(links_.postback_url);
  for (const auto field : {PostbackField::click_id, PostbackField::payout, PostbackField::currency, PostbackField::txid,
                           PostbackField::status}) {
    const bool of_payout = field == PostbackField::payout || field == PostbackField::currency;
    if (network.fixed_payout && of_payout) continue;
    auto placeholder = postback_placeholder(network, field, click_param);
    query.raw(network.names[static_cast<std::size_t>(field)].front(), placeholder.text);
    note(std::move(placeholder.note));
  }
  write_token(query, network);
  if (network.fixed_payout) note("The payout of " + network.name + " is fixed: the offer's counts, so none is sent.");
  if (request_.event.empty()) {
    note("Conversions of this postback_url are of the event \"conversion\"; ask again with an event for another.");
  }
}

/// What a test's payout is in: it must be a currency that the postback may have.
std::string LinkBuilder::test_currency(const Network& network) const {
  if (!network.currency.empty()) return network.currency;
  for (const auto& path : campaign_.paths) {
    for (const auto& weighted : path.offers) {
      if (weighted.offer->network == &network && !weighted.offer->currency.empty()) return weighted.offer->currency;
    }
  }
  return "USD";
}

void LinkBuilder::write_test_postback(const Network& network, std::string_view click_param) {
  const auto name = [&network](PostbackField field) -> const std::string& {
    return network.names[static_cast<std::size_t>(field)].front();
  };
  links_.test_postback = postback_address(network);
  Query query(links_.test_postback);
  query.raw(name(PostbackField::click_id), kTestClick);
  query.text(name(PostbackField::payout), "1.00");
  query.text(name(PostbackField::currency), test_currency(network));
  query.text(name(PostbackField::txid), "test-1");
  query.text(name(PostbackField::status), "approved");
  write_token(query, network);
  query.text(name(PostbackField::test), "1");
  note("Open test_link and look at the address it leads to: the 26 characters " +
       (click_param.empty() ? std::string() : "in " + std::string(click_param) + " ") +
       "are the click ID. Put them in place of " + std::string(kTestClick) +
       " in test_postback and request it, for example with curl: the answer says what the network's postback would "
       "do, and no conversion is made.");
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

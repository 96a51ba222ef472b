// Network documents: the parameter names an affiliate network uses, and its defaults.
#include "domain/ascii_text.hpp"
#include "domain/catalog_entities.hpp"
#include "domain/network_policies_reading.hpp"
#include "domain/network_profile.hpp"
#include "domain/network_security.hpp"
#include "domain/network_words.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr PostbackField field_at(std::size_t index) { return static_cast<PostbackField>(index); }

/// Which field a name already stands for, other than `field`. Case is ignored, as it is when postbacks are read.
std::string_view owner_of(const Network& network, std::string_view name, std::size_t field) {
  for (std::size_t other = 0; other < kPostbackFieldCount; ++other) {
    if (other == field) continue;
    const auto& names = network.names[other];
    const auto same = [name](std::string_view taken) { return equal_ignoring_case(taken, name); };
    if (same(to_string(field_at(other))) || std::any_of(names.begin(), names.end(), same)) {
      return to_string(field_at(other));
    }
  }
  return {};
}

/// The document's own names come first, then the profile's where they are free, then the canonical one.
Json read_names(ObjectReader& reader, const NetworkProfile* profile, Network& network) {
  const Json& object = reader.object("params");
  ObjectReader given(object, reader.path_of("params."), reader.faults());
  Json canonical = Json::object();
  for (std::size_t field = 0; field < kPostbackFieldCount; ++field) {
    const std::string_view own = to_string(field_at(field));
    std::vector<std::string>& names = network.names[field];
    for (std::string& name : given.parameter_names(own)) {
      const std::string_view owner = owner_of(network, name, field);
      if (!owner.empty()) {
        given.fault(own, "\"" + name + "\" already stands for " + std::string(owner), "a name that no other field has");
      } else if (name != own) {
        names.push_back(std::move(name));
      }
    }
    if (!names.empty()) canonical[std::string(own)] = names_as_json(names);
  }
  for (std::size_t field = 0; field < kPostbackFieldCount; ++field) {
    const std::string own(to_string(field_at(field)));
    const std::string name = profile == nullptr ? std::string{} : profile->params[field];
    auto& names = network.names[field];
    const bool there = name == own || std::find(names.begin(), names.end(), name) != names.end();
    if (!name.empty() && !there && owner_of(network, name, field).empty()) names.push_back(name);
    names.push_back(own);
  }
  given.finish();
  return canonical;
}

/// The parameter of its links: the document's, else the profile's.
Json read_click_parameter(ObjectReader& reader, const NetworkProfile* profile, Network& network) {
  network.click_param = reader.text("click_param");
  if (!network.click_param.empty() && !is_parameter_name(network.click_param)) {
    reader.fault("click_param", "cannot be a parameter's name",
                 "1 to 100 letters, digits or - _ . ~ : @ $ [ ], such as \"sub1\"");
  }
  Json canonical = text_or_null(network.click_param);
  if (network.click_param.empty() && profile != nullptr) network.click_param = profile->click_param;
  return canonical;
}

void read_money(ObjectReader& reader, const NetworkProfile* profile, const CatalogReferences& known, Network& network,
                Json& canonical) {
  network.currency = reader.currency("currency", known.currencies, network.archived);
  canonical["currency"] = text_or_null(network.currency);
  if (network.currency.empty() && profile != nullptr) network.currency = profile->currency;
  const bool usually_fixed = profile != nullptr && profile->fixed_payout;
  canonical["payout"] = reader.choice("payout", usually_fixed ? "fixed" : "auto", {"auto", "fixed"});
  network.fixed_payout = canonical["payout"] == "fixed";
}

/// The document's words, the profile's that it does not have, and the generic ones.
void read_words(ObjectReader& reader, const NetworkProfile* profile, Network& network, Json& canonical) {
  canonical["status_words"] = read_status_words(reader, network.status_words);
  canonical["event_words"] = read_event_words(reader, network.event_words);
  if (profile != nullptr) {
    network.status_words.insert(profile->status_words.begin(), profile->status_words.end());
    network.event_words.insert(profile->event_words.begin(), profile->event_words.end());
  }
  add_generic_status_words(network.status_words);
}

}  // namespace

Json read_network(ObjectReader& reader, Network& network, const CatalogReferences& known) {
  Json canonical = Json::object();
  network.name = reader.required_text("name", "a name for people, such as \"Acme\"");
  canonical["name"] = network.name;
  const NetworkProfile* const profile = read_network_profile_name(reader, network.profile);
  canonical["profile"] = network.profile;
  canonical["click_param"] = read_click_parameter(reader, profile, network);
  canonical["params"] = read_names(reader, profile, network);
  read_network_tokens(reader, profile, network, canonical);
  read_money(reader, profile, known, network, canonical);
  canonical["security"] = read_security(reader, network);
  read_token(reader, network);
  canonical["token"] = text_or_null(network.token);
  canonical["disabled"] = network.disabled = reader.boolean("disabled", false);
  if (profile != nullptr) network.answer = profile->answer;
  canonical["answer"] = read_answer(reader, network.answer);
  read_words(reader, profile, network, canonical);
  canonical["repeat"] = read_repeat(reader, network.repeat);
  read_policies(reader, network.policies, canonical);
  reader.finish();
  return canonical;
}

}  // namespace postback

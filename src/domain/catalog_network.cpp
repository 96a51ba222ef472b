// Network documents: the parameter names an affiliate network uses, and its defaults.
#include "domain/ascii_text.hpp"
#include "domain/catalog_entities.hpp"
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

Json read_names(ObjectReader& reader, Network& network) {
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
    names.emplace_back(own);
  }
  given.finish();
  return canonical;
}

}  // namespace

Json read_network(ObjectReader& reader, Network& network) {
  Json canonical = Json::object();
  network.name = reader.required_text("name", "a name for people, such as \"Acme\"");
  canonical["name"] = network.name;
  canonical["profile"] = network.profile = reader.choice("profile", "generic", {"generic"});
  network.click_param = reader.text("click_param");
  if (!network.click_param.empty() && !is_parameter_name(network.click_param)) {
    reader.fault("click_param", "cannot be a parameter's name",
                 "1 to 100 letters, digits or - _ . ~ : @ $ [ ], such as \"sub1\"");
  }
  canonical["click_param"] = text_or_null(network.click_param);
  canonical["params"] = read_names(reader, network);
  network.currency = reader.currency("currency");
  canonical["currency"] = text_or_null(network.currency);
  canonical["payout"] = reader.choice("payout", "auto", {"auto", "fixed"});
  network.fixed_payout = canonical["payout"] == "fixed";
  canonical["security"] = read_security(reader, network);
  read_token(reader, network);
  canonical["token"] = text_or_null(network.token);
  canonical["disabled"] = network.disabled = reader.boolean("disabled", false);
  canonical["answer"] = read_answer(reader, network.answer);
  canonical["status_words"] = read_status_words(reader, network.status_words);
  add_generic_status_words(network.status_words);
  canonical["repeat"] = read_repeat(reader, network.repeat);
  reader.not_available({"event_words", "events", "attribution_window", "resend_window", "resend_window_s",
                        "adjustments", "token_syntax"});
  reader.not_available_except("txid_scope", "click");
  reader.not_available_except("attribution_window_s", 0);
  reader.finish();
  return canonical;
}

}  // namespace postback

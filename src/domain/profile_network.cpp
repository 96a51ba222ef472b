// The profile of one affiliate network: its links, its macros or names, its words and what it expects.
#include "domain/network_words.hpp"
#include "domain/profile_reading.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::size_t kLongestToken = 100;

std::string_view field_name(std::size_t index) { return to_string(static_cast<PostbackField>(index)); }

/// An object with one text for each field that has one.
Json read_field_texts(ObjectReader& reader, std::string_view member, FieldTexts& texts) {
  const Json& object = reader.object(member);
  ObjectReader given(object, reader.path_of(member, "."), reader.faults());
  Json canonical = Json::object();
  for (std::size_t field = 0; field < kPostbackFieldCount; ++field) {
    texts[field] = given.text(field_name(field), kLongestToken);
    if (!texts[field].empty()) canonical[std::string(field_name(field))] = texts[field];
  }
  given.finish();
  return canonical;
}

Json read_link(ObjectReader& reader, NetworkProfile& profile) {
  const Json& object = reader.object("link");
  ObjectReader given(object, reader.path_of("link."), reader.faults());
  const std::string style = given.choice("style", "query", {"query", "pairs", "path", "suffix"});
  for (const auto known : {LinkStyle::query, LinkStyle::pairs, LinkStyle::path, LinkStyle::suffix}) {
    if (style == to_string(known)) profile.link_style = known;
  }
  profile.click_param = given.text("param", kLongestToken);
  if (!profile.click_param.empty() && !is_parameter_name(profile.click_param))
    given.fault("param", "cannot be a parameter's name", "1 to 100 letters, digits or - _ . ~ : @ $ [ ]");
  profile.link_form = given.text("form");
  const bool appended = profile.link_style == LinkStyle::query || profile.link_style == LinkStyle::pairs;
  if (appended != (profile.link_form.find("{clickid}") == std::string::npos))
    given.fault("form", "does not fit the style", "how links look, with {clickid}, where nothing can be appended");
  Json canonical{{"style", style}, {"param", text_or_null(profile.click_param)}};
  canonical["form"] = text_or_null(profile.link_form);
  canonical["alternatives"] = read_texts(given, "alternatives");
  given.finish();
  return canonical;
}

Json read_status_urls(ObjectReader& reader, NetworkProfile& profile) {
  Json canonical = Json::array();
  for (const std::string& word : read_texts(reader, "status_urls")) {
    const auto status = parse_conversion_status(word);
    if (!status) {
      reader.fault("status_urls", "\"" + word + "\" is no status", "approved, pending or rejected");
      continue;
    }
    profile.status_urls.push_back(*status);
    canonical.push_back(word);
  }
  return canonical;
}

Json read_methods(ObjectReader& reader) {
  const auto methods = read_texts(reader, "method");
  if (methods.empty()) return Json::array({"GET"});
  if (std::any_of(methods.begin(), methods.end(),
                  [](const auto& method) { return method != "GET" && method != "POST"; }))
    reader.fault("method", "is not known", "GET, POST or both");
  return methods;
}

Json read_answer(ObjectReader& reader, NetworkAnswer& answer) {
  const Json& object = reader.object("answer");
  ObjectReader given(object, reader.path_of("answer."), reader.faults());
  answer.always_200 = given.boolean("always_200", false);
  answer.body = given.text("body");
  given.finish();
  return {{"always_200", answer.always_200}, {"body", text_or_null(answer.body)}};
}

}  // namespace

std::string_view to_string(LinkStyle style) {
  switch (style) {
    case LinkStyle::query: return "query";
    case LinkStyle::pairs: return "pairs";
    case LinkStyle::path: return "path";
    case LinkStyle::suffix: return "suffix";
  }
  return {};
}

void read_network_profile(ObjectReader& reader, NetworkProfile& profile) {
  Json json = Json::object();
  read_identity(reader, "network", profile.id, profile.name, json);
  json["platform"] = text_or_null(reader.text("platform"));
  json["link"] = read_link(reader, profile);
  json["tokens"] = read_field_texts(reader, "tokens", profile.tokens);
  json["params"] = read_field_texts(reader, "params", profile.params);
  profile.sends_json = json["tokens"].empty() && !json["params"].empty();
  json["status_words"] = read_status_words(reader, profile.status_words);
  json["event_words"] = read_event_words(reader, profile.event_words);
  json["status_urls"] = read_status_urls(reader, profile);
  profile.event_urls = reader.boolean("event_urls", false);
  json["event_urls"] = profile.event_urls;
  profile.currency = reader.currency("currency", {});
  json["currency"] = text_or_null(profile.currency);
  json["payout"] = reader.choice("payout", "auto", {"auto", "fixed"});
  profile.fixed_payout = json["payout"] == "fixed";
  json["method"] = read_methods(reader);
  json["answer"] = read_answer(reader, profile.answer);
  profile.note = read_note(reader, json);
  read_origin(reader, profile.origin, json);
  reader.finish();
  profile.json = json.dump();
}

}  // namespace postback

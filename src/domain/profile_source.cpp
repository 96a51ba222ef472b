// The profile of one traffic source: the parameters and macros of its links, and how it takes conversions back.
#include "domain/profile_reading.hpp"

#include <algorithm>

namespace postback {
namespace {

std::string read_parameter_name(ObjectReader& reader, std::string_view field) {
  auto names = reader.parameter_names(field);
  return names.empty() ? std::string{} : std::move(names.front());
}

Json read_slot(const Json& value, std::string path, Faults& faults, SourceSlot& slot) {
  ObjectReader reader(value, std::move(path), faults);
  slot.param = read_parameter_name(reader, "param");
  slot.macro = reader.required_text("macro", "what the source replaces by the value");
  if (slot.param.empty()) reader.fault("param", "is missing", "the name of a parameter");
  reader.finish();
  return {{"param", slot.param}, {"macro", slot.macro}};
}

Json read_external_id(ObjectReader& reader, SourceProfile& profile) {
  const Json& object = reader.object("external_id");
  ObjectReader given(object, reader.path_of("external_id."), reader.faults());
  profile.external_id = given.parameter_names("params");
  if (profile.external_id.empty()) given.fault("params", "is missing", "the parameter that carries its click ID");
  profile.external_id_macro = given.text("macro");
  const bool fixed = given.boolean("fixed", false);
  profile.appends_external_id = fixed && profile.external_id_macro.empty();
  given.finish();
  return {{"params", profile.external_id}, {"macro", text_or_null(profile.external_id_macro)}, {"fixed", fixed}};
}

Json read_cost(ObjectReader& reader, SourceProfile& profile) {
  const Json* cost = reader.find("cost");
  if (cost == nullptr) return nullptr;
  return read_slot(*cost, reader.path_of("cost."), reader.faults(), profile.cost);
}

Json read_subs(ObjectReader& reader, SourceProfile& profile) {
  Json canonical = Json::array();
  for (const Json& value : reader.array("subs", kSubIdCount)) {
    const auto path = reader.path_of("subs[" + std::to_string(profile.subs.size()) + "].");
    canonical.push_back(read_slot(value, path, reader.faults(), profile.subs.emplace_back()));
  }
  return canonical;
}

/// How conversions go back; its words say what the source calls a status or event of ours.
Json read_postback(ObjectReader& reader, SourcePostback& postback) {
  const Json& object = reader.object("postback");
  ObjectReader given(object, reader.path_of("postback."), reader.faults());
  Json canonical{{"delivery", given.choice("delivery", "s2s_url", {"s2s_url", "api"})},
                 {"method", given.choice("method", "GET", {"GET", "POST", "API"})},
                 {"url", text_or_null(given.text("url", 1000))},
                 {"words", given.object("words")}};
  for (const auto& [word, theirs] : canonical["words"].items()) {
    if (theirs.is_string())
      postback.words.emplace(word, theirs.get<std::string>());
    else
      given.fault("words", "\"" + word + "\" is not text", "the source's own word");
  }
  postback.by_api = canonical["delivery"] == "api";
  postback.method = canonical["method"].get<std::string>();
  if (canonical["url"].is_string()) postback.url = canonical["url"].get<std::string>();
  given.finish();
  return canonical;
}

/// Two values under one name could not be told apart.
void compare_names(ObjectReader& reader, const SourceProfile& profile) {
  std::vector<std::string> names = profile.external_id;
  if (!profile.cost.param.empty()) names.push_back(profile.cost.param);
  for (const auto& sub : profile.subs) names.push_back(sub.param);
  std::sort(names.begin(), names.end());
  if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
    reader.fault("subs", "\"" + *twice + "\" carries two values", "a parameter of its own for each");
}

}  // namespace

void read_source_profile(ObjectReader& reader, SourceProfile& profile) {
  Json json = Json::object();
  read_identity(reader, "source", profile.id, profile.name, json);
  json["external_id"] = read_external_id(reader, profile);
  json["cost"] = read_cost(reader, profile);
  json["subs"] = read_subs(reader, profile);
  compare_names(reader, profile);
  json["postback"] = read_postback(reader, profile.postback);
  profile.note = read_note(reader, json);
  read_origin(reader, profile.origin, json);
  reader.finish();
  profile.json = json.dump();
}

}  // namespace postback

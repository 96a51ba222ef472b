// The entries of config/destinations.json.
#include "domain/destination_profile_reading.hpp"

#include "domain/ascii.hpp"
#include "domain/template_tokens.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::size_t kMostSettings = 50;
constexpr std::size_t kMostColumns = 50;
constexpr std::size_t kLongestText = 1000;
constexpr std::string_view kSettingPrefix = "setting.";

bool is_setting_name(std::string_view name) {
  return !name.empty() && is_ascii_lower(name.front()) &&
         std::ranges::all_of(name, [](char c) { return is_ascii_lower(c) || is_ascii_digit(c) || c == '_'; });
}

void read_settings(ObjectReader& reader, DestinationProfile& profile) {
  for (const Json& entry : reader.array("settings", kMostSettings)) {
    const std::string place = "settings[" + std::to_string(profile.settings.size()) + "].";
    ObjectReader given(entry, reader.path_of(place), reader.faults());
    DestinationSetting& setting = profile.settings.emplace_back();
    setting.name = given.required_text("name", "a name");
    if (!is_setting_name(setting.name)) given.fault("name", "is not usable", "lower-case letters, digits and _");
    setting.about = given.required_text("about", "what it is and where it is found", kLongestText);
    setting.secret = given.boolean("secret", false);
    setting.required = given.boolean("required", true);
    setting.fallback = given.text("default", kLongestText);
    given.finish();
  }
}

void read_request_fields(ObjectReader& reader, DestinationProfile& profile) {
  const Json& request = reader.object("request");
  ObjectReader given(request, reader.path_of("request."), reader.faults());
  for (const auto* const field : {"method", "url", "headers", "body", "body_type", "omit_empty", "expect"}) {
    const Json* const value = given.find(field);
    if (value != nullptr) profile.request[field] = *value;
  }
  given.finish();
}

void read_feed(ObjectReader& reader, DestinationProfile& profile) {
  ObjectReader feed(reader.object("feed"), reader.path_of("feed."), reader.faults());
  for (const Json& line : feed.array("start", kMostColumns)) {
    if (line.is_string())
      profile.feed_start.append(line.get<std::string>()).append("\r\n");
    else
      feed.fault("start", "has an entry that is no text", "lines");
  }
  for (const Json& entry : feed.array("columns", kMostColumns)) {
    const std::string place = "columns[" + std::to_string(profile.columns.size()) + "].";
    ObjectReader given(entry, feed.path_of(place), feed.faults());
    ProfileColumn& column = profile.columns.emplace_back();
    column.name = given.required_text("name", "the column's name");
    column.value = given.required_text("value", "a template", kLongestText);
    column.required = given.boolean("required", false);
    given.finish();
  }
  feed.finish();
  if (profile.is_feed() == profile.columns.empty())
    reader.fault("feed", "does not fit the method", "columns where the method is FEED, none elsewhere");
}

/// Settings that nothing uses, and uses of those that there are not.
void compare_settings(ObjectReader& reader, const DestinationProfile& profile) {
  std::string texts = profile.request.dump();
  for (const ProfileColumn& column : profile.columns) texts += column.value;
  std::vector<std::string_view> used;
  for (const TokenText& token : find_tokens(texts)) {
    if (token.name.starts_with(kSettingPrefix)) used.push_back(token.name.substr(kSettingPrefix.size()));
  }
  for (const std::string_view name : used) {
    if (std::ranges::find(profile.settings, name, &DestinationSetting::name) == profile.settings.end())
      reader.fault("request", "uses the setting \"" + std::string(name) + "\", which it does not have",
                   "one of settings");
  }
  for (const DestinationSetting& setting : profile.settings) {
    if (std::ranges::find(used, setting.name) == used.end())
      reader.fault("settings", "has \"" + setting.name + "\", which nothing uses", "only what is used");
  }
}

}  // namespace

void read_destination_profile(ObjectReader& reader, DestinationProfile& profile, std::string& for_source) {
  profile.id = reader.required_text("id", "a slug", 64);
  if (!is_slug(profile.id) || profile.id == "generic") reader.fault("id", "is not usable", "a slug but generic");
  profile.name = reader.required_text("name", "its name");
  for_source = reader.text("for_source");
  profile.approved_only = reader.boolean("approved_only", false);
  profile.is_signed = reader.boolean("signed", false);
  read_settings(reader, profile);
  read_request_fields(reader, profile);
  read_feed(reader, profile);
  compare_settings(reader, profile);
  profile.note = reader.text("note", kLongestText);
  profile.source = reader.required_text("source", "the URL of the page that documents it", 500);
  reader.finish();
  describe(profile, {});
}

void describe(DestinationProfile& profile, const std::string& caution) {
  Json settings = Json::array();
  for (const DestinationSetting& setting : profile.settings) {
    settings.push_back({{"name", setting.name},
                        {"about", setting.about},
                        {"secret", setting.secret},
                        {"required", setting.required},
                        {"default", text_or_null(setting.fallback)}});
  }
  Json columns = Json::array();
  for (const ProfileColumn& column : profile.columns)
    columns.push_back({{"name", column.name}, {"value", column.value}, {"required", column.required}});
  Json words = Json::object();
  for (const auto& [ours, theirs] : profile.words) words[ours] = theirs;
  Json json{{"kind", "destination"},
            {"id", profile.id},
            {"name", profile.name},
            {"approved_only", profile.approved_only},
            {"signed", profile.is_signed},
            {"settings", std::move(settings)},
            {"words", std::move(words)},
            {"columns", std::move(columns)},
            {"note", text_or_null(profile.note)},
            {"source", text_or_null(profile.source)},
            {"caution", text_or_null(caution)}};
  for (const auto* const field : {"method", "url", "headers", "body", "body_type", "omit_empty", "expect"})
    json[field] = profile.request.contains(field) ? profile.request[field] : Json(nullptr);
  profile.json = json.dump();
}

}  // namespace postback

// The profile of a destination, and the settings that fill it in.
#include "domain/ascii_text.hpp"
#include "domain/destination_reading.hpp"
#include "domain/json_template.hpp"
#include "domain/nearest_name.hpp"
#include "domain/template_tokens.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>
#include <array>

namespace postback {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLongestSetting = 2000;
constexpr std::string_view kSettingPrefix = "setting.";

/// What an operator writes may hold slashes and colons, but no new parameter and no fragment.
void append_url_setting(std::string& out, std::string_view text) {
  for (const char& c : text) {
    if (std::string_view("/:@!$'()*,;").find(c) != std::string_view::npos)
      out += c;
    else
      append_percent_encoded(out, std::string_view(&c, 1));
  }
}

void append_encoded(std::string& out, std::string_view text, OutgoingPlace place) {
  if (place == OutgoingPlace::url) return append_url_setting(out, text);
  if (place == OutgoingPlace::form) return append_percent_encoded(out, text);
  if (place == OutgoingPlace::json) return append_json_content(out, text);
  out += text;
}

/// JSON may have a slash behind a backslash, and some writers always do.
std::string with_escaped_slashes(std::string_view json) {
  std::string escaped;
  for (const char c : json) {
    if (c == '/') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// A setting's value: literal text, in which tokens of ours keep their meaning.
void append_setting(std::string& out, std::string_view value, OutgoingPlace place) {
  std::size_t literal = 0;
  for (const TokenText& token : find_tokens(value)) {
    append_encoded(out, value.substr(literal, token.begin - literal), place);
    out += value.substr(token.begin, token.end - token.begin);
    literal = token.end;
  }
  append_encoded(out, value.substr(literal), place);
}

/// A setting's value after the token's modifiers. Those that cannot be applied are left out: a document that is stored
/// must load. What is made of a secret is one, too.
std::string modified(const std::string& value, const TokenText& token, Destination& destination) {
  std::vector<UrlTemplate::Modifier> modifiers;
  for (const std::string_view text : token.modifiers) {
    if (auto modifier = parse_modifier(text)) modifiers.push_back(*std::move(modifier));
  }
  if (modifiers.empty() || !find_tokens(value).empty()) return value;
  auto changed = apply_modifiers(value, modifiers);
  const bool secret = std::ranges::find(destination.secrets, value) != destination.secrets.end();
  if (secret) add_secret(destination, changed);
  return changed;
}

}  // namespace

const DestinationProfile* read_destination_profile_name(ObjectReader& reader, std::string& id) {
  id = reader.text("profile", 64);
  if (id.empty()) id = "generic";
  if (id == "generic") return nullptr;
  const DestinationProfiles& profiles = built_in_destination_profiles();
  if (const auto* profile = profiles.find(id)) return profile;
  if (const auto missing = profiles.missing(id)) {
    reader.fault("profile", missing->problem, missing->expected);
    return nullptr;
  }
  std::vector<std::string_view> known{"generic"};
  for (const auto& profile : profiles.all()) known.push_back(profile.id);
  const auto nearest = nearest_name(id, known);
  reader.fault("profile", "there is no ready-made destination \"" + id + "\"",
               nearest.empty() ? std::string("\"generic\", or one of docs/destinations.md")
                               : "did you mean \"" + std::string(nearest) + "\"? Or another of docs/destinations.md");
  return nullptr;
}

Json read_settings(ObjectReader& reader, const DestinationProfile* profile, SettingValues& values,
                   Destination& destination) {
  if (profile == nullptr && destination.profile != "generic") {
    reader.find("settings");  // of a profile that is a fault itself
    return Json::object();
  }
  ObjectReader given(reader.object("settings"), reader.path_of("settings."), reader.faults());
  Json own = Json::object();
  if (profile != nullptr) {
    for (const DestinationSetting& setting : profile->settings) {
      const std::size_t before = reader.faults().size();
      std::string value = given.text(setting.name, kLongestSetting);
      if (!value.empty()) own[setting.name] = value;
      if (value.empty()) value = setting.fallback;
      if (value.empty() && setting.required && reader.faults().size() == before)
        given.fault(setting.name, "is missing", setting.about);
      if (setting.secret) add_secret(destination, value);
      values.emplace_back(setting.name, std::move(value));
    }
  }
  given.finish();
  return own;
}

std::string with_settings(std::string_view text, const SettingValues& values, OutgoingPlace place,
                          Destination& destination) {
  std::string filled;
  std::size_t literal = 0;
  for (const TokenText& token : find_tokens(text)) {
    if (!token.name.starts_with(kSettingPrefix)) continue;
    const auto found =
        std::ranges::find(values, token.name.substr(kSettingPrefix.size()), &SettingValues::value_type::first);
    if (found == values.end()) continue;  // compiling names it as an unknown token
    filled += text.substr(literal, token.begin - literal);
    append_setting(filled, modified(found->second, token, destination), place);
    literal = token.end;
  }
  return filled.append(text.substr(literal));
}

bool sounds_secret(std::string_view name) {
  constexpr std::array kWords{"key"sv, "token"sv, "hash"sv, "secret"sv, "password"sv};
  return std::ranges::any_of(kWords,
                             [name](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

void add_secret(Destination& destination, std::string_view secret) { add_secret(destination.secrets, secret); }

void add_secret(std::vector<std::string>& secrets, std::string_view secret) {
  if (secret.empty()) return;
  const auto add = [&secrets](std::string text) {
    if (std::ranges::find(secrets, text) == secrets.end()) secrets.push_back(std::move(text));
  };
  const auto add_forms = [&add](std::string_view plain) {
    std::string percent;
    append_percent_encoded(percent, plain);
    std::string in_url;
    append_url_setting(in_url, plain);
    std::string json;
    append_json_content(json, plain);
    add(std::string(plain));
    add(std::move(percent));
    add(std::move(in_url));
    add(with_escaped_slashes(json));
    add(std::move(json));
  };
  add_forms(secret);
  // As it stands in a URL or form it may be encoded already: the other side knows what it means.
  std::string of_path;
  append_path_decoded(of_path, secret);
  add_forms(of_path);
  std::string of_query;
  append_query_decoded(of_query, secret);
  add_forms(of_query);
  // The longest first: one may stand in another.
  std::ranges::stable_sort(secrets, [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

}  // namespace postback

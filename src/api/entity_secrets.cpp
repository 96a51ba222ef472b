// Knows where networks, sources and destinations have secrets.
#include "entity_secrets.hpp"

#include "postback/domain/destination_profiles.hpp"
#include "postback/domain/destination_secrets.hpp"

#include <boost/algorithm/string/replace.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace postback::api {
namespace {

constexpr std::string_view kMask = "***";
/// Shorter ones are not looked for where they do not belong: they would be found in any text.
constexpr std::size_t kShortestSecret = 8;

void mask_all(Json& secrets) {
  for (auto& secret : secrets) secret = kMask;
}

void mask_text(Json& object, const char* field) {
  const auto found = object.find(field);
  if (found != object.end() && !found->is_null()) *found = kMask;
}

/// A network's further tokens, and what it signs with.
void mask_security(Json& security) {
  mask_all(security["tokens"]);
  for (const auto* const kind : {"hmac", "webhook"}) {
    if (security.contains(kind) && security[kind].is_object()) mask_all(security[kind]["secrets"]);
  }
}

/// The settings of the document's profile that are secret.
std::vector<std::string> secret_settings(const Json& object) {
  std::vector<std::string> names;
  const auto* profile = built_in_destination_profiles().find(object.value("profile", std::string()));
  if (profile == nullptr) return names;
  for (const auto& setting : profile->settings) {
    if (setting.secret) names.push_back(setting.name);
  }
  return names;
}

/// Takes a secret out of every text of a URL or body, for those who wrote it there as well.
void mask_within(Json& value, const std::string& secret) {
  if (value.is_structured()) {
    for (auto& inner : value) mask_within(inner, secret);
  } else if (value.is_string()) {
    boost::algorithm::replace_all(value.get_ref<std::string&>(), secret, kMask);
  }
}

void mask_destination(Json& object) {
  const auto secrets = secrets_of_destination(object);
  const auto hidden = secret_settings(object);
  for (const auto* const field : {"url", "body", "settings"}) {
    const auto found = object.find(field);
    if (found == object.end()) continue;
    for (const auto& secret : secrets) {
      if (secret.size() >= kShortestSecret) mask_within(*found, secret);
    }
  }
  if (const auto settings = object.find("settings"); settings != object.end() && settings->is_object()) {
    for (const auto& name : hidden) mask_text(*settings, name.c_str());
  }
  if (const auto headers = object.find("headers"); headers != object.end()) mask_all(*headers);
  if (const auto signing = object.find("signing"); signing != object.end() && signing->contains("secrets"))
    mask_all((*signing)["secrets"]);
  mask_text(object, "feed_token");
}

void keep_destination(const Json& today, Json& then) {
  const bool was_feed = then.contains("feed_token") && !then["feed_token"].is_null();
  if (today.contains("headers")) then["headers"] = today["headers"];
  if (today.contains("signing") && !was_feed) then["signing"] = today["signing"];
  // Without one, a feed gets a new token.
  if (was_feed) then["feed_token"] = today.value("feed_token", Json(nullptr));
  if (today.value("profile", Json()) != then.value("profile", Json())) return;
  const Json settings = today.value("settings", Json::object());
  for (const auto& name : secret_settings(then)) {
    if (settings.contains(name)) {
      then["settings"][name] = settings[name];
    } else {
      then["settings"].erase(name);
    }
  }
}

}  // namespace

void mask_secrets_of(EntityKind kind, Json& object) {
  if (kind == EntityKind::destination) mask_destination(object);
  if (kind == EntityKind::network || kind == EntityKind::source) mask_text(object, "token");
  if (kind == EntityKind::network) mask_security(object["security"]);
}

void keep_secrets_of_today(EntityKind kind, const Json& today, Json& then) {
  if (kind == EntityKind::destination) keep_destination(today, then);
  if (kind != EntityKind::network && kind != EntityKind::source) return;
  for (const char* const secret : {"token", "security"}) {
    if (today.contains(secret)) then[secret] = today[secret];
  }
}

}  // namespace postback::api

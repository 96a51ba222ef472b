// The table of ready-made destinations.
#include "postback/domain/destination_profiles.hpp"

#include "domain/destination_profile_reading.hpp"
#include "domain/profile_text.hpp"
#include "postback/base/check.hpp"

#include <algorithm>
#include <map>

namespace postback {
namespace {

constexpr std::size_t kMostProfiles = 1000;

/// Why a source that takes conversions over its API is no ready-made destination.
Fault missing_of(const SourceProfile& source, const std::map<std::string, std::string>& built_in) {
  const auto found = built_in.find(source.id);
  if (found != built_in.end()) {
    return {"profile", source.name + " is told of conversions in a way of its own", "\"" + found->second + "\""};
  }
  std::string how = "\"generic\", with method, url, headers and body as the documents of " + source.name + " say";
  if (!source.postback.url.empty()) how += "; its URL is " + source.postback.url;
  return {"profile", "conversions go to its API, which is not built in; a request of your own can be sent there", how};
}

}  // namespace

std::variant<DestinationProfiles, Faults> DestinationProfiles::parse(std::string_view text, const Profiles& profiles) {
  const Result<Json> object = parse_strict_json(text);
  if (!object) return Faults{{"(document)", object.error().detail, "one JSON object"}};
  Faults faults;
  ObjectReader reader(*object, {}, faults);
  reader.array("about", 100);
  DestinationProfiles made;
  std::map<std::string, std::string> built_in;
  for (const Json& entry : reader.array("destinations", kMostProfiles)) {
    const std::string place = "destinations[" + std::to_string(made.profiles_.size()) + "].";
    ObjectReader given(entry, reader.path_of(place), faults);
    std::string for_source;
    DestinationProfile& profile = made.profiles_.emplace_back();
    read_destination_profile(given, profile, for_source);
    if (!for_source.empty() && profiles.source(for_source) == nullptr)
      given.fault("for_source", "there is no source \"" + for_source + "\"", "one of config/networks.json");
    built_in.emplace(for_source, profile.id);
  }
  reader.finish();
  for (const SourceProfile& source : profiles.sources()) {
    if (source.postback.by_api)
      made.missing_.emplace_back(source.id, missing_of(source, built_in));
    else
      made.profiles_.push_back(source_destination(source));
  }
  std::ranges::sort(made.profiles_, {}, &DestinationProfile::id);
  const auto twice = std::ranges::adjacent_find(made.profiles_, {}, &DestinationProfile::id);
  if (twice != made.profiles_.end()) faults.push_back({"id", "\"" + twice->id + "\" stands twice", "each ID once"});
  if (!faults.empty()) return faults;
  return made;
}

const DestinationProfile* DestinationProfiles::find(std::string_view id) const {
  const auto found = std::ranges::lower_bound(profiles_, id, {}, &DestinationProfile::id);
  return found == profiles_.end() || found->id != id ? nullptr : &*found;
}

std::optional<Fault> DestinationProfiles::missing(std::string_view id) const {
  const auto found = std::ranges::find(missing_, id, &std::pair<std::string, Fault>::first);
  return found == missing_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> DestinationProfiles::missing() const {
  std::vector<std::string> ids;
  for (const auto& [id, fault] : missing_) ids.push_back(id);
  return ids;
}

const DestinationProfiles& built_in_destination_profiles() {
  static const DestinationProfiles profiles = [] {
    auto parsed = DestinationProfiles::parse(destination_profiles_json(), built_in_profiles());
    check(std::holds_alternative<DestinationProfiles>(parsed), "config/destinations.json, built in, has faults");
    return std::get<DestinationProfiles>(std::move(parsed));
  }();
  return profiles;
}

}  // namespace postback

// The table of profiles.
#include "postback/domain/profiles.hpp"

#include "domain/profile_reading.hpp"
#include "domain/profile_text.hpp"
#include "postback/base/check.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::size_t kMostProfiles = 10'000;

template <class T>
void read_all(ObjectReader& reader, std::string_view field, void (*read)(ObjectReader&, T&), std::vector<T>& profiles) {
  for (const Json& entry : reader.array(field, kMostProfiles)) {
    ObjectReader given(entry, reader.path_of(std::string(field) + "[" + std::to_string(profiles.size()) + "]."),
                       reader.faults());
    read(given, profiles.emplace_back());
  }
  std::sort(profiles.begin(), profiles.end(), [](const T& a, const T& b) { return a.id < b.id; });
}

template <class T>
const T* find(const std::vector<T>& profiles, std::string_view id) {
  const auto found = std::lower_bound(profiles.begin(), profiles.end(), id,
                                      [](const T& profile, std::string_view wanted) { return profile.id < wanted; });
  return found == profiles.end() || found->id != id ? nullptr : &*found;
}

/// One ID names one profile, whatever its kind.
void compare_ids(const Profiles& profiles, Faults& faults) {
  std::vector<std::string_view> ids;
  for (const auto& profile : profiles.networks()) ids.push_back(profile.id);
  for (const auto& profile : profiles.sources()) ids.push_back(profile.id);
  std::sort(ids.begin(), ids.end());
  for (auto twice = std::adjacent_find(ids.begin(), ids.end()); twice != ids.end();
       twice = std::adjacent_find(twice + 1, ids.end())) {
    faults.push_back({"id", "\"" + std::string(*twice) + "\" stands twice", "each ID once"});
  }
}

}  // namespace

std::variant<Profiles, Faults> Profiles::parse(std::string_view text) {
  const Result<Json> object = parse_strict_json(text);
  if (!object) return Faults{{"(document)", object.error().detail, "one JSON object"}};
  Faults faults;
  ObjectReader reader(*object, {}, faults);
  reader.array("about", 100);
  Profiles profiles;
  read_all(reader, "networks", &read_network_profile, profiles.networks_);
  read_all(reader, "sources", &read_source_profile, profiles.sources_);
  reader.finish();
  compare_ids(profiles, faults);
  if (!faults.empty()) return faults;
  return profiles;
}

const NetworkProfile* Profiles::network(std::string_view id) const { return find(networks_, id); }

const SourceProfile* Profiles::source(std::string_view id) const { return find(sources_, id); }

const Profiles& built_in_profiles() {
  static const Profiles profiles = [] {
    auto parsed = Profiles::parse(profiles_json());
    check(std::holds_alternative<Profiles>(parsed), "config/networks.json, built in, has faults");
    return std::get<Profiles>(std::move(parsed));
  }();
  return profiles;
}

}  // namespace postback

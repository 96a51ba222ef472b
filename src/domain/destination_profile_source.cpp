// A traffic source's postback URL as a ready-made destination.
#include "domain/ascii.hpp"
#include "domain/destination_profile_reading.hpp"
#include "domain/destination_reading.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::string_view kMark = "REPLACE";
bool continues_mark(char c) { return (c >= 'A' && c <= 'Z') || is_ascii_digit(c) || c == '_'; }

/// The parameter whose value starts at `at`; empty in the path.
std::string_view parameter_at(std::string_view url, std::size_t at) {
  if (url[at - 1] != '=') return {};
  const std::size_t begin = url.find_last_of("?&", at) + 1;
  return url.substr(begin, at - 1 - begin);
}

void add_setting(DestinationProfile& profile, const std::string& name, std::string_view shown) {
  const auto same = [&name](const DestinationSetting& known) { return known.name == name; };
  if (std::ranges::any_of(profile.settings, same)) return;
  profile.settings.push_back(
      {name,
       "what stands for " + std::string(shown) + " in the postback URL that your account at " + profile.name + " shows",
       sounds_secret(name), true});
}

}  // namespace

DestinationProfile source_destination(const SourceProfile& source) {
  DestinationProfile profile;
  profile.id = source.id;
  profile.name = source.name;
  profile.of_source = true;
  profile.approved_only = true;
  profile.note = source.note;
  profile.source = source.origin.source;
  profile.words.assign(source.postback.words.begin(), source.postback.words.end());
  std::ranges::sort(profile.words);
  profile.request["method"] = source.postback.method;
  const std::string_view url = source.postback.url;
  std::string filled;
  std::size_t literal = 0;
  for (std::size_t at = url.find(kMark); at != std::string_view::npos; at = url.find(kMark, literal)) {
    std::size_t end = at + kMark.size();
    while (end < url.size() && continues_mark(url[end])) ++end;
    const std::string_view parameter = parameter_at(url, at);
    const std::string_view mark = url.substr(at, end - at);
    const std::string name = to_ascii_lower(mark == kMark ? parameter : mark.substr(kMark.size() + 1));
    add_setting(profile, name, parameter.empty() ? mark : parameter);
    filled.append(url.substr(literal, at - literal)).append("{setting.").append(name).append("}");
    literal = end;
  }
  if (!url.empty()) profile.request["url"] = filled.append(url.substr(literal));
  describe(profile, caution(source.origin));
  return profile;
}

}  // namespace postback

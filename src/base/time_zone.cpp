// Time zones by way of CCTZ, which reads the system's files.
#include "postback/base/time_zone.hpp"

#include <cctz/civil_time.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace postback {
namespace {

/// What IANA names are made of; CCTZ would take a path as well.
bool is_zone_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '+' || c == '/';
  };
  return !name.empty() && name.size() <= 64 && name.front() != '/' && name != "localtime" &&
         std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace

Result<TimeZone> TimeZone::find(std::string_view name) {
  cctz::time_zone zone;
  if (!is_zone_name(name) || !cctz::load_time_zone(std::string(name), &zone)) {
    return Error{ErrorCode::invalid_argument,
                 "\"" + std::string(name.substr(0, 64)) + "\" is not a time zone that this system knows"};
  }
  return TimeZone(zone);
}

TimeZone::Local TimeZone::local(TimeMs time) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
  const auto moment = cctz::time_point<cctz::seconds>(cctz::seconds(seconds.count()));
  const cctz::civil_second civil = zone_.lookup(moment).cs;
  return {static_cast<unsigned>(cctz::get_weekday(cctz::civil_day(civil))), static_cast<unsigned>(civil.hour())};
}

}  // namespace postback

// TimeZone: an IANA time zone, for rules by weekday and hour.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/result.hpp"

#include <cctz/time_zone.h>

#include <string_view>

namespace postback {

/// UTC unless it was found by name. A value of a pointer's size; usable from any thread. Its data are the system's
/// (package tzdata), read when a name is found for the first time, and kept by CCTZ from then on.
class TimeZone {
 public:
  TimeZone() = default;
  /// `Europe/Prague`, `UTC`, ... Error: invalid_argument, a clause for people, for a name that the system does not
  /// have.
  static Result<TimeZone> find(std::string_view name);

  struct Local {
    unsigned weekday = 0;  ///< 0: Monday.
    unsigned hour = 0;
  };
  /// Takes no lock and allocates nothing.
  Local local(TimeMs time) const;
  bool operator==(const TimeZone& other) const { return zone_ == other.zone_; }

 private:
  explicit TimeZone(cctz::time_zone zone) : zone_(zone) {}
  cctz::time_zone zone_;
};

}  // namespace postback

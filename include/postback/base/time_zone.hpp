// TimeZone: an IANA time zone, for rules by weekday and hour.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace postback {

/// Immutable; usable from any thread. Its data are the system's (package tzdata), read when it is found.
class TimeZone {
 public:
  /// `Europe/Prague`, `UTC`, ... Error: invalid_argument, a clause for people, for a name that the system does not
  /// have.
  static Result<std::shared_ptr<const TimeZone>> find(std::string_view name);
  ~TimeZone();
  TimeZone(const TimeZone&) = delete;
  TimeZone& operator=(const TimeZone&) = delete;

  struct Local {
    unsigned weekday = 0;  ///< 0: Monday.
    unsigned hour = 0;
  };
  /// Takes no lock and allocates nothing.
  Local local(TimeMs time) const;

 private:
  struct Data;
  explicit TimeZone(std::unique_ptr<const Data> data);
  std::unique_ptr<const Data> data_;
};

/// The same in UTC.
TimeZone::Local utc_local(TimeMs time);

}  // namespace postback

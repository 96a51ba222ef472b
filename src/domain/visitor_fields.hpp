// What the rules of a campaign may look at, and how a visitor answers them.
#pragma once

#include "postback/base/time_zone.hpp"
#include "postback/domain/condition.hpp"
#include "postback/domain/visitor.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// In the order of kVisitorFields.
enum class VisitorField : std::size_t {
  country,
  region,
  city,
  device,
  os,
  browser,
  language,
  ip,
  user_agent,
  referrer,
  query,
  header,
  weekday,
  hour,
  visitor,
  unique,
  bot,
};
inline constexpr std::array<std::string_view, 7> kWeekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
inline constexpr std::array<std::string_view, 2> kVisitorWords{"unique", "returning"};
inline constexpr std::array<ConditionField, 17> kVisitorFields{
    {{"country"},
     {"region"},
     {"city"},
     {"device"},
     {"os"},
     {"browser"},
     {"language"},
     {"ip", ConditionField::Kind::address},
     {"user_agent"},
     {"referrer"},
     {"query", ConditionField::Kind::text, true},
     {"header", ConditionField::Kind::text, true},
     {"weekday", ConditionField::Kind::text, false, kWeekdays},
     {"hour", ConditionField::Kind::number},
     {"visitor", ConditionField::Kind::text, false, kVisitorWords},
     {"unique", ConditionField::Kind::flag},
     {"bot", ConditionField::Kind::flag}}};

/// So much of a header is looked at, which is also what is recorded of it; in bytes, cut at a UTF-8 boundary.
inline constexpr std::size_t kLongestTestedHeader = 256;
/// `header` of the visitor as rules see it.
std::string_view tested_header(const Visitor& visitor, std::string_view name);

/// A visitor as conditions see him. Allocates nothing. The visitor must outlive this object.
class VisitorValues final : public ConditionValues {
 public:
  /// `zone`: of weekday and hour.
  VisitorValues(const Visitor& visitor, TimeZone zone) : visitor_(visitor), zone_(zone) {}
  TimeZone zone() const { return zone_; }
  std::string_view value(std::size_t field, std::string_view name) const override;

 private:
  const TimeZone::Local& local() const;

  const Visitor& visitor_;
  TimeZone zone_;
  mutable std::optional<TimeZone::Local> local_;
  mutable std::array<char, 2> hour_{};
};

/// Adds the names of headers that the condition looks at, in lower case.
void add_tested_headers(const Condition& condition, std::vector<std::string>& names);

}  // namespace postback

// RFC 3339 and Unix times, as networks write them.
//
//   time   = year-month-day ("T" / "t" / " ") hour:minute:second ["." decimals] offset
//   offset = "Z" / "z" / ("+" / "-") hour:minute          (behind "+", which a query decodes to a space, too)
#include "base/digits.hpp"
#include "postback/base/time_text.hpp"

#include <algorithm>

namespace postback {
namespace {

using std::chrono::milliseconds;
using std::chrono::year_month_day;

/// Takes exactly `width` digits from the front of `text`; -1 when they are not there.
int take_number(std::string_view& text, std::size_t width) {
  if (text.size() < width || !all_digits(text.substr(0, width))) return -1;
  int number = 0;
  for (const char digit : text.substr(0, width)) number = number * 10 + (digit - '0');
  text.remove_prefix(width);
  return number;
}

/// Takes one of `characters` from the front of `text`.
bool take_any(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<year_month_day> take_date(std::string_view& text) {
  const int year = take_number(text, 4);
  if (year < 0 || !take_any(text, "-")) return std::nullopt;
  const int month = take_number(text, 2);
  if (month < 0 || !take_any(text, "-")) return std::nullopt;
  const int day = take_number(text, 2);
  if (day < 0) return std::nullopt;
  const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  return date.ok() ? std::optional{date} : std::nullopt;
}

/// `hour:minute`, as minutes.
std::optional<std::chrono::minutes> take_hour_and_minute(std::string_view& text) {
  const int hour = take_number(text, 2);
  if (hour < 0 || hour > 23 || !take_any(text, ":")) return std::nullopt;
  const int minute = take_number(text, 2);
  if (minute < 0 || minute > 59) return std::nullopt;
  return std::chrono::hours{hour} + std::chrono::minutes{minute};
}

/// Decimals of a second; the digits beyond milliseconds are dropped.
std::optional<milliseconds> take_decimals(std::string_view& text) {
  if (!take_any(text, ".")) return milliseconds{0};
  const auto length = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  if (length == 0) return std::nullopt;
  int value = 0;
  for (std::size_t place = 0; place < 3; ++place) value = value * 10 + (place < length ? text[place] - '0' : 0);
  text.remove_prefix(length);
  return milliseconds{value};
}

/// The rest of the text: `Z` or a distance to UTC.
std::optional<std::chrono::minutes> take_offset(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes{0};
  const bool negative = text.starts_with('-');
  if (!take_any(text, "+- ")) return std::nullopt;
  const std::optional<std::chrono::minutes> distance = take_hour_and_minute(text);
  if (!distance || !text.empty()) return std::nullopt;
  return negative ? -*distance : *distance;
}

std::optional<TimeMs> parse_unix_time(std::string_view digits) {
  if (digits.empty() || digits.size() > 14) return std::nullopt;
  std::int64_t number = 0;
  for (const char digit : digits) number = number * 10 + (digit - '0');
  return TimeMs{milliseconds{digits.size() > 11 ? number : number * 1000}};
}

}  // namespace

std::optional<TimeMs> parse_rfc3339(std::string_view text) {
  const std::optional<year_month_day> date = take_date(text);
  if (!date || !take_any(text, "Tt ")) return std::nullopt;
  const std::optional<std::chrono::minutes> minutes = take_hour_and_minute(text);
  if (!minutes || !take_any(text, ":")) return std::nullopt;
  const int second = take_number(text, 2);
  if (second < 0 || second > 60) return std::nullopt;  // 60 is a leap second; it reads as the next second
  const std::optional<milliseconds> decimals = take_decimals(text);
  if (!decimals) return std::nullopt;
  const std::optional<std::chrono::minutes> offset = take_offset(text);
  if (!offset) return std::nullopt;
  return TimeMs{std::chrono::sys_days{*date}} + *minutes + std::chrono::seconds{second} + *decimals - *offset;
}

std::optional<TimeMs> parse_network_time(std::string_view text) {
  return all_digits(text) ? parse_unix_time(text) : parse_rfc3339(text);
}

}  // namespace postback

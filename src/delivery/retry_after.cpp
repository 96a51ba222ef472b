// Reading Retry-After.
#include "postback/delivery/retry_after.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <string>

namespace postback::delivery {
namespace {

using std::chrono::milliseconds;

std::string_view trimmed(std::string_view value) {
  const auto first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return value.substr(first, value.find_last_not_of(" \t") - first + 1);
}

/// Digits of any number: what does not fit is longer than the longest anyway.
std::chrono::seconds seconds_of(std::string_view digits) {
  std::chrono::seconds seconds{0};
  for (const char digit : digits) {
    seconds = seconds * 10 + std::chrono::seconds{digit - '0'};
    if (seconds > kLongestRetryAfter) return kLongestRetryAfter;
  }
  return seconds;
}

}  // namespace

std::optional<milliseconds> parse_retry_after(std::string_view value, TimeMs now) {
  value = trimmed(value);
  if (value.empty()) return std::nullopt;
  if (value.find_first_not_of("0123456789") == std::string_view::npos) return seconds_of(value);
  // The three forms of RFC 9110, section 5.6.7, begin with the day's name. libcurl reads them all.
  const bool dated = std::string_view("MTWFS").find(value.front()) != std::string_view::npos;
  const auto seconds = dated ? curl_getdate(std::string(value).c_str(), nullptr) : -1;
  if (seconds < 0) return std::nullopt;
  // Cut before it is counted in milliseconds, which a year with many digits would overflow.
  const auto furthest = std::chrono::ceil<std::chrono::seconds>(now.time_since_epoch()) + kLongestRetryAfter;
  const TimeMs until{std::min<std::chrono::seconds>(std::chrono::seconds{seconds}, furthest)};
  return std::clamp<milliseconds>(until - now, milliseconds{0}, kLongestRetryAfter);
}

}  // namespace postback::delivery

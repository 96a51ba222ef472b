// Times written as RFC 3339 and as HTTP dates.
#include "postback/base/time_text.hpp"

#include <algorithm>
#include <array>

namespace postback {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::milliseconds;
using std::chrono::year_month_day;

void append_number(std::string& out, unsigned number, unsigned width) {
  unsigned place = 1;
  while (--width > 0) place *= 10;
  for (; place > 0; place /= 10) out.push_back(static_cast<char>('0' + number / place % 10));
}

unsigned unsigned_count(auto duration) { return static_cast<unsigned>(duration.count()); }

void append_time_of_day(std::string& out, const std::chrono::hh_mm_ss<milliseconds>& time) {
  append_number(out, unsigned_count(time.hours()), 2);
  out.push_back(':');
  append_number(out, unsigned_count(time.minutes()), 2);
  out.push_back(':');
  append_number(out, unsigned_count(time.seconds()), 2);
}

unsigned year_number(const year_month_day& date) {
  return static_cast<unsigned>(std::clamp(static_cast<int>(date.year()), 0, 9999));
}

}  // namespace

std::string format_rfc3339(TimeMs time) {
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const std::chrono::hh_mm_ss<milliseconds> time_of_day{time - day};
  std::string out;
  out.reserve(24);
  append_number(out, year_number(date), 4);
  out.push_back('-');
  append_number(out, static_cast<unsigned>(date.month()), 2);
  out.push_back('-');
  append_number(out, static_cast<unsigned>(date.day()), 2);
  out.push_back('T');
  append_time_of_day(out, time_of_day);
  out.push_back('.');
  append_number(out, unsigned_count(time_of_day.subseconds()), 3);
  out.push_back('Z');
  return out;
}

std::string format_http_date(TimeMs time) {
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  std::string out;
  out.reserve(29);
  out += kDays[std::chrono::weekday{day}.c_encoding()];
  out += ", ";
  append_number(out, static_cast<unsigned>(date.day()), 2);
  out.push_back(' ');
  out += kMonths[static_cast<unsigned>(date.month()) - 1];
  out.push_back(' ');
  append_number(out, year_number(date), 4);
  out.push_back(' ');
  append_time_of_day(out, std::chrono::hh_mm_ss<milliseconds>{time - day});
  out += " GMT";
  return out;
}

}  // namespace postback

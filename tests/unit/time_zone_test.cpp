// Time zones: weekday and hour across summer time, and names that are none.
#include "postback/base/time_zone.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback {
namespace {

TimeMs at(std::int64_t seconds) { return TimeMs{std::chrono::seconds{seconds}}; }

struct ZoneRow {
  std::string zone;
  std::int64_t seconds;
  unsigned weekday;
  unsigned hour;
};

TEST(TimeZone, KnowsWeekdayAndHour) {
  const std::vector<ZoneRow> rows{
      {"UTC", 1'767'614'400, 0, 12},            // 2026-01-05T12:00:00Z, a Monday
      {"Europe/Prague", 1'767'614'400, 0, 13},  // winter
      {"Europe/Prague", 1'783'252'800, 6, 14},  // 2026-07-05T12:00:00Z, summer
      {"Europe/Prague", 1'774'745'999, 6, 1},   // the second before summer time 2026
      {"Europe/Prague", 1'774'746'000, 6, 3},  {"Asia/Kolkata", 1'767'637'800, 1, 0},  // 2026-01-05T18:30:00Z
      {"Asia/Kolkata", 1'767'637'799, 0, 23},  {"America/New_York", 1'767'571'200, 6, 19},
      {"Etc/GMT+5", 1'767'571'200, 6, 19}};
  for (const ZoneRow& row : rows) {
    const auto zone = TimeZone::find(row.zone);
    ASSERT_TRUE(zone) << row.zone;
    const auto local = zone->local(at(row.seconds));
    EXPECT_EQ(local.weekday, row.weekday) << row.zone << " " << row.seconds;
    EXPECT_EQ(local.hour, row.hour) << row.zone << " " << row.seconds;
  }
  EXPECT_EQ(TimeZone().local(at(1'767'614'400)).hour, 12U);
  EXPECT_EQ(TimeZone().local(TimeMs{std::chrono::milliseconds{-1}}).hour, 23U);
}

TEST(TimeZone, RefusesWhatIsNoName) {
  for (const char* name : {"", "Europe/Prag", "/etc/localtime", "localtime", "../UTC", "Europe/Prague ", "a:b",
                           "file:UTC", "Europe/../UTC"}) {
    EXPECT_FALSE(TimeZone::find(name)) << name;
  }
}

}  // namespace
}  // namespace postback

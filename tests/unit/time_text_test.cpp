// Times as text: RFC 3339, Unix numbers and HTTP dates.
#include "postback/base/time_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback {
namespace {

TimeMs at(std::int64_t ms) { return TimeMs{std::chrono::milliseconds{ms}}; }

TEST(Rfc3339, is_written_in_utc_with_milliseconds) {
  EXPECT_EQ(format_rfc3339(at(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_rfc3339(at(1'769'903'999'123)), "2026-01-31T23:59:59.123Z");
  EXPECT_EQ(format_rfc3339(at(1'709'164'800'005)), "2024-02-29T00:00:00.005Z");
  EXPECT_EQ(format_rfc3339(at(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, is_read_with_any_offset_and_decimals) {
  struct Row {
    std::string_view text;
    std::int64_t ms;
  };
  const std::vector<Row> rows{
      {"1970-01-01T00:00:00Z", 0},
      {"2026-01-31T23:59:59.123Z", 1'769'903'999'123},
      {"2026-01-31t23:59:59.123z", 1'769'903'999'123},
      {"2026-01-31 23:59:59.123Z", 1'769'903'999'123},
      {"2026-02-01T01:59:59.123+02:00", 1'769'903'999'123},
      {"2026-02-01T01:59:59.123 02:00", 1'769'903'999'123},
      {"2026-01-31T18:29:59.123-05:30", 1'769'903'999'123},
      {"2026-01-31T23:59:59.1Z", 1'769'903'999'100},
      {"2026-01-31T23:59:59.123999999999999Z", 1'769'903'999'123},
      {"2024-02-29T00:00:00-00:00", 1'709'164'800'000},
      {"1990-12-31T23:59:60Z", 662'688'000'000},
      {"0001-01-01T00:00:00Z", -62'135'596'800'000},
  };
  for (const Row& row : rows) EXPECT_EQ(parse_rfc3339(row.text), at(row.ms)) << row.text;
}

TEST(Rfc3339, malformed_texts_are_refused) {
  for (const std::string_view text : {"",
                                      "2026-01-31",
                                      "2026-01-31T23:59:59",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-02-29T00:00:00Z",
                                      "2026-01-32T00:00:00Z",
                                      "2026-01-31T24:00:00Z",
                                      "2026-01-31T23:60:00Z",
                                      "2026-01-31T23:59:61Z",
                                      "2026-01-31T23:59:59.Z",
                                      "2026-01-31T23:59:59+2:00",
                                      "2026-01-31T23:59:59+24:00",
                                      "2026-01-31T23:59:59+02:60",
                                      "2026-01-31T23:59:59+0200",
                                      "2026-01-31T23:59:59ZZ",
                                      " 2026-01-31T23:59:59Z",
                                      "2026-1-31T23:59:59Z",
                                      "-026-01-31T23:59:59Z",
                                      "2026-01-31T23:59:59,5Z",
                                      "2026/01/31T23:59:59Z",
                                      "{time}"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(NetworkTime, is_seconds_milliseconds_or_rfc_3339) {
  EXPECT_EQ(parse_network_time("0"), at(0));
  EXPECT_EQ(parse_network_time("1769903999"), at(1'769'903'999'000));
  EXPECT_EQ(parse_network_time("99999999999"), at(99'999'999'999'000));
  EXPECT_EQ(parse_network_time("176990399912"), at(176'990'399'912));
  EXPECT_EQ(parse_network_time("1769903999123"), at(1'769'903'999'123));
  EXPECT_EQ(parse_network_time("2026-01-31T23:59:59.123Z"), at(1'769'903'999'123));
  for (const std::string_view text :
       {"", "-1", "1769903999.5", "123456789012345", "1e9", "now", "0x10", "17699 3999"}) {
    EXPECT_FALSE(parse_network_time(text)) << text;
  }
}

TEST(Rfc3339, what_is_written_is_read_back) {
  for (std::int64_t ms = 1; ms < 100'000'000'000'000; ms = ms * 3 + 7) {
    EXPECT_EQ(parse_rfc3339(format_rfc3339(at(ms))), at(ms)) << ms;
  }
}

TEST(HttpDate, is_as_rfc_9110_shows_it) {
  EXPECT_EQ(format_http_date(at(784'111'777'000)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_http_date(at(1'709'164'800'999)), "Thu, 29 Feb 2024 00:00:00 GMT");
}

}  // namespace
}  // namespace postback

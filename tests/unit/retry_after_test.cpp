// Retry-After by a table: seconds, the three forms of dates, and what is neither.
#include "postback/delivery/retry_after.hpp"

#include "postback/base/time_text.hpp"

#include <gtest/gtest.h>

namespace postback::delivery {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

struct Row {
  const char* value;
  std::optional<milliseconds> pause;
};

class RetryAfter : public ::testing::TestWithParam<Row> {};

TEST_P(RetryAfter, IsRead) {
  const auto now = parse_rfc3339("2026-01-15T12:00:00Z");
  ASSERT_TRUE(now);
  EXPECT_EQ(parse_retry_after(GetParam().value, *now), GetParam().pause) << GetParam().value;
}

INSTANTIATE_TEST_SUITE_P(
    Table, RetryAfter,
    ::testing::Values(Row{"3", 3s}, Row{" 120 ", 120s}, Row{"0", 0s}, Row{"86400", 24h}, Row{"86401", 24h},
                      Row{"999999999", 24h}, Row{"99999999999999999999999999999999", 24h},
                      Row{"Thu, 15 Jan 2026 12:00:30 GMT", 30s}, Row{"Thursday, 15-Jan-26 12:00:30 GMT", 30s},
                      Row{"Thu Jan 15 12:00:30 2026", 30s}, Row{"Thu, 15 Jan 2026 11:00:00 GMT", 0s},
                      Row{"Fri, 15 Jan 2027 12:00:00 GMT", 24h}, Row{"", std::nullopt}, Row{"  ", std::nullopt},
                      Row{"-1", std::nullopt}, Row{"+3", std::nullopt}, Row{"1.5", std::nullopt},
                      Row{"soon", std::nullopt}, Row{"3 seconds", std::nullopt},
                      Row{"2026-01-15T12:00:30Z", std::nullopt}, Row{"Thu, 99 Jan 2026 12:00:30 GMT", std::nullopt},
                      Row{"Today", std::nullopt}));

}  // namespace
}  // namespace postback::delivery

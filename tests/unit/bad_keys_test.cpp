// The count of bad keys by address.
#include "postback/api/bad_keys.hpp"

#include "postback/base/address_group.hpp"

#include <gtest/gtest.h>

namespace postback::api {
namespace {

using std::chrono::milliseconds;

TEST(BadKeys, TooManyWithinAMinuteWaitForItsEnd) {
  BadKeys keys;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(keys.note("192.0.2.1", milliseconds{i * 1000}).wait.count(), 0) << i;
  const auto first = keys.note("192.0.2.1", milliseconds{20'000});
  EXPECT_EQ(first.wait, milliseconds{40'000});
  EXPECT_TRUE(first.first);
  const auto second = keys.note("192.0.2.1", milliseconds{59'999});
  EXPECT_EQ(second.wait, milliseconds{1});
  EXPECT_FALSE(second.first);
  EXPECT_EQ(keys.note("192.0.2.2", milliseconds{59'999}).wait.count(), 0);
  EXPECT_EQ(keys.note("192.0.2.1", milliseconds{60'000}).wait.count(), 0) << "a new minute";
}

TEST(BadKeys, AMachineIsOneAddress) {
  struct Row {
    const char* one;
    const char* other;
    bool same;
  };
  const Row rows[] = {
      {"192.0.2.1", "192.0.2.1", true},
      {"192.0.2.1", "192.0.2.2", false},
      {"2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true},
      {"2001:db8:1:2::1", "2001:0db8:0001:0002::2", true},
      {"2001:db8:1:2::1", "2001:db8:1:3::1", false},
      {"::1", "192.0.2.1", false},
      {"", "192.0.2.1", false},
  };
  for (const auto& row : rows) EXPECT_EQ(address_group(row.one) == address_group(row.other), row.same) << row.other;
}

TEST(BadKeys, TheOldestAddressGivesWay) {
  BadKeys keys(2);
  for (int i = 0; i < 11; ++i) keys.note("a", milliseconds{0});
  for (int i = 0; i < 11; ++i) keys.note("b", milliseconds{1});
  EXPECT_GT(keys.note("a", milliseconds{2}).wait.count(), 0);
  EXPECT_EQ(keys.note("c", milliseconds{3}).wait.count(), 0);
  EXPECT_GT(keys.note("b", milliseconds{4}).wait.count(), 0);
  EXPECT_EQ(keys.note("a", milliseconds{5}).wait.count(), 0) << "it was forgotten";
}

}  // namespace
}  // namespace postback::api

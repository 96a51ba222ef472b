// API keys: their form, their hash, and who they belong to.
#include "postback/api/api_keys.hpp"

#include "support/api_world.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace postback {
namespace {

TEST(ApiKeys, HashIsSha256) {
  // FIPS 180-4's example for "abc".
  const std::array<std::uint8_t, 4> start{0xba, 0x78, 0x16, 0xbf};
  const auto hash = hash_api_key("abc");
  EXPECT_TRUE(std::equal(start.begin(), start.end(), hash.begin()));
  EXPECT_EQ(hash[31], 0xad);
}

TEST(ApiKeys, NewKeysAreRecognisableAndDiffer) {
  postback::testing::api::CountingEntropy entropy;
  const auto first = make_api_key(entropy);
  EXPECT_TRUE(std::regex_match(first, std::regex("pbk_[0-9a-f]{72}"))) << first;
  EXPECT_NE(make_api_key(entropy), first);
}

TEST(ApiKeys, NamesTheOwner) {
  const ApiKeys keys({{.id = "a", .name = "A", .sha256 = hash_api_key("one"), .role = Role::viewer},
                      {.id = "b", .name = "B", .sha256 = hash_api_key("two")}});
  ASSERT_TRUE(keys.caller_with("one"));
  EXPECT_EQ(keys.caller_with("one")->key, "a");
  EXPECT_EQ(keys.caller_with("one")->role, Role::viewer);
  EXPECT_EQ(keys.caller_with("two")->key, "b");
  for (const auto* wrong : {"", "on", "one ", "One", "three"}) EXPECT_FALSE(keys.caller_with(wrong)) << wrong;
  EXPECT_FALSE(ApiKeys({}).caller_with(""));
}

}  // namespace
}  // namespace postback

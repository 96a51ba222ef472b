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
  const ApiKeys keys({{"a", hash_api_key("one")}, {"b", hash_api_key("two")}});
  EXPECT_EQ(keys.name_of("one"), "a");
  EXPECT_EQ(keys.name_of("two"), "b");
  for (const auto* wrong : {"", "on", "one ", "One", "three"}) EXPECT_EQ(keys.name_of(wrong), std::nullopt) << wrong;
  EXPECT_EQ(ApiKeys({}).name_of(""), std::nullopt);
}

}  // namespace
}  // namespace postback

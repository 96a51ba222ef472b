// API keys: their form, their hash, and who they belong to.
#include "postback/api/api_keys.hpp"

#include "support/api_world.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <span>

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

TEST(ApiKeys, DamageIsSeen) {
  postback::testing::api::CountingEntropy entropy;
  const auto key = make_api_key(entropy);
  auto changed = key;
  changed[20] = changed[20] == '0' ? '1' : '0';
  auto capitals = key;
  for (auto& c : std::span(capitals).subspan(4)) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  EXPECT_FALSE(is_damaged_api_key(key));
  for (const auto& damaged : {key.substr(0, 75), key + "0", changed, capitals, std::string("pbk_")})
    EXPECT_TRUE(is_damaged_api_key(damaged)) << damaged;
  for (const auto* other : {"", "k1", "PBK_1", "a pbk_"}) EXPECT_FALSE(is_damaged_api_key(other)) << other;
}

TEST(ApiKeys, NamesTheOwner) {
  const ApiKeys keys({{.id = "b", .name = "B", .sha256 = hash_api_key("two")},
                      {.id = "a", .name = "A", .sha256 = hash_api_key("one"), .role = Role::viewer}});
  ASSERT_NE(keys.owner_of("one"), nullptr);
  EXPECT_EQ(keys.owner_of("one")->id, "a");
  EXPECT_EQ(keys.owner_of("two")->id, "b");
  for (const auto* wrong : {"", "on", "one ", "One", "three"}) EXPECT_EQ(keys.owner_of(wrong), nullptr) << wrong;
  EXPECT_EQ(ApiKeys({}).owner_of(""), nullptr);
  ASSERT_NE(keys.find("b"), nullptr);
  EXPECT_EQ(keys.find("b")->name, "B");
  EXPECT_EQ(keys.find("c"), nullptr);
  EXPECT_EQ(keys.find(""), nullptr);
}

TEST(ApiKeys, AChangeReplacesOneKey) {
  const ApiKeys keys({{.id = "a", .name = "A"}, {.id = "c", .name = "C"}});
  const auto more = keys.with({.id = "b", .name = "B"})->with({.id = "a", .name = "A2"});
  ASSERT_EQ(more->all().size(), 3U);
  EXPECT_EQ(more->all()[0].name, "A2");
  EXPECT_EQ(more->all()[1].name, "B");
  EXPECT_EQ(keys.find("a")->name, "A");
}

TEST(ApiKeys, AreInForceUntilTheyExpireOrAreRevoked) {
  const TimeMs now = testing::api::kNow;
  StoredKey key;
  EXPECT_TRUE(is_in_force(key, now));
  key.expires = now + std::chrono::milliseconds{1};
  EXPECT_TRUE(is_in_force(key, now));
  key.expires = now;
  EXPECT_FALSE(is_in_force(key, now));
  key.expires.reset();
  key.revoked = now;
  EXPECT_FALSE(is_in_force(key, now));
}

}  // namespace
}  // namespace postback

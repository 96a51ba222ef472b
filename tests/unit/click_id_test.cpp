// Click IDs: the text form, the signature and the rotation of keys.
#include "postback/domain/click_id.hpp"

#include "postback/base/entropy.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <random>
#include <string>
#include <vector>

namespace postback {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr TimeMs kTime{milliseconds{1'768'478'400'000}};

ClickIdKeys::KeyBytes key_of(std::uint8_t first) {
  ClickIdKeys::KeyBytes bytes;
  for (std::uint8_t& byte : bytes) byte = first++;
  return bytes;
}

ClickIdKeys one_key() { return ClickIdKeys{{{TimeMs{}, key_of(0)}}}; }

TEST(Snowflake, has_time_node_and_sequence) {
  const SnowflakeId id = make_snowflake(kTime, 1022, 4095);
  EXPECT_EQ(snowflake_time(id), kTime);
  EXPECT_EQ(snowflake_node(id), 1022U);
  EXPECT_EQ(id & 0xFFF, 4095U);
  EXPECT_EQ(make_snowflake(TimeMs{milliseconds{kSnowflakeEpochMs}}, 0, 0), 0U);
}

TEST(ClickIdText, is_crockford_base32_most_significant_first) {
  EXPECT_EQ(to_string(ClickId{0, 0}), std::string(26, '0'));
  EXPECT_EQ(to_string(ClickId{0, 31}), std::string(25, '0') + "z");
  EXPECT_EQ(to_string(ClickId{0, 32}), std::string(24, '0') + "10");
  EXPECT_EQ(to_string(ClickId{~0ULL >> 1, ~0ULL}), "3" + std::string(25, 'z'));
  EXPECT_EQ(to_string(ClickId{1, 0}), std::string(12, '0') + "0g" + std::string(12, '0'));  // bit 64 of 128
}

TEST(ClickIdText, is_read_back_in_either_case) {
  constexpr unsigned kSeed = 7;
  std::mt19937_64 random{kSeed};
  for (int round = 0; round < 1000; ++round) {
    const ClickId id{random() >> 1, random()};
    std::string text = to_string(id);
    ASSERT_EQ(parse_click_id(text), id) << "seed " << kSeed << " round " << round;
    for (char& character : text) character = static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
    ASSERT_EQ(parse_click_id(text), id) << "seed " << kSeed << " round " << round;
  }
}

TEST(ClickIdText, reads_the_aliases_people_type) {
  const std::string text = "01" + std::string(24, '0');
  const std::optional<ClickId> id = parse_click_id(text);
  ASSERT_TRUE(id);
  for (const std::string& alias : {"oi" + std::string(24, 'o'), "OI" + std::string(24, 'O'),
                                   "0l" + std::string(24, 'o'), "OL" + std::string(24, '0')}) {
    EXPECT_EQ(parse_click_id(alias), id) << alias;
  }
}

TEST(ClickIdText, anything_else_is_not_an_id) {
  const std::string zeros(26, '0');
  const std::vector<std::string> texts{"",
                                       zeros.substr(1),
                                       zeros + "0",
                                       "u" + zeros.substr(1),
                                       zeros.substr(1) + "u",
                                       zeros.substr(1) + "U",
                                       zeros.substr(1) + " ",
                                       zeros.substr(1) + "-",
                                       zeros.substr(1) + std::string(1, '\0'),
                                       zeros.substr(1) + "\xFF",
                                       "8" + zeros.substr(1),
                                       "z" + zeros.substr(1),
                                       "7" + zeros.substr(1),  // the top bit of `high`
                                       "4" + zeros.substr(1)};
  for (const std::string& text : texts) EXPECT_FALSE(parse_click_id(text)) << text;
  EXPECT_TRUE(parse_click_id("3" + zeros.substr(1)));
}

TEST(ClickIdSignature, is_siphash_2_4_of_the_little_endian_high_half) {
  // The reference implementation's vector for the message 00 01 .. 07 under the key 00 01 .. 0f.
  EXPECT_EQ(one_key().sign(0x0706050403020100).low, 0x93f5f5799a932462U);
}

TEST(ClickIdSignature, accepts_what_was_signed) {
  const ClickIdKeys keys = one_key();
  for (unsigned sequence = 0; sequence < 4096; ++sequence) {
    const ClickId id = keys.sign(make_snowflake(kTime, 1, sequence));
    const std::optional<ClickId> read = parse_click_id(to_string(id));
    ASSERT_TRUE(read);
    EXPECT_TRUE(keys.verify(*read));
    EXPECT_EQ(read->time(), kTime);
  }
}

TEST(ClickIdSignature, refuses_every_damage_of_one_character) {
  const ClickIdKeys keys = one_key();
  const std::string text = to_string(keys.sign(make_snowflake(kTime, 5, 77)));
  for (std::size_t place = 0; place < text.size(); ++place) {
    for (const char character : kAlphabet) {
      if (character == text[place]) continue;
      std::string damaged = text;
      damaged[place] = character;
      const std::optional<ClickId> id = parse_click_id(damaged);
      EXPECT_FALSE(id && keys.verify(*id)) << damaged;
    }
  }
}

TEST(ClickIdSignature, refuses_swapped_neighbours_and_foreign_keys) {
  const ClickIdKeys keys = one_key();
  const ClickId good = keys.sign(make_snowflake(kTime, 5, 77));
  const std::string text = to_string(good);
  for (std::size_t place = 1; place < text.size(); ++place) {
    if (text[place] == text[place - 1]) continue;
    std::string damaged = text;
    std::swap(damaged[place], damaged[place - 1]);
    const std::optional<ClickId> id = parse_click_id(damaged);
    EXPECT_FALSE(id && keys.verify(*id)) << damaged;
  }
  const ClickIdKeys other{{{TimeMs{}, key_of(1)}}};
  EXPECT_FALSE(other.verify(good));
}

TEST(ClickIdKeys, rotation_breaks_no_id) {
  const TimeMs rotated = kTime + milliseconds{1000};
  const ClickIdKeys before{{{kTime, key_of(0)}}};
  const ClickIdKeys after{{{kTime, key_of(0)}, {rotated, key_of(100)}}};
  const ClickIdKeys unsorted{{{rotated, key_of(100)}, {kTime, key_of(0)}}};
  struct Row {
    milliseconds offset;
    bool same_key;
  };
  for (const Row& row : {Row{milliseconds{-86'400'000}, true}, Row{milliseconds{0}, true}, Row{milliseconds{999}, true},
                         Row{milliseconds{1000}, false}, Row{milliseconds{5000}, false}}) {
    const SnowflakeId high = make_snowflake(kTime + row.offset, 1, 1);
    EXPECT_EQ(before.sign(high) == after.sign(high), row.same_key) << row.offset.count();
    EXPECT_EQ(after.sign(high), unsorted.sign(high)) << row.offset.count();
    EXPECT_TRUE(after.verify(after.sign(high)));
    EXPECT_EQ(after.verify(before.sign(high)), row.same_key) << "an old key signs no newer ID";
  }
}

TEST(ClickIdKeysDeathTest, need_a_key) { EXPECT_DEATH(ClickIdKeys{{}}, "signing key"); }

/// Counts up, so that what is drawn is known.
class CountingEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = next_++;
  }

 private:
  std::uint8_t next_ = 0x0E;
};

TEST(RandomHex, is_lower_case_and_twice_as_long) {
  CountingEntropy entropy;
  EXPECT_EQ(random_hex(entropy, 3), "0e0f10");
  EXPECT_EQ(random_hex(entropy, 0), "");
  SystemEntropy system;
  const std::string token = random_hex(system, 32);
  EXPECT_EQ(token.size(), 64U);
  EXPECT_EQ(token.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(token, random_hex(system, 32));
}

}  // namespace
}  // namespace postback

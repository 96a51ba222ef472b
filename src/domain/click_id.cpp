// Click IDs as text, and their signatures.
#include "postback/domain/click_id.hpp"

#include "postback/base/check.hpp"

#include <sodium.h>

#include <algorithm>

namespace postback {
namespace {

constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  const auto set = [&digits](char character, std::size_t value) {
    digits[static_cast<unsigned char>(character)] = static_cast<std::uint8_t>(value);
    if (character >= 'a') digits[static_cast<unsigned char>(character - 'a' + 'A')] = static_cast<std::uint8_t>(value);
  };
  for (std::size_t value = 0; value < kAlphabet.size(); ++value) set(kAlphabet[value], value);
  set('o', 0);
  set('i', 1);
  set('l', 1);
  return digits;
}
constexpr std::array<std::uint8_t, 256> kDigits = make_digits();

using EightBytes = std::array<std::uint8_t, 8>;

EightBytes little_endian(std::uint64_t number) {
  EightBytes bytes;
  for (std::size_t at = 0; at < bytes.size(); ++at) bytes[at] = static_cast<std::uint8_t>(number >> (8 * at));
  return bytes;
}

std::uint64_t from_little_endian(const EightBytes& bytes) {
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) number |= std::uint64_t{bytes[at]} << (8 * at);
  return number;
}

static_assert(crypto_shorthash_siphash24_BYTES == std::tuple_size_v<EightBytes>);
static_assert(crypto_shorthash_siphash24_KEYBYTES == std::tuple_size_v<ClickIdKeys::KeyBytes>);

}  // namespace

std::array<char, kClickIdLength> encode_click_id(const ClickId& id) {
  std::array<char, kClickIdLength> text;
  std::uint64_t high = id.high;
  std::uint64_t low = id.low;
  for (auto character = text.rbegin(); character != text.rend(); ++character) {
    *character = kAlphabet[low & 31U];
    low = (low >> 5) | (high << 59);
    high >>= 5;
  }
  return text;
}

std::string to_string(const ClickId& id) {
  const std::array<char, kClickIdLength> text = encode_click_id(id);
  return {text.data(), text.size()};
}

std::optional<ClickId> parse_click_id(std::string_view text) {
  if (text.size() != kClickIdLength) return std::nullopt;
  ClickId id;
  for (const char character : text) {
    const std::uint8_t digit = kDigits[static_cast<unsigned char>(character)];
    if (digit == kNoDigit) return std::nullopt;
    // Bits pushed out at the top belong to the first character, which is judged below.
    id.high = (id.high << 5) | (id.low >> 59);
    id.low = (id.low << 5) | digit;
  }
  // 26 characters hold 130 bits: of the first one's five, two have no place and the next is the top bit of `high`.
  if (kDigits[static_cast<unsigned char>(text.front())] > 3) return std::nullopt;
  return id;
}

ClickIdKeys::ClickIdKeys(std::vector<Key> keys) : keys_(std::move(keys)) {
  check(!keys_.empty(), "click IDs need a signing key");
  std::ranges::stable_sort(keys_, {}, &Key::valid_from);
}

ClickId ClickIdKeys::sign(SnowflakeId high) const {
  // Newest first: nearly every ID is recent, and there are few keys.
  const auto valid_then = [time = snowflake_time(high)](const Key& key) { return key.valid_from <= time; };
  const auto newest = std::find_if(keys_.rbegin(), keys_.rend(), valid_then);
  const Key& key = newest == keys_.rend() ? keys_.front() : *newest;
  const EightBytes message = little_endian(high);
  EightBytes signature;
  crypto_shorthash_siphash24(signature.data(), message.data(), message.size(), key.bytes.data());
  return {high, from_little_endian(signature)};
}

bool ClickIdKeys::verify(const ClickId& id) const {
  const EightBytes given = little_endian(id.low);
  const EightBytes right = little_endian(sign(id.high).low);
  return sodium_memcmp(given.data(), right.data(), given.size()) == 0;
}

}  // namespace postback

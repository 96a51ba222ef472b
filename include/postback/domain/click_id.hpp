// ClickId: the 128-bit identifier that travels to the network and back, its text form and its keyed signature.
//
//   high  0 | 41 bits milliseconds since 2025-01-01T00:00Z | 10 bits node | 12 bits sequence    (a Snowflake ID)
//   low   SipHash-2-4 of the eight bytes of `high` (little-endian) under the key that was valid at the ID's own time
//   text  26 characters of lower-case Crockford base32, most significant first; the first character is 0 to 7
#pragma once

#include "postback/base/clock.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// Milliseconds of 2025-01-01T00:00:00Z since 1970: the origin of Snowflake times.
inline constexpr std::int64_t kSnowflakeEpochMs = 1'735'689'600'000;
inline constexpr unsigned kSnowflakeNodeBits = 10;
inline constexpr unsigned kSnowflakeSequenceBits = 12;
/// Node numbers run from 1 to 1022; 1023 is for imported clicks.
inline constexpr unsigned kImportNode = 1023;
inline constexpr std::size_t kClickIdLength = 26;

/// A time-ordered 63-bit ID: the click's primary key, and the ID of every log row.
using SnowflakeId = std::uint64_t;

constexpr SnowflakeId make_snowflake(TimeMs time, unsigned node, unsigned sequence) {
  const auto ms = static_cast<std::uint64_t>(time.time_since_epoch().count() - kSnowflakeEpochMs);
  return (ms << (kSnowflakeNodeBits + kSnowflakeSequenceBits)) | (std::uint64_t{node} << kSnowflakeSequenceBits) |
         sequence;
}
constexpr TimeMs snowflake_time(SnowflakeId id) {
  const auto ms = static_cast<std::int64_t>(id >> (kSnowflakeNodeBits + kSnowflakeSequenceBits));
  return TimeMs{std::chrono::milliseconds{ms + kSnowflakeEpochMs}};
}
constexpr unsigned snowflake_node(SnowflakeId id) {
  return static_cast<unsigned>((id >> kSnowflakeSequenceBits) & ((1U << kSnowflakeNodeBits) - 1));
}

struct ClickId {
  SnowflakeId high = 0;
  std::uint64_t low = 0;
  TimeMs time() const { return snowflake_time(high); }
  auto operator<=>(const ClickId&) const = default;
};

/// The text form, exactly kClickIdLength characters.
std::array<char, kClickIdLength> encode_click_id(const ClickId& id);
std::string to_string(const ClickId& id);

/// Reads the text form, in either case, with Crockford's aliases (o is 0, i and l are 1). Nothing if the length, an
/// alphabet character or the first character is wrong, or the top bit of `high` is set. Says nothing about the
/// signature.
std::optional<ClickId> parse_click_id(std::string_view text);

/// The signing keys, oldest first, each valid from a time on. Immutable and shared between threads.
class ClickIdKeys {
 public:
  using KeyBytes = std::array<std::uint8_t, 16>;
  struct Key {
    TimeMs valid_from;
    KeyBytes bytes;
  };

  /// `keys` must not be empty; the earliest one also covers all time before it.
  explicit ClickIdKeys(std::vector<Key> keys);

  /// The whole ID for a Snowflake: the same for ever, whatever keys were added since.
  ClickId sign(SnowflakeId high) const;
  /// Whether we issued it. Takes the same time for every wrong signature.
  bool verify(const ClickId& id) const;

 private:
  std::vector<Key> keys_;
};

}  // namespace postback

// Amount and Money: exact sums in millionths of a currency unit, never floating point.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postback {

/// A sum in millionths of the currency unit: 12.50 is 12'500'000.
using Micros = std::int64_t;

inline constexpr Micros kMicrosPerUnit = 1'000'000;
/// The largest sum accepted anywhere: 10^9 units.
inline constexpr Micros kLargestMicros = 1'000'000'000 * kMicrosPerUnit;

/// A sum with its currency (upper-case ISO 4217 code, or one declared in the catalog).
struct Money {
  Micros micros = 0;
  std::string currency;
  auto operator<=>(const Money&) const = default;
};

/// How a text was understood as a sum.
struct DecimalReading {
  enum class Kind {
    exact,     ///< Plain decimal, at most 6 decimals.
    rounded,   ///< More than 6 decimals; rounded half to even.
    repaired,  ///< Unambiguous, but not plain: `12,50`, `$12.50`, `12.50 USD`, `1,234.56`. `note` says how it was read.
    ambiguous,  ///< Two possible readings, such as `1,234`. `note` names both. No value.
    invalid,    ///< Not a decimal number: letters, NaN, hexadecimal, exponent, empty. `note` says why. No value.
    too_large,  ///< Beyond 10^9 either way. No value.
  };
  Kind kind = Kind::invalid;
  Micros micros = 0;  ///< Meaningful for exact, rounded and repaired.
  std::string
      currency;      ///< The currency written with the number (`$` is not one: several currencies use it), else empty.
  std::string note;  ///< A clause for people; empty for exact.
  bool has_value() const { return kind == Kind::exact || kind == Kind::rounded || kind == Kind::repaired; }
};

/// Reads a sum from text as networks write it (spec: Money). Negative sums are read; whether they are allowed is the
/// caller's decision. Never throws.
DecimalReading read_decimal(std::string_view text);

/// Strict: `-?digits[.digits]` with at most 6 decimals and at most 10^9, as in catalog files; otherwise nothing.
std::optional<Micros> parse_decimal(std::string_view text);

/// Decimal text with at least two decimals and no needless zeros after them: `12.50`, `0.005`, `-3.00`.
std::string format_decimal(Micros micros);

/// Whether `code` (exactly three upper-case letters) is an ISO 4217 currency in use. `XXX`, `XTS` and metals are not.
bool is_iso_currency(std::string_view code);

}  // namespace postback

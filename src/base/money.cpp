// Plain decimal text to millionths and back.
#include "postback/base/money.hpp"

#include "base/digits.hpp"
#include "base/number_parts.hpp"

#include <algorithm>

namespace postback {
namespace {

/// The number that `digits` spell, or nothing when it is beyond 10^9 or there is no digit or anything else.
std::optional<Micros> read_units(std::string_view digits) {
  if (digits.empty()) return std::nullopt;
  Micros units = 0;
  for (const char digit : digits) {
    if (!is_digit(digit)) return std::nullopt;
    units = units * 10 + (digit - '0');
    if (units > kLargestMicros / kMicrosPerUnit) return std::nullopt;
  }
  return units;
}

}  // namespace

std::optional<Micros> parse_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::optional<Micros> units = read_units(text.substr(0, point));
  if (!units) return std::nullopt;
  Micros micros = *units * kMicrosPerUnit;
  if (point < text.size()) {
    const std::string_view decimals = text.substr(point + 1);
    if (decimals.size() > kMicrosDecimals) return std::nullopt;
    std::optional<Micros> fraction = read_units(decimals);
    if (!fraction) return std::nullopt;
    for (std::size_t missing = decimals.size(); missing < kMicrosDecimals; ++missing) *fraction *= 10;
    micros += *fraction;
  }
  if (micros > kLargestMicros) return std::nullopt;
  return negative ? -micros : micros;
}

std::string format_decimal(Micros micros) {
  // Unsigned, since the smallest Micros has no positive counterpart.
  const std::uint64_t magnitude =
      micros < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
  constexpr auto kUnit = static_cast<std::uint64_t>(kMicrosPerUnit);
  std::string decimals = std::to_string(kUnit + magnitude % kUnit).substr(1);  // with its leading zeros
  while (decimals.size() > 2 && decimals.back() == '0') decimals.pop_back();
  return (micros < 0 ? "-" : "") + std::to_string(magnitude / kUnit) + "." + decimals;
}

}  // namespace postback

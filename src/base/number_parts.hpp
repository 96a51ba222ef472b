// The number inside a sum: which marks it uses, its parts and its value.
#pragma once

#include "postback/base/money.hpp"

#include <optional>
#include <string_view>

namespace postback {

/// A number taken apart. `decimal` and `group` are its decimal and thousands mark, 0 for none.
struct NumberParts {
  std::string_view whole;     ///< With its group marks; may be empty.
  std::string_view decimals;  ///< May be empty.
  char decimal = 0;
  char group = 0;

  bool has_digits() const { return !whole.empty() || !decimals.empty(); }
  /// Digits, with groups of three, if any, behind a first one of one to three digits that does not begin with 0.
  bool is_well_formed() const;
  /// One comma before exactly three digits, behind what could be a first group: thousands and decimals look the same.
  bool is_ambiguous() const;
  /// Digits with a decimal point or none, nothing to explain.
  bool is_plain() const;
};

/// Decimals that a sum in millionths can hold.
inline constexpr std::size_t kMicrosDecimals = 6;

/// Takes `number` (digits and marks) apart. Of `.` and `,` the later one is the decimal mark, one that stands twice is
/// not.
NumberParts split_number(std::string_view number);

/// The value of well-formed `parts`, rounded half to even; nothing beyond kLargestMicros. `rounded` is set when there
/// are more than six decimals.
std::optional<Micros> to_micros(const NumberParts& parts, bool& rounded);

}  // namespace postback

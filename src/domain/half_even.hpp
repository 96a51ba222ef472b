// Exact division of sums.
#pragma once

#include "postback/base/money.hpp"

namespace postback {

__extension__ using Wide = __int128;

/// `dividend / divisor`, rounded half to even. `divisor` is positive.
constexpr Wide divide_half_even(Wide dividend, Wide divisor) {
  Wide quotient = dividend / divisor;
  const Wide rest = dividend % divisor;
  const Wide twice = 2 * (rest < 0 ? -rest : rest);
  if (twice > divisor || (twice == divisor && quotient % 2 != 0)) quotient += dividend < 0 ? -1 : 1;
  return quotient;
}

/// 100 percent, in the millionths of a percent that shares are counted in.
inline constexpr std::int64_t kWholeShare = 100 * kMicrosPerUnit;

/// `share` (millionths of a percent, 0 to kWholeShare) of a sum.
constexpr Micros share_of(Micros sum, std::int64_t share) {
  return static_cast<Micros>(divide_half_even(Wide{sum} * share, kWholeShare));
}

}  // namespace postback

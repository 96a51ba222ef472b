// How long a rule holds a conversion.
#pragma once

#include "postback/base/clock.hpp"

namespace postback {

/// Conversion::hold_until of one that waits for a hand, not for a time.
inline constexpr TimeMs kUntilDecided = TimeMs::max();

}  // namespace postback

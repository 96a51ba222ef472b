// Bounds of batches of postbacks.
#pragma once

#include <cstddef>

namespace postback {

/// Beyond either a batch is refused as too_large, and none of its rows counts.
struct BatchLimits {
  std::size_t bytes = 1024 * 1024;  ///< Of the body.
  std::size_t rows = 1'000;
};

}  // namespace postback

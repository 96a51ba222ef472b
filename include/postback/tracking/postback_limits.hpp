// PostbackLimits: bounds on requests that did not authenticate.
#pragma once

#include <cstddef>

namespace postback {

/// All within a minute. Each is stated in docs/operating.md with what happens when it is reached.
struct PostbackLimits {
  std::size_t unauthenticated_per_peer = 600;  ///< 429 beyond it; 0: no limit.
  std::size_t unauthenticated_in_all = 6'000;  ///< The same for all addresses together.
  std::size_t logged_per_peer = 100;           ///< Beyond it a refusal is counted, not logged by itself.
  std::size_t logged_in_all = 1'000;
};

}  // namespace postback

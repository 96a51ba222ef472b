// BadKeys: counts refused API keys by address, so that nobody can try keys in numbers.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace postback::api {

/// Thread-safe and bounded: when too many addresses are counted, the one counted longest is forgotten.
class BadKeys {
 public:
  static constexpr unsigned kAllowed = 10;                     ///< Bad keys of one address in a window.
  static constexpr std::chrono::milliseconds kWindow{60'000};  ///< From an address's first bad key on.
  static constexpr std::size_t kAddresses = 10'000;

  explicit BadKeys(std::size_t addresses = kAddresses) : addresses_(addresses) {}

  struct Noted {
    std::chrono::milliseconds wait{0};  ///< Until the address's window ends, once its bad keys are too many; 0 before.
    bool first = false;                 ///< The first that is one too many.
  };
  /// Counts a bad key from `peer` at `now` (monotonic).
  Noted note(std::string_view peer, std::chrono::milliseconds now);

 private:
  struct Window {
    std::chrono::milliseconds start;
    unsigned count = 0;
  };
  void forget(std::chrono::milliseconds now);

  const std::size_t addresses_;
  std::mutex mutex_;
  std::unordered_map<std::string, Window> windows_;
  std::deque<std::string> oldest_first_;  ///< The keys of `windows_`, by start.
};

}  // namespace postback::api

// RequestCounts: how many postbacks came within the minute, by address and by network.
#pragma once

#include "postback/domain/click.hpp"
#include "postback/tracking/postback_limits.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace postback {

/// Thread-safe. Counts in minutes that start with their first request. Bounded: beyond kPeers addresses in a minute,
/// all further ones are counted as one.
class RequestCounts {
 public:
  static constexpr std::chrono::milliseconds kMinute{60'000};
  static constexpr std::size_t kPeers = 10'000;

  explicit RequestCounts(PostbackLimits limits, std::size_t peers = kPeers) : limits_(limits), most_peers_(peers) {}

  enum class Limit : std::uint8_t { none, peer, all };
  struct Refused {
    Limit limit = Limit::none;          ///< The rate that was exceeded.
    std::chrono::milliseconds wait{0};  ///< With a limit: until the minute ends.
    bool logged = true;                 ///< It gets a row of the log to itself.
  };
  /// Counts a refused request of a caller that did not authenticate. `now` is monotonic.
  Refused note_refused(std::string_view peer, std::chrono::milliseconds now);

  /// Counts an authenticated request to a network that allows `most` of them a minute. How long to wait, 0 if it is not
  /// one too many.
  std::chrono::milliseconds note_authenticated(EntityNumber network, std::uint32_t most, std::chrono::milliseconds now);

  const PostbackLimits& limits() const { return limits_; }

 private:
  void begin_minute(std::chrono::milliseconds now);
  std::size_t& count_of(std::string_view peer);

  const PostbackLimits limits_;
  const std::size_t most_peers_;
  std::mutex mutex_;
  std::chrono::milliseconds start_{-kMinute};
  std::size_t refused_ = 0;
  std::size_t others_ = 0;  ///< Of addresses that found no place.
  std::size_t logged_ = 0;
  std::unordered_map<std::string, std::size_t> peers_;
  std::unordered_map<EntityNumber, std::uint32_t> networks_;
};

}  // namespace postback

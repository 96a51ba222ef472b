// OutgoingPins: which hosts libcurl was told the addresses of, so that it can be told to forget them.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_set>
#include <utility>

namespace postback::net {

/// Bounded: the host that came first gives way. What is forgotten is told anew with the host's next request.
class OutgoingPins {
 public:
  explicit OutgoingPins(std::size_t most = 1'024) : most_(most) {}
  /// Notes a `host:port` and returns one to forget, or an empty text.
  std::string note(const std::string& pin) {
    if (!known_.insert(pin).second) return {};
    order_.push_back(pin);
    if (order_.size() <= most_) return {};
    auto forgotten = std::move(order_.front());
    order_.pop_front();
    known_.erase(forgotten);
    return forgotten;
  }

 private:
  std::size_t most_;
  std::unordered_set<std::string> known_;
  std::deque<std::string> order_;
};

}  // namespace postback::net

// NameCache: answers of name look-ups that are used again for a while.
#pragma once

#include "postback/net/resolver.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace postback::net {

/// Bounded: the name that was looked up longest ago gives way. For one thread at a time.
class NameCache {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit NameCache(const ResolverSettings& settings) : settings_(settings) {}
  /// Nothing if it is not known or too old.
  std::optional<Resolver::Answer> find(const std::string& name, Time now) const;
  void keep(const std::string& name, Resolver::Answer answer, Time now);

 private:
  struct Entry {
    Resolver::Answer answer;
    Time until;
  };
  const ResolverSettings& settings_;
  std::unordered_map<std::string, Entry> entries_;
  std::deque<std::string> order_;  ///< Each name once, as it came in.
};

}  // namespace postback::net

// Resolver: the addresses of a host's name.
#pragma once

#include "postback/base/address_range.hpp"
#include "postback/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace postback::net {

/// Thread-safe.
class Resolver {
 public:
  /// Never empty when successful, in the order in which to try them. Errors: not_found (no such name, or one without
  /// addresses), deadline_exceeded, io_failed.
  using Answer = Result<std::vector<Address>>;
  using Completion = std::function<void(const Answer&)>;
  virtual ~Resolver() = default;
  /// Looks up IPv4 and IPv6 addresses. `done` is called once: before this returns if the answer is at hand, else on a
  /// thread of the resolver, at the latest when that ends.
  virtual void resolve(const std::string& name, Completion done) = 0;
};

struct ResolverSettings {
  std::chrono::milliseconds limit{5'000};         ///< For one name.
  std::chrono::milliseconds kept{30'000};         ///< How long an answer is used again.
  std::chrono::milliseconds failure_kept{2'000};  ///< The same for a failure.
  std::size_t most_kept = 4'096;                  ///< Names; the oldest gives way.
  std::size_t most_under_way = 1'024;             ///< Names looked up at once; beyond it io_failed.
  std::string servers{};                          ///< `192.0.2.1:53,…`; empty: the system's (/etc/resolv.conf).
};

/// Asks /etc/hosts and then DNS, on one thread of its own; names do not wait for each other. Error: io_failed.
Result<std::unique_ptr<Resolver>> make_resolver(ResolverSettings settings = {});

}  // namespace postback::net

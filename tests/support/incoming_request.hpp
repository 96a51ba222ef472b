// IncomingRequest: a postback by its whole target, taken the way that the server takes it up to its reading.
#pragma once

#include "postback/domain/matcher.hpp"
#include "support/fake_clock.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postback {

/// A request; target and body go through with_samples.
struct IncomingRequest {
  std::string target;
  std::string method = "GET";
  std::string content_type{};
  std::string headers{};
  std::string body{};
  std::string peer = "192.0.2.1";
  bool secure = false;
  std::string forwarded_for{};
  TimeMs arrival = FakeClock::kStart;
  std::optional<Authentication> authenticated{};
  bool body_too_large = false;
  std::optional<std::vector<EntityNumber>> proved_to{};  ///< It waited for its click.
};

/// Reads it with the sample keys: the path gives the shape, and where that leaves the network to the click, the offer
/// of `clicks` does (in place of the store).
Reading read_request(const IncomingRequest& request, const std::shared_ptr<const Catalog>& catalog,
                     const std::vector<ClickFacts>& clicks = {});

}  // namespace postback

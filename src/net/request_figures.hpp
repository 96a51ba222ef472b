// RequestFigures: the counts and durations of one io thread's requests.
#pragma once

#include "postback/base/histogram.hpp"
#include "postback/http/router.hpp"
#include "postback/net/route_reading.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace postback::net {

/// Everything is made in the constructor: noting a request allocates nothing and touches no other thread's memory.
class RequestFigures {
 public:
  /// `routes` must outlive this.
  explicit RequestFigures(const std::vector<http::Route>& routes);

  /// By the owning thread. `route`: one of `routes`, or null.
  void note(const http::Route* route, http::Method method, int status, std::chrono::nanoseconds duration) noexcept;
  /// By any thread: adds what is here to the readings of the same label, and those that are missing at the end.
  void add_to(std::vector<RouteReading>& readings) const;

 private:
  static constexpr std::size_t kMethods = static_cast<std::size_t>(http::Method::other) + 1;
  /// Every status with a reason phrase, and 0 for any other.
  static constexpr std::array kStatuses = {0,   200, 201, 204, 302, 303, 304, 307, 400, 401, 403, 404, 405, 408,
                                           409, 412, 413, 414, 415, 417, 422, 429, 431, 500, 501, 503, 505};
  struct LabelFigures {
    std::string label;
    std::array<std::array<OwnedCount, kStatuses.size()>, kMethods> counts;
    Histogram<kRequestDurationBounds.size()> durations{kRequestDurationBounds};
  };
  static std::size_t index_of(int status) noexcept;
  LabelFigures& figures_of(const std::string& label);
  static void add_to(RouteReading& reading, const LabelFigures& figures);

  const std::vector<http::Route>& routes_;
  std::vector<std::unique_ptr<LabelFigures>> labels_;  ///< The first is of requests without a route.
  std::vector<LabelFigures*> by_route_;
};

}  // namespace postback::net

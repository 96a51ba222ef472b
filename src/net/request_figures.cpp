// Noting requests on their thread, and adding up what the threads noted.
#include "net/request_figures.hpp"

#include <algorithm>

namespace postback::net {

RequestFigures::RequestFigures(const std::vector<http::Route>& routes) : routes_(routes) {
  figures_of(std::string(kUnmatched));
  for (const auto& route : routes) by_route_.push_back(&figures_of(http::label_of(route)));
}

RequestFigures::LabelFigures& RequestFigures::figures_of(const std::string& label) {
  for (const auto& figures : labels_)
    if (figures->label == label) return *figures;
  labels_.push_back(std::make_unique<LabelFigures>());
  labels_.back()->label = label;
  return *labels_.back();
}

std::size_t RequestFigures::index_of(int status) noexcept {
  const auto found = std::lower_bound(kStatuses.begin(), kStatuses.end(), status);
  return found == kStatuses.end() || *found != status ? 0 : static_cast<std::size_t>(found - kStatuses.begin());
}

void RequestFigures::note(const http::Route* route, http::Method method, int status,
                          std::chrono::nanoseconds duration) noexcept {
  auto& figures = route == nullptr ? *labels_.front() : *by_route_[static_cast<std::size_t>(route - routes_.data())];
  figures.counts[static_cast<std::size_t>(method)][index_of(status)].add(1);
  figures.durations.observe(static_cast<std::uint64_t>(std::max<std::int64_t>(0, duration.count())));
}

void RequestFigures::add_to(std::vector<RouteReading>& readings) const {
  for (const auto& figures : labels_) {
    auto reading = std::ranges::find(readings, figures->label, &RouteReading::label);
    if (reading == readings.end()) {
      readings.push_back({.label = figures->label, .counts = {}, .durations = {}});
      reading = readings.end() - 1;
    }
    add_to(*reading, *figures);
  }
}

void RequestFigures::add_to(RouteReading& reading, const LabelFigures& figures) {
  figures.durations.add_to(reading.durations);
  for (std::size_t m = 0; m < kMethods; ++m) {
    for (std::size_t s = 0; s < kStatuses.size(); ++s) {
      const auto requests = figures.counts[m][s].read();
      if (requests == 0) continue;
      const auto method = static_cast<http::Method>(m);
      const auto same = [&](const RouteReading::Count& count) {
        return count.method == method && count.status == kStatuses[s];
      };
      if (const auto count = std::ranges::find_if(reading.counts, same); count != reading.counts.end()) {
        count->requests += requests;
      } else {
        reading.counts.push_back({method, kStatuses[s], requests});
      }
    }
  }
}

}  // namespace postback::net

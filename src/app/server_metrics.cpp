// Writes the metric families of server and tracking.
#include "app/server_metrics.hpp"

#include <atomic>
#include <cstdint>
#include <string>

namespace postback {

namespace {

std::uint64_t load(const std::atomic<std::uint64_t>& figure) { return figure.load(std::memory_order_relaxed); }

}  // namespace

void append_server_metrics(MetricText& text, const net::ServerFigures& figures, const net::ServerFigures* api) {
  const auto sum = [&](std::atomic<std::uint64_t> net::ServerFigures::*figure) {
    return load(figures.*figure) + (api == nullptr ? 0 : load(api->*figure));
  };
  using Figures = net::ServerFigures;
  text.gauge("postbackd_connections_open", "Client connections open now.", sum(&Figures::connections_open));
  text.counter("postbackd_connections_accepted_total", "Client connections accepted.",
               sum(&Figures::connections_accepted));
  text.counter("postbackd_requests_refused_total", "Requests refused for their framing, size or slowness.",
               sum(&Figures::requests_refused));
  text.counter("postbackd_accept_errors_total", "Failures to accept, such as too few file descriptors.",
               sum(&Figures::accept_errors));
}

void append_request_metrics(MetricText& text, const std::vector<net::RouteReading>& requests) {
  text.family("postbackd_http_requests_total", MetricType::counter, "Requests answered, by route, method and status.");
  for (const auto& reading : requests) {
    for (const auto& count : reading.counts) {
      const auto method = count.method == http::Method::other ? "other" : to_string(count.method);
      const auto status = count.status == 0 ? "other" : std::to_string(count.status);
      const MetricLabel labels[] = {{"route", reading.label}, {"method", method}, {"status", status}};
      text.sample(labels, count.requests);
    }
  }
  text.family("postbackd_http_request_duration_seconds", MetricType::histogram,
              "Time from the complete request to the complete answer, by route.");
  for (const auto& reading : requests) {
    const MetricLabel route{"route", reading.label};
    text.histogram({&route, 1}, net::kRequestDurationBounds, reading.durations, 9);
  }
}

void append_tracking_metrics(MetricText& text, const TrackingFigures& figures) {
  text.counter("postbackd_clicks_unknown_campaign_total", "Visits to tracking links that do not exist.",
               load(figures.unknown_campaign));
  text.counter("postbackd_clicks_paused_campaign_total", "Visits to tracking links of paused campaigns.",
               load(figures.paused_campaign));
  text.counter("postbackd_clicks_prefetched_total", "Requests of browsers that loaded a link ahead of a click.",
               load(figures.prefetches));
  text.counter("postbackd_ctas_unknown_total",
               "Ways out of a lander by no click ID of ours, or by one whose click is not there.",
               load(figures.unknown_ctas));
  text.counter("postbackd_deep_links_ignored_total", "Links that named a page which their offer does not allow.",
               load(figures.deep_links_ignored));
  text.counter("postbackd_click_values_cut_total", "Visitors' values that were too long and were cut.",
               load(figures.values_cut));
  text.counter("postbackd_user_agents_parsed_total", "User agents that the I/O thread did not remember.",
               load(figures.user_agents_parsed));
  text.counter("postbackd_click_locations_bared_total", "Redirects that grew over 8 KiB and kept only the click ID.",
               load(figures.locations_bared));
  text.counter("postbackd_postbacks_unlogged_total",
               "Postbacks refused under a flood: counted in one row per minute and code, not logged one by one.",
               load(figures.refusals_unlogged));
}

void append_retention_metrics(MetricText& text, const RetentionFigures& figures) {
  text.counter("postbackd_clicks_forgotten_total", "Clicks that lost what was personal in them by their age.",
               load(figures.clicks_forgotten));
  text.counter("postbackd_postbacks_forgotten_total", "Logged postbacks that lost what they said by their age.",
               load(figures.postbacks_forgotten));
  text.counter("postbackd_deliveries_forgotten_total", "Deliveries whose attempts lost what they said by their age.",
               load(figures.deliveries_forgotten));
  text.gauge("postbackd_retention_held_back", "Tables in which retention waits for confirmation.",
             load(figures.held_back));
}

}  // namespace postback

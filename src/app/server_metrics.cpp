// Writes the metric families of server and tracking.
#include "app/server_metrics.hpp"

#include <atomic>
#include <cstdint>
#include <string_view>

namespace postback {

namespace {

void append(std::string& out, std::string_view name, std::string_view type, std::string_view help,
            std::uint64_t figure) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ").append(type);
  out.append("\n").append(name).append(" ").append(std::to_string(figure)).append("\n");
}

void append(std::string& out, std::string_view name, std::string_view type, std::string_view help,
            const std::atomic<std::uint64_t>& figure) {
  append(out, name, type, help, figure.load(std::memory_order_relaxed));
}

}  // namespace

void append_server_metrics(std::string& out, const net::ServerFigures& figures, const net::ServerFigures* api) {
  const auto sum = [&](std::atomic<std::uint64_t> net::ServerFigures::*figure) {
    const auto own = (figures.*figure).load(std::memory_order_relaxed);
    return own + (api == nullptr ? 0 : (api->*figure).load(std::memory_order_relaxed));
  };
  using Figures = net::ServerFigures;
  append(out, "postbackd_connections_open", "gauge", "Client connections open now.", sum(&Figures::connections_open));
  append(out, "postbackd_connections_accepted_total", "counter", "Client connections accepted.",
         sum(&Figures::connections_accepted));
  append(out, "postbackd_requests_refused_total", "counter", "Requests refused for their framing, size or slowness.",
         sum(&Figures::requests_refused));
  append(out, "postbackd_accept_errors_total", "counter", "Failures to accept, such as too few file descriptors.",
         sum(&Figures::accept_errors));
}

void append_tracking_metrics(std::string& out, const TrackingFigures& figures) {
  append(out, "postbackd_clicks_unknown_campaign_total", "counter", "Visits to tracking links that do not exist.",
         figures.unknown_campaign);
  append(out, "postbackd_clicks_paused_campaign_total", "counter", "Visits to tracking links of paused campaigns.",
         figures.paused_campaign);
  append(out, "postbackd_clicks_prefetched_total", "counter",
         "Requests of browsers that loaded a link ahead of a click.", figures.prefetches);
  append(out, "postbackd_click_values_cut_total", "counter", "Visitors' values that were too long and were cut.",
         figures.values_cut);
  append(out, "postbackd_click_locations_bared_total", "counter",
         "Redirects that grew over 8 KiB and kept only the click ID.", figures.locations_bared);
}

}  // namespace postback

// The metric families of server and tracking, for /metrics.
#pragma once

#include "postback/net/server.hpp"
#include "postback/tracking/tracking.hpp"

#include <string>

namespace postback {

/// Prometheus text format 0.0.4. Any thread. `api`: the API's own listener, counted in; null when it has none.
void append_server_metrics(std::string& out, const net::ServerFigures& figures, const net::ServerFigures* api);
void append_tracking_metrics(std::string& out, const TrackingFigures& figures);

}  // namespace postback

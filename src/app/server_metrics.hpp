// The metric families of server and tracking, for /metrics.
#pragma once

#include "postback/net/server.hpp"
#include "postback/tracking/tracking.hpp"

#include <string>

namespace postback {

/// Prometheus text format 0.0.4. Any thread.
void append_server_metrics(std::string& out, const net::ServerFigures& figures);
void append_tracking_metrics(std::string& out, const TrackingFigures& figures);

}  // namespace postback

// The metric families of server and tracking, for /metrics.
#pragma once

#include "postback/base/metric_text.hpp"
#include "postback/net/server.hpp"
#include "postback/store/retention.hpp"
#include "postback/tracking/tracking.hpp"

#include <vector>

namespace postback {

// Any thread.
/// `api`: the API's own listener, counted in; null when it has none.
void append_server_metrics(MetricText& text, const net::ServerFigures& figures, const net::ServerFigures* api);
void append_request_metrics(MetricText& text, const std::vector<net::RouteReading>& requests);
void append_tracking_metrics(MetricText& text, const TrackingFigures& figures);
void append_retention_metrics(MetricText& text, const RetentionFigures& figures);

}  // namespace postback

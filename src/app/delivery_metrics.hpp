// The metric families of outgoing postbacks.
#pragma once

#include "postback/base/metric_text.hpp"
#include "postback/delivery/figures.hpp"

namespace postback {

/// Any thread.
void append_delivery_metrics(MetricText& text, const delivery::DeliveryFigures& figures);

}  // namespace postback

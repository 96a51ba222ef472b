// The metric families of the process, by the names that Prometheus clients share.
#pragma once

#include "postback/base/metric_text.hpp"

namespace postback {

/// From /proc; what cannot be read there is left out. Any thread.
void append_process_metrics(MetricText& text);

}  // namespace postback

// Writes the metric families of outgoing postbacks.
#include "app/delivery_metrics.hpp"

#include "postback/domain/delivery.hpp"

#include <atomic>

namespace postback {
namespace {

std::uint64_t load(const std::atomic<std::uint64_t>& figure) { return figure.load(std::memory_order_relaxed); }

void append_results(MetricText& text, const delivery::DeliveryFigures& figures) {
  text.family("postbackd_deliveries_total", MetricType::counter, "Deliveries that ended, by how.");
  for (std::size_t n = 0; n < delivery::kStateCount; ++n) {
    const auto state = static_cast<DeliveryState>(n);
    // What an operator cancels is in the audit log.
    if (state == DeliveryState::pending || state == DeliveryState::cancelled) continue;
    const MetricLabel label{"result", to_string(state)};
    text.sample({&label, 1}, figures.results[n].read());
  }
  text.family("postbackd_delivery_attempts_total", MetricType::counter, "Attempts of deliveries, by how they ended.");
  for (std::size_t n = 0; n < delivery::kReasonCount; ++n) {
    const MetricLabel label{"reason", to_string(static_cast<AttemptReason>(n))};
    text.sample({&label, 1}, figures.attempts[n].read());
  }
}

}  // namespace

void append_delivery_metrics(MetricText& text, const delivery::DeliveryFigures& figures) {
  append_results(text, figures);
  text.counter("postbackd_deliveries_planned_total", "Deliveries written down to be sent.", figures.planned.read());
  text.counter("postbackd_delivery_store_refusals_total", "Times that sending waited for a store that refused.",
               figures.store_refusals.read());
  text.gauge("postbackd_deliveries_in_flight", "Requests of deliveries under way now.", load(figures.in_flight));
  text.gauge("postbackd_deliveries_pending", "Deliveries that wait for an attempt.", load(figures.pending));
  text.gauge("postbackd_delivery_queue_items", "Deliveries that are due and wait in memory.", load(figures.in_memory));
  text.gauge("postbackd_delivery_hosts_paused", "Servers left alone after failures in a row.",
             load(figures.hosts_paused));
  text.gauge("postbackd_delivery_destinations_held",
             "Destinations that are paused or left alone while deliveries wait.", load(figures.destinations_held));
  text.gauge("postbackd_delivery_plan_delay_seconds", "Age of the oldest event that no delivery was planned for yet.",
             load(figures.plan_delay_ms), 3);
  text.family("postbackd_delivery_attempt_duration_seconds", MetricType::histogram,
              "Time from the beginning of an attempt to the end of its answer.");
  text.histogram({}, delivery::kAttemptDurationBounds, figures.durations.read(), 3);
}

}  // namespace postback

// Counting lost visits between two lines of the log.
#include "store/visit_losses.hpp"

#include "postback/base/log.hpp"
#include "postback/store/visit_items.hpp"

namespace postback {

void VisitLosses::add(const Item& visit, std::string_view reason) noexcept {
  if (visit.kind == ItemKind::click) clicks_.fetch_add(1, std::memory_order_relaxed);
  if (visit.kind == ItemKind::cta) ctas_.fetch_add(1, std::memory_order_relaxed);
  if (visit.kind == ItemKind::impression) {
    impressions_.fetch_add(static_cast<const ImpressionItem&>(visit).impressions.count, std::memory_order_relaxed);
  }
  // Looked at first: in a flood only the first of them writes here.
  if (going_on() || going_on_.exchange(true)) return;
  spdlog::error("recorder.losing_visits reason={} action=\"visitors are redirected, nothing is kept of their visits\"",
                log_value(reason));
}

void VisitLosses::end() {
  if (!going_on_.exchange(false)) return;
  const auto clicks = clicks_.exchange(0);
  const auto ctas = ctas_.exchange(0);
  const auto impressions = impressions_.exchange(0);
  spdlog::error("recorder.visits_lost clicks={} ctas={} impressions={} detail=\"postbacks for them are click_unknown\"",
                clicks, ctas, impressions);
}

}  // namespace postback

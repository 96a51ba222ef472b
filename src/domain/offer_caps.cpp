// Comparing counts with caps, and following fallbacks.
#include "postback/domain/offer_caps.hpp"

#include "domain/catalog_entities.hpp"

#include <chrono>

namespace postback {

std::string_view reached_cap(const OfferCaps& caps, const OfferCounts& counts) {
  if (caps.day != 0 && counts.day >= caps.day) return "day";
  if (caps.month != 0 && counts.month >= caps.month) return "month";
  if (caps.total != 0 && counts.total >= caps.total) return "total";
  return {};
}

const Offer& open_offer(const Catalog& catalog, const Offer& chosen, const OfferCounter* counter, TimeMs now) {
  const Offer* offer = &chosen;
  for (std::size_t passed = 1; passed < kLongestFallbackChain && offer->fallback != 0; ++passed) {
    const bool full = counter != nullptr && offer->caps.any() &&
                      !reached_cap(offer->caps, counter->counts(offer->number, now)).empty();
    if (!full && !offer->archived) break;
    const Offer* const next = catalog.offer(offer->fallback);
    if (next == nullptr) break;
    offer = next;
  }
  return *offer;
}

std::int64_t utc_day(TimeMs time) { return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count(); }

std::int64_t utc_month(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return (static_cast<int>(date.year()) - 1970) * 12 + static_cast<std::int64_t>(static_cast<unsigned>(date.month())) -
         1;
}

}  // namespace postback

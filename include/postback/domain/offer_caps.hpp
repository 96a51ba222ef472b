// Caps of offers: which offer a click goes to while the chosen one has had its conversions.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/matcher.hpp"

#include <string_view>

namespace postback {

/// Knows how many conversions offers have had. Callable from any thread, without a lock.
class OfferCounter {
 public:
  virtual ~OfferCounter() = default;
  /// As of the UTC day and month of `now`.
  virtual OfferCounts counts(EntityNumber offer, TimeMs now) const = 0;
};

/// Which cap is reached: `day`, `month` or `total`; empty: none.
std::string_view reached_cap(const OfferCaps& caps, const OfferCounts& counts);

/// `chosen`, or, while it is capped or archived and has a fallback, that one, and so on. At the end of the chain caps
/// no longer matter: a visitor is never turned away. `counter`: null does without caps.
const Offer& open_offer(const Catalog& catalog, const Offer& chosen, const OfferCounter* counter, TimeMs now);

/// Days since 1970, UTC.
std::int64_t utc_day(TimeMs time);
/// Months since January 1970, UTC, of a day.
std::int64_t utc_month(std::int64_t day);

}  // namespace postback

// Counting conversions of offers in memory.
#include "postback/store/offer_counters.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::uint64_t pack(std::int64_t period, std::uint64_t count) {
  return (static_cast<std::uint64_t>(period) << 32U) | std::min<std::uint64_t>(count, 0xFFFFFFFF);
}
constexpr std::int64_t period_of(std::uint64_t packed) { return static_cast<std::int64_t>(packed >> 32U); }
constexpr std::uint64_t count_of(std::uint64_t packed) { return packed & 0xFFFFFFFF; }

/// Never below 0: a rejection may reach an older count than the one it belongs to.
std::uint64_t changed(std::uint64_t count, std::int64_t by) {
  return by < 0 && static_cast<std::uint64_t>(-by) > count ? 0 : count + static_cast<std::uint64_t>(by);
}

/// Counts in the newest period only; an older one can be capped no more.
void add_to(std::atomic<std::uint64_t>& slot, std::int64_t period, std::int64_t conversions) {
  const std::uint64_t before = slot.load(std::memory_order_relaxed);
  if (period < period_of(before)) return;
  const std::uint64_t count = period == period_of(before) ? count_of(before) : 0;
  slot.store(pack(period, changed(count, conversions)), std::memory_order_relaxed);
}

std::uint64_t count_in(const std::atomic<std::uint64_t>& slot, std::int64_t period) {
  const std::uint64_t packed = slot.load(std::memory_order_relaxed);
  return period_of(packed) == period ? count_of(packed) : 0;
}

}  // namespace

OfferCounters::~OfferCounters() {
  for (auto& block : blocks_) delete block.load(std::memory_order_relaxed);
}

void OfferCounters::add(EntityNumber offer, std::int64_t day, std::int64_t conversions) {
  if (offer >= kBlock * kBlocks || day < 0) return;
  auto& place = blocks_[offer / kBlock];
  Block* block = place.load(std::memory_order_relaxed);
  if (block == nullptr) {
    block = new Block();
    place.store(block, std::memory_order_release);
  }
  Counter& counter = (*block)[offer % kBlock];
  add_to(counter.day, day, conversions);
  add_to(counter.month, utc_month(day), conversions);
  counter.total.fetch_add(conversions, std::memory_order_relaxed);
}

OfferCounts OfferCounters::counts(EntityNumber offer, TimeMs now) const {
  if (offer >= kBlock * kBlocks) return {};
  const Block* const block = blocks_[offer / kBlock].load(std::memory_order_acquire);
  if (block == nullptr) return {};
  const Counter& counter = (*block)[offer % kBlock];
  const std::int64_t day = utc_day(now);
  const std::int64_t total = counter.total.load(std::memory_order_relaxed);
  return {.day = count_in(counter.day, day),
          .month = count_in(counter.month, utc_month(day)),
          .total = total > 0 ? static_cast<std::uint64_t>(total) : 0};
}

}  // namespace postback

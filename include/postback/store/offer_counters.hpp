// OfferCounters: how many conversions offers have had, in memory, for the click path.
#pragma once

#include "postback/domain/offer_caps.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace postback {

/// Written by one thread at a time, read by any without a lock. Numbers of offers beyond a million are not counted.
class OfferCounters final : public OfferCounter {
 public:
  OfferCounters() = default;
  ~OfferCounters() override;
  OfferCounters(const OfferCounters&) = delete;
  OfferCounters& operator=(const OfferCounters&) = delete;

  /// `conversions` more (or fewer) on a UTC day, in days since 1970.
  void add(EntityNumber offer, std::int64_t day, std::int64_t conversions);
  OfferCounts counts(EntityNumber offer, TimeMs now) const override;

 private:
  /// The newest day and month that had conversions, each with their number in the lower half.
  struct Counter {
    std::atomic<std::uint64_t> day{0};
    std::atomic<std::uint64_t> month{0};
    std::atomic<std::int64_t> total{0};
  };
  static constexpr std::size_t kBlock = 256;
  static constexpr std::size_t kBlocks = 4096;
  using Block = std::array<Counter, kBlock>;

  std::array<std::atomic<Block*>, kBlocks> blocks_{};  ///< Made when needed; owned.
};

}  // namespace postback

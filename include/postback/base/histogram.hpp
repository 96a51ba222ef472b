// Histogram: counts of observed values by size, written by one thread and read by any.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace postback {

/// A count that one thread writes and any reads: no locked instruction, no cache line that threads contend for.
class OwnedCount {
 public:
  void add(std::uint64_t amount) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  std::uint64_t read() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// What a histogram held when it was read, or several of the same bounds together.
struct HistogramReading {
  std::vector<std::uint64_t> counts;  ///< By bucket, not cumulative; the last is of values above all bounds.
  std::uint64_t sum = 0;              ///< Of the values observed.
};

/// `Size` buckets with an upper bound each, ascending and inclusive, and one for everything above them. A value is
/// found by comparing upwards, so small values are the cheapest.
template <std::size_t Size>
class Histogram {
 public:
  using Bounds = std::array<std::uint64_t, Size>;
  /// `bounds` must outlive the histogram.
  explicit Histogram(const Bounds& bounds) : bounds_(bounds) {}

  /// By the owning thread.
  void observe(std::uint64_t value) noexcept {
    std::size_t index = 0;
    while (index < Size && value > bounds_[index]) ++index;
    counts_[index].add(1);
    sum_.add(value);
  }

  const Bounds& bounds() const { return bounds_; }

  /// By any thread: adds what is here to `reading`. Counts and sum may differ by a value that is just being observed.
  void add_to(HistogramReading& reading) const {
    reading.counts.resize(Size + 1);
    for (std::size_t i = 0; i <= Size; ++i) reading.counts[i] += counts_[i].read();
    reading.sum += sum_.read();
  }
  HistogramReading read() const {
    HistogramReading reading;
    add_to(reading);
    return reading;
  }

 private:
  const Bounds& bounds_;
  std::array<OwnedCount, Size + 1> counts_;
  OwnedCount sum_;
};

}  // namespace postback

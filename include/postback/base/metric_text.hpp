// MetricText: writes a metrics page in the Prometheus text format 0.0.4.
#pragma once

#include "postback/base/histogram.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace postback {

enum class MetricType : std::uint8_t { counter, gauge, histogram };

struct MetricLabel {
  std::string_view name;
  std::string_view value;  ///< Any valid UTF-8; escaped by the writer.
};
using MetricLabels = std::span<const MetricLabel>;

/// Appends families to a page. Each begins with `family`; the samples that follow belong to it. Values are whole
/// numbers with `decimals` digits behind the point: 1'500'000 with 9 decimals is written 0.0015, so that a count of
/// nanoseconds becomes seconds without rounding.
class MetricText {
 public:
  explicit MetricText(std::string& page) : page_(page) {}

  MetricText& family(std::string_view name, MetricType type, std::string_view help);
  MetricText& sample(MetricLabels labels, std::uint64_t value, unsigned decimals = 0);
  MetricText& sample(std::uint64_t value, unsigned decimals = 0) { return sample({}, value, decimals); }
  /// The series of one histogram: its buckets, cumulative, then sum and count. `bounds` and `sum` have `decimals`.
  MetricText& histogram(MetricLabels labels, std::span<const std::uint64_t> bounds, const HistogramReading& reading,
                        unsigned decimals = 0);

  // A family with one sample.
  void counter(std::string_view name, std::string_view help, std::uint64_t value, unsigned decimals = 0) {
    family(name, MetricType::counter, help).sample(value, decimals);
  }
  void gauge(std::string_view name, std::string_view help, std::uint64_t value, unsigned decimals = 0) {
    family(name, MetricType::gauge, help).sample(value, decimals);
  }

 private:
  void series(std::string_view suffix, MetricLabels labels, std::string_view bound, std::string_view value);

  std::string& page_;
  std::string name_;  ///< Of the family under way.
};

}  // namespace postback

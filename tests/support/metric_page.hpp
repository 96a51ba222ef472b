// MetricPage: a page in the Prometheus text format, read back; and what is wrong with it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace postback::testing {

struct MetricSample {
  std::string name;  ///< With the suffix of a histogram's series.
  std::map<std::string, std::string> labels;
  double value = 0;
};

struct MetricFamilyText {
  std::string name;
  std::string type;
  std::string help;
  std::vector<MetricSample> samples;

  /// The names of the labels of all samples, without the `le` of buckets.
  std::set<std::string> label_names() const;
};

struct MetricPage {
  std::vector<MetricFamilyText> families;
  std::vector<std::string> findings;  ///< What is wrong with its form.

  /// Null when there is none.
  const MetricFamilyText* family(std::string_view name) const;
  /// The value of the series with these labels; throws when there is none.
  double value(std::string_view name, const std::map<std::string, std::string>& labels = {}) const;
};

MetricPage read_metric_page(std::string_view text);

/// Everything that is wrong with a page: its form, and what `promtool check metrics` holds against names, units, help
/// and types, and against histograms that do not add up.
std::vector<std::string> lint_metrics(std::string_view text);

}  // namespace postback::testing

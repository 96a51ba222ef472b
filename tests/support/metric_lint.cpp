// The rules for names, units, help and histograms of a metrics page.
#include "support/metric_page.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace postback::testing {
namespace {

using Findings = std::vector<std::string>;
using Labels = std::map<std::string, std::string>;

/// Whether `word` is one of the parts of `name` between underscores.
bool has_word(const std::string& name, std::string_view word) {
  return ("_" + name + "_").find("_" + std::string(word) + "_") != std::string::npos;
}

void lint_name(const MetricFamilyText& family, Findings& findings) {
  const auto& name = family.name;
  const auto find = [&](const std::string& what) { findings.push_back(name + ": " + what); };
  const bool total = name.ends_with("_total");
  if (family.type == "counter" && !total) find("a counter's name ends in _total");
  if (family.type != "counter" && total) find("only a counter's name ends in _total");
  if (name.find(':') != std::string::npos) find("colons are for recording rules");
  for (const auto* suffix : {"_bucket", "_sum", "_count"})
    if (name.ends_with(suffix)) find("the ending " + std::string(suffix) + " is for histograms");
  for (const auto* type : {"counter", "gauge", "histogram", "summary", "metric"})
    if (has_word(name, type)) find("the type is no part of the name");
  for (const auto* unit :
       {"ms",        "us",        "ns",      "milliseconds", "microseconds", "nanoseconds", "minutes",   "hours",
        "days",      "bits",      "kb",      "mb",           "kib",          "mib",         "kilobytes", "megabytes",
        "kibibytes", "mebibytes", "percent", "sec",          "secs",         "s",           "b"})
    if (has_word(name, unit)) find("units are seconds, bytes and ratios, written out");
}

void lint_text(const MetricFamilyText& family, Findings& findings) {
  if (family.help.find_first_not_of(' ') == std::string::npos) findings.push_back(family.name + ": no help");
  if (family.type != "counter" && family.type != "gauge" && family.type != "histogram")
    findings.push_back(family.name + ": the type '" + family.type + "' is not known here");
  std::set<std::pair<std::string, Labels>> seen;
  for (const auto& sample : family.samples) {
    if (!seen.emplace(sample.name, sample.labels).second) findings.push_back(family.name + ": a series stands twice");
    if (sample.labels.contains("le") != (family.type == "histogram" && sample.name == family.name + "_bucket"))
      findings.push_back(family.name + ": buckets and only buckets have the label le");
    if (sample.labels.contains("quantile")) findings.push_back(family.name + ": the label quantile is for summaries");
    if (family.type != "gauge" && sample.value < 0) findings.push_back(family.name + ": a negative count");
  }
}

/// What stands of one histogram on the page.
struct Series {
  std::vector<std::pair<double, double>> buckets;  ///< Bound and count, as they stand.
  std::vector<double> sums;
  std::vector<double> counts;
};

double bound_of(const std::string& text) {
  return text == "+Inf" ? std::numeric_limits<double>::infinity() : std::stod(text);
}

void lint_histogram(const MetricFamilyText& family, Findings& findings) {
  std::map<Labels, Series> histograms;
  for (const auto& sample : family.samples) {
    auto labels = sample.labels;
    labels.erase("le");
    auto& series = histograms[labels];
    if (sample.name.ends_with("_sum")) series.sums.push_back(sample.value);
    if (sample.name.ends_with("_count")) series.counts.push_back(sample.value);
    if (sample.name.ends_with("_bucket") && sample.labels.contains("le"))
      series.buckets.emplace_back(bound_of(sample.labels.at("le")), sample.value);
  }
  for (const auto& [labels, series] : histograms) {
    const auto find = [&](const char* what) { findings.push_back(family.name + ": " + what); };
    if (series.sums.size() != 1 || series.counts.size() != 1) find("a histogram has one sum and one count");
    if (series.buckets.empty() || series.buckets.back().first != std::numeric_limits<double>::infinity()) {
      find("a histogram's last bucket is +Inf");
    } else if (series.counts != std::vector{series.buckets.back().second}) {
      find("the bucket +Inf is not the count");
    }
    if (!std::ranges::is_sorted(series.buckets, {}, &std::pair<double, double>::first))
      find("bounds are not ascending");
    if (!std::ranges::is_sorted(series.buckets, {}, &std::pair<double, double>::second))
      find("buckets are not cumulative");
  }
}

}  // namespace

std::vector<std::string> lint_metrics(std::string_view text) {
  const auto page = read_metric_page(text);
  auto findings = page.findings;
  for (const auto& family : page.families) {
    lint_name(family, findings);
    lint_text(family, findings);
    if (family.type == "histogram") lint_histogram(family, findings);
  }
  return findings;
}

}  // namespace postback::testing

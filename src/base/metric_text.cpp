// Lines, escapes and numbers of the metrics page.
#include "postback/base/metric_text.hpp"

#include "postback/base/check.hpp"

namespace postback {
namespace {

std::string_view to_string(MetricType type) {
  switch (type) {
    case MetricType::counter: return "counter";
    case MetricType::gauge: return "gauge";
    case MetricType::histogram: break;
  }
  return "histogram";
}

/// The format ends a line at a line feed only, and a label's value at a quote.
void append_escaped(std::string& out, std::string_view text, bool quoted) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || (quoted && c == '"')) out += '\\';
    out += c;
  }
}

/// `value` with its last `decimals` digits behind a point, without needless zeros.
std::string decimal(std::uint64_t value, unsigned decimals) {
  auto text = std::to_string(value);
  if (decimals == 0) return text;
  if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
  text.insert(text.size() - decimals, ".");
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

MetricText& MetricText::family(std::string_view name, MetricType type, std::string_view help) {
  name_ = name;
  page_.append("# HELP ").append(name).append(" ");
  append_escaped(page_, help, false);
  page_.append("\n# TYPE ").append(name).append(" ").append(to_string(type)).append("\n");
  return *this;
}

MetricText& MetricText::sample(MetricLabels labels, std::uint64_t value, unsigned decimals) {
  series({}, labels, {}, decimal(value, decimals));
  return *this;
}

MetricText& MetricText::histogram(MetricLabels labels, std::span<const std::uint64_t> bounds,
                                  const HistogramReading& reading, unsigned decimals) {
  check(reading.counts.size() == bounds.size() + 1, "a histogram has a bucket for each bound and one above");
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    count += reading.counts[i];
    series("_bucket", labels, decimal(bounds[i], decimals), std::to_string(count));
  }
  count += reading.counts.back();
  series("_bucket", labels, "+Inf", std::to_string(count));
  series("_sum", labels, {}, decimal(reading.sum, decimals));
  series("_count", labels, {}, std::to_string(count));
  return *this;
}

/// One line. `bound`: the label `le` of a histogram's bucket; empty for none.
void MetricText::series(std::string_view suffix, MetricLabels labels, std::string_view bound, std::string_view value) {
  page_.append(name_).append(suffix);
  char separator = '{';
  const auto label = [&](std::string_view name, std::string_view text) {
    page_ += separator;
    page_.append(name).append("=\"");
    append_escaped(page_, text, true);
    page_ += '"';
    separator = ',';
  };
  for (const auto& [name, text] : labels) label(name, text);
  if (!bound.empty()) label("le", bound);
  if (separator == ',') page_ += '}';
  page_.append(" ").append(value).append("\n");
}

}  // namespace postback

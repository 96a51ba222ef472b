// Reading a metrics page line by line.
#include "support/metric_page.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace postback::testing {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_:") == std::string_view::npos &&
         (text[0] < '0' || text[0] > '9');
}

/// Takes `"value"` off `text`; throws when it is not whole.
std::string take_quoted(std::string_view& text) {
  if (!text.starts_with('"')) throw std::runtime_error("a label's value is not quoted");
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] == '\\') {
      if (++i == text.size() || std::string_view("\\\"n").find(text[i]) == std::string_view::npos)
        throw std::runtime_error("an escape that does not exist");
      value += text[i] == 'n' ? '\n' : text[i];
    } else {
      value += text[i];
    }
  }
  throw std::runtime_error("a label's value does not end");
}

/// Takes `{name="value",...}` off `text`.
std::map<std::string, std::string> take_labels(std::string_view& text) {
  std::map<std::string, std::string> labels;
  if (!text.starts_with('{')) return labels;
  while (!text.starts_with('}')) {
    text.remove_prefix(1);  // the brace or a comma
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) throw std::runtime_error("a label without a value");
    const std::string name(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    if (!is_name(name) || name.find(':') != std::string::npos || name.starts_with("__"))
      throw std::runtime_error("the label name " + name + " is not valid");
    if (!labels.emplace(name, take_quoted(text)).second)
      throw std::runtime_error("the label " + name + " stands twice");
    if (!text.starts_with(',') && !text.starts_with('}')) throw std::runtime_error("labels that do not end");
  }
  text.remove_prefix(1);
  return labels;
}

double number(std::string_view text) {
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  double value = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end)
    throw std::runtime_error("the value " + std::string(text) + " is not one number");
  return value;
}

MetricSample read_sample(std::string_view line) {
  MetricSample sample;
  const auto name_end = line.find_first_of("{ ");
  if (name_end == std::string_view::npos) throw std::runtime_error("a sample without a value");
  sample.name = line.substr(0, name_end);
  if (!is_name(sample.name)) throw std::runtime_error("the name " + sample.name + " is not valid");
  line.remove_prefix(name_end);
  sample.labels = take_labels(line);
  if (!line.starts_with(' ')) throw std::runtime_error("no blank before the value");
  sample.value = number(line.substr(1));
  return sample;
}

bool belongs_to(const std::string& sample, const MetricFamilyText& family) {
  if (sample == family.name) return family.type != "histogram";
  if (family.type != "histogram" || !sample.starts_with(family.name)) return false;
  const auto suffix = sample.substr(family.name.size());
  return suffix == "_bucket" || suffix == "_sum" || suffix == "_count";
}

/// Takes in one line, which belongs to the newest family or begins one.
void read_line(std::string_view line, std::vector<MetricFamilyText>& families) {
  const bool help = line.starts_with("# HELP ");
  if (!help && !line.starts_with("# TYPE ")) {
    if (line.starts_with('#')) throw std::runtime_error("a comment that is neither HELP nor TYPE");
    auto sample = read_sample(line);
    if (families.empty() || !belongs_to(sample.name, families.back()))
      throw std::runtime_error("the sample " + sample.name + " does not follow its family's HELP and TYPE");
    families.back().samples.push_back(std::move(sample));
    return;
  }
  line.remove_prefix(7);
  const auto blank = std::min(line.find(' '), line.size());
  const std::string name(line.substr(0, blank));
  const std::string text(line.substr(std::min(blank + 1, line.size())));
  if (!is_name(name)) throw std::runtime_error("the name " + name + " is not valid");
  const auto known = std::ranges::find(families, name, &MetricFamilyText::name);
  if (known == families.end()) {
    families.push_back({name, help ? "" : text, help ? text : "", {}});
    return;
  }
  auto& place = help ? known->help : known->type;
  if (known + 1 != families.end()) throw std::runtime_error("the family " + name + " is torn apart");
  if (!known->samples.empty()) throw std::runtime_error("HELP or TYPE of " + name + " after its samples");
  if (!place.empty()) throw std::runtime_error("HELP or TYPE of " + name + " twice");
  place = text;
}

}  // namespace

std::set<std::string> MetricFamilyText::label_names() const {
  std::set<std::string> names;
  for (const auto& sample : samples)
    for (const auto& [label, value] : sample.labels)
      if (type != "histogram" || label != "le") names.insert(label);
  return names;
}

const MetricFamilyText* MetricPage::family(std::string_view name) const {
  const auto found = std::ranges::find(families, name, &MetricFamilyText::name);
  return found == families.end() ? nullptr : &*found;
}

double MetricPage::value(std::string_view name, const std::map<std::string, std::string>& labels) const {
  for (const auto& family : families)
    for (const auto& sample : family.samples)
      if (sample.name == name && sample.labels == labels) return sample.value;
  std::string what = "the page has no series " + std::string(name);
  for (const auto& [label, text] : labels) what += " " + label + "=" + text;
  throw std::runtime_error(what);
}

MetricPage read_metric_page(std::string_view text) {
  MetricPage page;
  if (!text.empty() && text.back() != '\n') page.findings.emplace_back("the last line does not end");
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    try {
      read_line(text.substr(0, end), page.families);
    } catch (const std::runtime_error& error) {
      page.findings.push_back("line " + std::to_string(number) + ": " + error.what());
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return page;
}

}  // namespace postback::testing

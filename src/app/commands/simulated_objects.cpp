// A temporary catalog, click IDs in URLs, sums of metrics.
#include "app/commands/simulated_objects.hpp"

#include "postback/domain/click_id.hpp"

#include <algorithm>
#include <charconv>

namespace postback {
namespace {

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The value of a metric's line when the line is of this metric and has this label.
double sample_of(std::string_view line, std::string_view name, std::string_view label) {
  const auto after = line.starts_with(name) ? line.substr(name.size()) : std::string_view();
  if (after.empty() || (after.front() != ' ' && after.front() != '{')) return 0;
  if (after.find(label) == std::string_view::npos) return 0;
  const auto number = after.substr(after.rfind(' ') + 1);
  double value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  return read.ec == std::errc{} ? value : 0;
}

}  // namespace

std::string click_id_in(std::string_view url) {
  for (std::size_t begin = 0; begin < url.size();) {
    std::size_t end = begin;
    while (end < url.size() && is_letter_or_digit(url[end])) ++end;
    const auto word = url.substr(begin, end - begin);
    if (word.size() == kClickIdLength && parse_click_id(word)) return std::string(word);
    begin = end + 1;
  }
  return {};
}

Json temporary_catalog(const std::string& slug, const std::string& network) {
  const std::string name = "Made by postbackd simulate";
  Json catalog;
  if (network == slug) {
    catalog["networks"] =
        Json::array({{{"id", slug}, {"name", name}, {"click_param", "click_id"}, {"currency", "USD"}}});
  }
  catalog["offers"] = Json::array({{{"id", slug},
                                    {"name", name},
                                    {"network", network},
                                    {"url", "https://simulate.invalid/?click_id={clickid}"},
                                    {"payout", "1.00"},
                                    {"currency", "USD"}}});
  catalog["sources"] = Json::array({{{"id", slug}, {"name", name}, {"params", {{"external_id", "cid"}}}}});
  const Json path{{"offers", Json::array({{{"offer", slug}}})}};
  catalog["campaigns"] =
      Json::array({{{"id", slug}, {"name", name}, {"source", slug}, {"paths", Json::array({path})}}});
  return catalog;
}

double metric_sum(std::string_view page, std::string_view name, std::string_view label) {
  double sum = 0;
  while (!page.empty()) {
    const auto line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(line.size() + 1, page.size()));
    sum += sample_of(line, name, label);
  }
  return sum;
}

}  // namespace postback

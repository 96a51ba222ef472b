// Writing and finding the lines of tested headers.
#include "postback/domain/tested_headers.hpp"

#include "domain/ascii_text.hpp"
#include "domain/visitor_fields.hpp"

#include <algorithm>

namespace postback {

void write_tested_headers(const Campaign& campaign, const Visitor& visitor, std::string& text) {
  text.clear();
  for (const std::string& name : campaign.tested_headers) {
    const std::string_view value = tested_header(visitor, name);
    if (!value.empty()) text.append(name).append(": ").append(value) += '\n';
  }
}

std::string_view find_tested_header(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos && equal_ignoring_case(line.substr(0, colon), name)) {
      return line.substr(colon + 2);
    }
  }
  return {};
}

}  // namespace postback

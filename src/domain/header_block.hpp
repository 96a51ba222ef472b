// Finds a field in a header block as it arrived.
#pragma once

#include "domain/ascii_text.hpp"

#include <optional>
#include <string_view>

namespace postback {

/// The value of the first field of this name (any case), without white space around it. `block`: lines of
/// `name: value`, each with its line end.
inline std::optional<std::string_view> find_header(std::string_view block, std::string_view name) {
  while (!block.empty()) {
    const auto end = block.find('\n');
    const auto line = block.substr(0, end);
    block = end == std::string_view::npos ? std::string_view() : block.substr(end + 1);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !equal_ignoring_case(line.substr(0, colon), name)) continue;
    return trim(line.substr(colon + 1));
  }
  return std::nullopt;
}

}  // namespace postback

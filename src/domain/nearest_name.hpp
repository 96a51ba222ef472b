// The nearest known name to one that is not known, for messages that say what was probably meant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace postback {

/// How many single-byte insertions, deletions and replacements turn `a` into `b` (Levenshtein), ignoring ASCII case.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `name`, the first of several; empty when none is near enough to be what was meant.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace postback

// Evaluates conditions: nothing is allocated, and no value is looked at more often than there are comparisons.
#include "postback/domain/condition.hpp"

#include "domain/ascii.hpp"
#include "domain/condition_node.hpp"

#include <algorithm>

namespace postback {
namespace {

/// Compares `value`, taken as lower case, with `lower`, which is: negative, 0 or positive.
int compare_lowered(std::string_view value, std::string_view lower) {
  const std::size_t shared = std::min(value.size(), lower.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const auto mine = static_cast<unsigned char>(ascii_lower(value[i]));
    const auto other = static_cast<unsigned char>(lower[i]);
    if (mine != other) return mine < other ? -1 : 1;
  }
  return value.size() == lower.size() ? 0 : value.size() < lower.size() ? -1 : 1;
}

bool is_among(std::span<const std::string_view> sorted, std::string_view value) {
  const auto found = std::partition_point(
      sorted.begin(), sorted.end(), [value](std::string_view text) { return compare_lowered(value, text) > 0; });
  return found != sorted.end() && compare_lowered(value, *found) == 0;
}

bool is_among(std::span<const AddressRange> ranges, std::string_view value) {
  const auto address = parse_address(value);
  return address && contains(ranges, *address);
}

bool is_among(std::span<const Micros> numbers, std::optional<Micros> value) {
  return value && std::find(numbers.begin(), numbers.end(), *value) != numbers.end();
}

bool is_any_of(const ConditionNode& node, std::string_view value) {
  switch (node.value_kind) {
    case ConditionField::Kind::number: return is_among(node.numbers(), parse_decimal(value));
    case ConditionField::Kind::address: return is_among(node.ranges(), value);
    case ConditionField::Kind::text:
    case ConditionField::Kind::flag: break;
  }
  return is_among(node.texts(), value);
}

bool contains_lowered(std::string_view value, std::string_view lower) {
  return std::search(value.begin(), value.end(), lower.begin(), lower.end(),
                     [](char mine, char other) { return ascii_lower(mine) == other; }) != value.end();
}

/// An absent value, or one that is no number, is not on any side of a number.
bool is_beyond(const ConditionNode& node, std::string_view value) {
  const auto number = parse_decimal(value);
  if (!number) return false;
  const Micros bound = node.numbers().front();
  switch (node.test) {
    case ConditionTest::at_least: return *number >= bound;
    case ConditionTest::at_most: return *number <= bound;
    case ConditionTest::more_than: return *number > bound;
    default: return *number < bound;
  }
}

}  // namespace

std::string_view to_string(ConditionTest test) {
  switch (test) {
    case ConditionTest::any_of: return "is";
    case ConditionTest::none_of: return "is_not";
    case ConditionTest::contains: return "contains";
    case ConditionTest::matches: return "matches";
    case ConditionTest::at_least: return "at_least";
    case ConditionTest::at_most: return "at_most";
    case ConditionTest::more_than: return "more_than";
    case ConditionTest::less_than: return "less_than";
  }
  return "unknown";
}

bool holds(const ConditionNode& comparison, std::string_view value) {
  switch (comparison.test) {
    case ConditionTest::any_of: return is_any_of(comparison, value);
    case ConditionTest::none_of: return !is_any_of(comparison, value);
    case ConditionTest::contains:
      return std::ranges::any_of(comparison.texts(),
                                 [value](std::string_view text) { return contains_lowered(value, text); });
    case ConditionTest::matches:
      return comparison.pattern().Match(re2::StringPiece(value.data(), value.size()), 0, value.size(), RE2::UNANCHORED,
                                        nullptr, 0);
    default: return is_beyond(comparison, value);
  }
}

bool matches(const ConditionNode& node, const ConditionValues& values) {
  const auto matches_too = [&values](const ConditionNode& child) { return matches(child, values); };
  switch (node.kind) {
    case ConditionNode::Kind::all: return std::ranges::all_of(node.children(), matches_too);
    case ConditionNode::Kind::any: return std::ranges::any_of(node.children(), matches_too);
    case ConditionNode::Kind::none: return std::ranges::none_of(node.children(), matches_too);
    case ConditionNode::Kind::comparison: break;
  }
  return holds(node, values.value(node.field, node.name));
}

bool Condition::matches(const ConditionValues& values) const {
  return root_ == nullptr || postback::matches(*root_, values);
}

}  // namespace postback

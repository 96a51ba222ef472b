// Walks a condition the way it was evaluated, and keeps what decided.
#include "domain/condition_words.hpp"

#include "domain/condition_node.hpp"
#include "postback/base/json_text.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::size_t kLongestValue = 80;
constexpr std::size_t kMostReasons = 3;

/// `country is ["DE","AT"]: it was "FR"`
std::string words_of(const ConditionNode& node, const ConditionValues& values) {
  std::string words = node.words->field + " " + std::string(to_string(node.test)) + " " + node.words->value + ": ";
  const std::string_view value = values.value(node.field, node.name);
  if (value.empty()) return words + "there was none";
  words += "it was ";
  append_json_string(words, utf8_prefix(value, kLongestValue));
  return words;
}

std::string words_of(const ConditionNode& node, bool matched, const ConditionValues& values);

/// Of those children that are as `matched` says, the first few.
std::string words_of_children(const ConditionNode& node, bool matched, const ConditionValues& values) {
  std::string words;
  std::size_t told = 0;
  for (const ConditionNode& child : node.children()) {
    if (matches(child, values) != matched) continue;
    if (told == kMostReasons) return words + "; and others";
    if (told++ > 0) words += "; ";
    words += words_of(child, matched, values);
  }
  return words;
}

std::string words_of(const ConditionNode& node, bool matched, const ConditionValues& values) {
  switch (node.kind) {
    case ConditionNode::Kind::all:
    case ConditionNode::Kind::any: return words_of_children(node, matched, values);
    case ConditionNode::Kind::none: return words_of_children(node, !matched, values);
    case ConditionNode::Kind::comparison: break;
  }
  return words_of(node, values);
}

}  // namespace

std::string why(const Condition& condition, const ConditionValues& values) {
  if (condition.root() == nullptr) return "it has no condition";
  const bool matched = matches(*condition.root(), values);
  return (matched ? "holds: " : "does not hold: ") + words_of(*condition.root(), matched, values);
}

}  // namespace postback

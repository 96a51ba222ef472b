// ConditionNode: a compiled condition as a tree. Private to the condition's own files.
#pragma once

#include "postback/base/address_range.hpp"
#include "postback/base/money.hpp"
#include "postback/domain/condition.hpp"

#include <re2/re2.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// What a comparison does with the value it looks at.
enum class ConditionTest : std::uint8_t {
  any_of,   ///< `is` and `in`.
  none_of,  ///< `is_not`.
  contains,
  matches,
  at_least,
  at_most,
  more_than,
  less_than,
};
/// As a document writes it: `is` for any_of.
std::string_view to_string(ConditionTest test);

struct ConditionNode {
  enum class Kind : std::uint8_t { all, any, none, comparison };
  Kind kind = Kind::all;
  std::vector<ConditionNode> children;  ///< Not of a comparison, which has what follows.

  std::size_t field = 0;  ///< Index into the table of fields.
  ConditionField::Kind value_kind = ConditionField::Kind::text;
  ConditionTest test = ConditionTest::any_of;
  std::string name;                ///< Behind the dot of a named field.
  std::string field_text;          ///< As the document names it, such as `query.zone`.
  std::string value_text;          ///< As the document has it, in JSON, shortened: for people.
  std::vector<std::string> texts;  ///< Of texts and flags, in lower case, sorted and different.
  std::vector<Micros> numbers;
  std::vector<AddressRange> ranges;
  std::unique_ptr<const RE2> pattern;
};

/// Whether the comparison holds for `value`; takes time linear in its length.
bool holds(const ConditionNode& comparison, std::string_view value);
bool matches(const ConditionNode& node, const ConditionValues& values);

}  // namespace postback

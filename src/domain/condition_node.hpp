// ConditionNode: a compiled condition as a tree, packed (condition_block.hpp). Private to the condition's own files.
#pragma once

#include "postback/base/address_range.hpp"
#include "postback/base/money.hpp"
#include "postback/domain/condition.hpp"

#include <re2/re2.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

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

/// For people only, and apart from what evaluation reads.
struct ConditionWords {
  std::string field;  ///< As the document names it, such as `query.zone`.
  std::string value;  ///< As the document has it, in JSON, shortened.
};

/// Part of a ConditionBlock, which owns what it points to. Small, since thousands of them lie in cold memory.
struct ConditionNode {
  enum class Kind : std::uint8_t { all, any, none, comparison };
  Kind kind = Kind::all;
  ConditionTest test = ConditionTest::any_of;
  ConditionField::Kind value_kind = ConditionField::Kind::text;
  std::uint8_t field = 0;                ///< Index into the table of fields.
  std::uint32_t count = 0;               ///< Of what `values` points to.
  const void* values = nullptr;          ///< Of which type, the functions below say.
  std::string_view name{};               ///< Behind the dot of a named field.
  const ConditionWords* words = nullptr;  ///< Of comparisons.

  std::span<const ConditionNode> children() const {
    return kind == Kind::comparison ? std::span<const ConditionNode>() : list<ConditionNode>();
  }
  /// Of texts and flags, unless the test is `matches`: in lower case, sorted and different.
  std::span<const std::string_view> texts() const { return list<std::string_view>(); }
  std::span<const Micros> numbers() const { return list<Micros>(); }             ///< Of numbers.
  std::span<const AddressRange> ranges() const { return list<AddressRange>(); }  ///< Of addresses.
  const RE2& pattern() const { return *static_cast<const RE2*>(values); }        ///< Of `matches`.

 private:
  template <class Value>
  std::span<const Value> list() const {
    return {static_cast<const Value*>(values), count};
  }
};

/// Whether the comparison holds for `value`; takes time linear in its length.
bool holds(const ConditionNode& comparison, std::string_view value);
bool matches(const ConditionNode& node, const ConditionValues& values);

}  // namespace postback

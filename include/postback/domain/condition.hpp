// Condition: `all`, `any` and `none` of comparisons, compiled when the catalog loads.
//
//   condition  = { "all": [condition, ...] } | { "any": [condition, ...] } | { "none": [condition, ...] } | comparison
//   comparison = { "field": "country", "op": "in", "value": ["DE", "AT"] }
//   op         = "is" | "is_not" | "in" | "contains" | "matches"                    any value but numbers: see Kind
//              | "at_least" | "at_most" | "more_than" | "less_than"                 numbers
// A list of values stands for any of them, with is_not for none of them. {} is a condition that always matches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace postback {

/// One field that conditions of some kind may look at. Tables of these are constants of the program.
struct ConditionField {
  enum class Kind : std::uint8_t {
    text,     ///< Compared without regard to ASCII case.
    number,   ///< Decimal text; no `contains` or `matches`, but `at_least`, `at_most`, `less_than`, `more_than`.
    address,  ///< IP address; values may be CIDR blocks. Only `is`, `is_not` and `in`, as with the next.
    flag,     ///< `true` or `false`.
  };
  std::string_view name;  ///< `country`; with `named`, `query` for fields such as `query.zone`.
  Kind kind = Kind::text;
  bool named = false;
  std::span<const std::string_view> choices{};  ///< Lower-case; the only values that comparisons may have. Empty: any.
};

/// Gives the values of one thing that conditions are asked about.
class ConditionValues {
 public:
  virtual ~ConditionValues() = default;
  /// The value of field number `field` of the table that the condition was read with; `name` is what stands behind the
  /// dot of a named one. Empty: absent. The view lives until the next call.
  virtual std::string_view value(std::size_t field, std::string_view name) const = 0;
};

struct ConditionNode;

/// Immutable, cheap to copy. A condition that was never read always matches. Reading: src/domain/condition_reading.hpp.
class Condition {
 public:
  Condition() = default;
  explicit Condition(std::shared_ptr<const ConditionNode> root) : root_(std::move(root)) {}
  /// Takes time linear in the length of what it looks at. An absent value is the empty text.
  bool matches(const ConditionValues& values) const;
  bool always() const { return root_ == nullptr; }
  /// For src/domain only; null when it always matches.
  const ConditionNode* root() const { return root_.get(); }

 private:
  std::shared_ptr<const ConditionNode> root_;
};

}  // namespace postback

// Reading conditions from catalog documents; the grammar stands in condition.hpp.
#pragma once

#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/condition.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace postback {

class ConditionBlock;
class ConditionPatterns;

/// Bounds of one condition; beyond them is a fault.
inline constexpr std::size_t kDeepestCondition = 8;
inline constexpr std::size_t kMostComparisons = 100;
inline constexpr std::size_t kMostConditionValues = 1000;  ///< Of one comparison.
inline constexpr std::size_t kLongestConditionValue = 500;
inline constexpr std::size_t kMostPatterns = 20;

/// Compiles `value`, which stands at `path` of its document (such as `rules[0].when`). `fields` is what may be
/// compared, a constant of the program. null and {} always match. Each fault is added with its own path; then the
/// condition returned is of no use.
Condition read_condition(const Json& value, const std::string& path, std::span<const ConditionField> fields,
                         Faults& faults);

/// What conditions may share: evaluated one after the other, a block; read together, patterns.
struct ConditionSharing {
  std::shared_ptr<ConditionBlock> block;
  ConditionPatterns& patterns;
};
Condition read_condition(const Json& value, const std::string& path, std::span<const ConditionField> fields,
                         Faults& faults, const ConditionSharing& sharing);

/// The members of a table as people read them: `country, region, query.NAME`.
std::string list_of_fields(std::span<const ConditionField> fields);

}  // namespace postback

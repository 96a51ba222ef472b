// The right-hand side of comparisons: operators and the values that each kind of field takes.
#pragma once

#include "domain/condition_draft.hpp"
#include "domain/condition_patterns.hpp"
#include "domain/object_reader.hpp"
#include "postback/domain/condition.hpp"

#include <string_view>

namespace postback {

/// Sets what `draft` compares with. `reader` reads the comparison and takes the faults, of the fields `op` and `value`;
/// all that can be told are, also where `field` (null) or `op` (empty) is not known, which is a fault already. `given`:
/// the value; null: it has none.
void read_condition_value(ConditionDraft& draft, const ConditionField* field, std::string_view op, const Json* given,
                          ConditionPatterns& patterns, ObjectReader& reader);

}  // namespace postback

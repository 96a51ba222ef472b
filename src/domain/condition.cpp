// Evaluates conditions.
#include "postback/domain/condition.hpp"

namespace postback {

struct ConditionNode {};

bool Condition::matches(const ConditionValues& values) const {
  static_cast<void>(values);
  return root_ == nullptr;
}

}  // namespace postback

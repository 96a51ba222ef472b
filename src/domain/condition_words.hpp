// Why a condition did or did not match, in words.
#pragma once

#include "postback/domain/condition.hpp"

#include <string>

namespace postback {

/// What decided: the comparison that failed or held, with the value it looked at.
std::string why(const Condition& condition, const ConditionValues& values);

}  // namespace postback

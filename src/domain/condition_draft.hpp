// ConditionDraft: a condition while it is being read. What is evaluated is packed from it: condition_node.hpp.
#pragma once

#include "domain/condition_node.hpp"

#include <re2/re2.h>

#include <memory>
#include <string>
#include <vector>

namespace postback {

struct ConditionDraft {
  ConditionNode::Kind kind = ConditionNode::Kind::all;
  std::vector<ConditionDraft> children;  ///< Not of a comparison, which has what follows.

  std::size_t field = 0;  ///< Index into the table of fields.
  ConditionField::Kind value_kind = ConditionField::Kind::text;
  ConditionTest test = ConditionTest::any_of;
  std::string name;                ///< Behind the dot of a named field.
  std::string field_text;          ///< As the document names it, such as `query.zone`.
  std::string value_text;          ///< As the document has it, in JSON, shortened: for people.
  std::vector<std::string> texts;  ///< Of texts and flags, in lower case, sorted and different.
  std::vector<Micros> numbers;
  std::vector<AddressRange> ranges;
  std::shared_ptr<const RE2> pattern;
};

}  // namespace postback

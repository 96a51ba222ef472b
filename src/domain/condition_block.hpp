// ConditionBlock: packs conditions that are asked one after the other into memory that lies together. A click on one of
// many campaigns finds its rules in cold memory, and what that costs is the number of places to be fetched.
#pragma once

#include "domain/condition_draft.hpp"
#include "domain/condition_node.hpp"

#include <deque>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

namespace postback {

/// Owns what its nodes point to. Filled by one thread; immutable from then on, and shared by its conditions.
class ConditionBlock {
 public:
  /// Packs it behind what was packed before. The node lives as long as the block.
  const ConditionNode* pack(ConditionDraft draft);

 private:
  void fill(ConditionNode& node, ConditionDraft& draft);
  void fill_values(ConditionNode& node, ConditionDraft& draft);
  std::string_view copy(std::string_view text);
  /// The copy's first; null when there are none.
  template <class Value>
  const Value* copy(std::span<const Value> values);

  std::pmr::monotonic_buffer_resource memory_;
  std::deque<ConditionWords> words_;  ///< A deque, since nodes point to its elements.
  std::vector<std::shared_ptr<const RE2>> patterns_;
};

}  // namespace postback

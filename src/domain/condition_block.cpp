// Packs drafts: a group's children side by side, then what each of them compares with, in the order of evaluation.
#include "domain/condition_block.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace postback {

template <class Value>
const Value* ConditionBlock::copy(std::span<const Value> values) {
  static_assert(std::is_trivially_destructible_v<Value>, "the block's memory is freed without a look at what it holds");
  if (values.empty()) return nullptr;
  auto* copies = std::pmr::polymorphic_allocator<>(&memory_).allocate_object<Value>(values.size());
  std::uninitialized_copy(values.begin(), values.end(), copies);
  return copies;
}

std::string_view ConditionBlock::copy(std::string_view text) {
  return {copy(std::span<const char>(text.data(), text.size())), text.size()};
}

const ConditionNode* ConditionBlock::pack(ConditionDraft draft) {
  auto* root = std::pmr::polymorphic_allocator<>(&memory_).new_object<ConditionNode>();
  fill(*root, draft);
  return root;
}

void ConditionBlock::fill(ConditionNode& node, ConditionDraft& draft) {
  node.kind = draft.kind;
  if (draft.kind == ConditionNode::Kind::comparison) return fill_values(node, draft);
  const std::vector<ConditionNode> empty(draft.children.size());
  auto* children = const_cast<ConditionNode*>(copy(std::span<const ConditionNode>(empty)));
  node.values = children;
  node.count = static_cast<std::uint32_t>(empty.size());
  for (std::size_t i = 0; i < empty.size(); ++i) fill(children[i], draft.children[i]);
}

void ConditionBlock::fill_values(ConditionNode& node, ConditionDraft& draft) {
  node.test = draft.test;
  node.value_kind = draft.value_kind;
  node.field = static_cast<std::uint8_t>(draft.field);
  node.name = copy(draft.name);
  node.words = &words_.emplace_back(ConditionWords{std::move(draft.field_text), std::move(draft.value_text)});
  const auto keep = [&node](const auto* values, std::size_t count) {
    node.values = values;
    node.count = static_cast<std::uint32_t>(count);
  };
  if (draft.pattern != nullptr) {
    keep(patterns_.emplace_back(std::move(draft.pattern)).get(), 1);
  } else if (draft.value_kind == ConditionField::Kind::number) {
    keep(copy(std::span<const Micros>(draft.numbers)), draft.numbers.size());
  } else if (draft.value_kind == ConditionField::Kind::address) {
    keep(copy(std::span<const AddressRange>(draft.ranges)), draft.ranges.size());
  } else {
    std::vector<std::string_view> texts;
    for (const std::string& text : draft.texts) texts.push_back(copy(text));
    keep(copy(std::span<const std::string_view>(texts)), texts.size());
  }
}

}  // namespace postback

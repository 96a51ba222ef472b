// Compiles conditions: the tree of groups here, the values of comparisons in condition_values.cpp.
#include "domain/condition_reading.hpp"

#include "domain/ascii.hpp"
#include "domain/condition_block.hpp"
#include "domain/condition_patterns.hpp"
#include "domain/condition_values.hpp"
#include "domain/nearest_name.hpp"
#include "domain/object_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace postback {
namespace {

using Kind = ConditionNode::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 3> kGroups{
    {{"all", Kind::all}, {"any", Kind::any}, {"none", Kind::none}}};
constexpr std::size_t kLongestFieldName = 200;

/// Reads one condition and is thrown away.
class ConditionReader {
 public:
  ConditionReader(std::span<const ConditionField> fields, ConditionPatterns& patterns, Faults& faults)
      : fields_(fields), patterns_(patterns), faults_(faults) {}

  ConditionDraft read(const Json& value, const std::string& path, std::size_t depth) {
    if (!value.is_object()) {
      fault(path, "is not a JSON object", R"(such as {"field":"country","op":"in","value":["DE","AT"]})");
      return {};
    }
    for (const auto& [name, kind] : kGroups) {
      if (value.contains(name)) return read_group(value, path, name, kind, depth);
    }
    return read_comparison(value, path);
  }

 private:
  void fault(std::string path, std::string problem, std::string expected) {
    faults_.push_back({std::move(path), std::move(problem), std::move(expected)});
  }

  ConditionDraft read_group(const Json& value, const std::string& path, std::string_view name, Kind kind,
                            std::size_t depth) {
    ConditionDraft draft;
    draft.kind = kind;
    if (depth > kDeepestCondition) {
      fault(path, "is nested deeper than " + std::to_string(kDeepestCondition) + " groups", "fewer groups in groups");
      return draft;
    }
    const std::string place = path + "." + std::string(name);
    if (value.size() > 1) {
      fault(path, "has other members beside \"" + std::string(name) + "\"",
            "one of all, any and none by itself; put one into the other's list to have both");
    }
    const Json& list = value.at(std::string(name));
    if (!list.is_array() || list.empty()) {
      fault(place, list.is_array() ? "is empty" : "is not an array", "a list of at least one condition");
      return draft;
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (comparisons_ > kMostComparisons) return draft;
      draft.children.push_back(read(list[i], place + "[" + std::to_string(i) + "]", depth + 1));
    }
    return draft;
  }

  ConditionDraft read_comparison(const Json& value, const std::string& path) {
    ConditionDraft draft;
    draft.kind = Kind::comparison;
    if (++comparisons_ > kMostComparisons) {
      fault(path, "is one comparison too many", "at most " + std::to_string(kMostComparisons) + " in a condition");
      return draft;
    }
    ObjectReader reader(value, path + ".", faults_);
    const std::string field = reader.required_text("field", "one of " + list_of_fields(fields_), kLongestFieldName);
    const std::string op = reader.required_text("op", "such as \"is\" or \"in\"");
    const Json* given = reader.find("value");
    reader.finish();
    const ConditionField* const meaning = field.empty() ? nullptr : find_field(field, draft);
    if (meaning == nullptr && !field.empty()) {
      reader.fault("field", "\"" + field + "\" cannot be looked at here", expected_field(field));
    }
    read_condition_value(draft, meaning, op, given, patterns_, reader);
    if (draft.pattern != nullptr && ++pattern_count_ > kMostPatterns) {
      reader.fault("op", "is one pattern too many", "at most " + std::to_string(kMostPatterns) + " in a condition");
    }
    return draft;
  }

  const ConditionField* find_field(const std::string& text, ConditionDraft& draft) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string_view head = std::string_view(text).substr(0, dot);
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const ConditionField& field = fields_[i];
      if (field.name != (field.named ? head : std::string_view(text))) continue;
      if (field.named && dot + 1 >= text.size()) return nullptr;
      draft.field = i;
      draft.value_kind = field.kind;
      draft.field_text = text;
      if (field.named) draft.name = text.substr(dot + 1);
      return &field;
    }
    return nullptr;
  }

  std::string expected_field(std::string_view text) const {
    std::vector<std::string_view> names;
    for (const ConditionField& field : fields_) names.push_back(field.name);
    const std::string_view nearest = nearest_name(text.substr(0, text.find('.')), names);
    const std::string all = "one of " + list_of_fields(fields_);
    if (nearest.empty() || text.starts_with(nearest)) return all;
    return "did you mean \"" + std::string(nearest) + "\"? It can be " + all;
  }

  std::span<const ConditionField> fields_;
  ConditionPatterns& patterns_;
  Faults& faults_;
  std::size_t comparisons_ = 0;
  std::size_t pattern_count_ = 0;
};

}  // namespace

std::string list_of_fields(std::span<const ConditionField> fields) {
  std::string list;
  for (const ConditionField& field : fields) {
    list.append(list.empty() ? "" : ", ").append(field.name).append(field.named ? ".NAME" : "");
  }
  return list;
}

Condition read_condition(const Json& value, const std::string& path, std::span<const ConditionField> fields,
                         Faults& faults) {
  ConditionPatterns patterns;
  return read_condition(value, path, fields, faults, {std::make_shared<ConditionBlock>(), patterns});
}

Condition read_condition(const Json& value, const std::string& path, std::span<const ConditionField> fields,
                         Faults& faults, const ConditionSharing& sharing) {
  if (value.is_null() || (value.is_object() && value.empty())) return {};
  ConditionReader reader(fields, sharing.patterns, faults);
  const ConditionNode* root = sharing.block->pack(reader.read(value, path, 1));
  return Condition(std::shared_ptr<const ConditionNode>(sharing.block, root));
}

}  // namespace postback

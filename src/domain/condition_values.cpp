// Reads operators and values of comparisons and compiles patterns.
#include "domain/condition_values.hpp"

#include "domain/ascii.hpp"
#include "domain/condition_reading.hpp"
#include "domain/nearest_name.hpp"
#include "postback/base/json_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace postback {
namespace {

using FieldKind = ConditionField::Kind;

constexpr std::array<std::pair<std::string_view, ConditionTest>, 9> kOperators{
    {{"is", ConditionTest::any_of},
     {"in", ConditionTest::any_of},
     {"is_not", ConditionTest::none_of},
     {"contains", ConditionTest::contains},
     {"matches", ConditionTest::matches},
     {"at_least", ConditionTest::at_least},
     {"at_most", ConditionTest::at_most},
     {"more_than", ConditionTest::more_than},
     {"less_than", ConditionTest::less_than}}};

bool fits(ConditionTest test, FieldKind kind) {
  if (test == ConditionTest::any_of || test == ConditionTest::none_of) return true;
  if (test == ConditionTest::contains || test == ConditionTest::matches) return kind == FieldKind::text;
  return kind == FieldKind::number;
}

std::string list_of_operators(const ConditionField* field) {
  std::string list;
  for (const auto& [name, test] : kOperators) {
    if (field == nullptr || fits(test, field->kind)) list.append(list.empty() ? "" : ", ").append(name);
  }
  return list;
}

/// How far a comparison is understood before its value is looked at.
struct Understood {
  const ConditionField* field = nullptr;  ///< Null: not known.
  std::optional<ConditionTest> test{};    ///< Nothing: not known, or not one for the field.
  std::optional<FieldKind> kind{};        ///< Of the value, where field or operator leave one only.
};

/// What an operator says of the value by itself.
std::optional<FieldKind> only_kind(ConditionTest test) {
  if (test == ConditionTest::contains || test == ConditionTest::matches) return FieldKind::text;
  return fits(test, FieldKind::text) ? std::nullopt : std::optional(FieldKind::number);
}

Understood read_operator(std::string_view op, const ConditionField* field, ObjectReader& reader) {
  Understood understood{field};
  const auto found =
      std::find_if(kOperators.begin(), kOperators.end(), [op](const auto& row) { return row.first == op; });
  if (found == kOperators.end()) {
    if (field != nullptr) understood.kind = field->kind;
    if (op.empty()) return understood;
    reader.fault("op", "\"" + std::string(op) + "\" is not an operator", "one of " + list_of_operators(field));
  } else if (field != nullptr && !fits(found->second, field->kind)) {
    reader.fault("op", "\"" + std::string(op) + "\" does not go with " + std::string(field->name),
                 "one of " + list_of_operators(field));
  } else {
    understood.test = found->second;
    understood.kind = field != nullptr ? std::optional(field->kind) : only_kind(found->second);
  }
  return understood;
}

/// A text of one comparison's value, or of its list.
class ValueReader {
 public:
  ValueReader(ConditionDraft& draft, const Understood& understood, ConditionPatterns& patterns, ObjectReader& reader)
      : draft_(draft), understood_(understood), patterns_(patterns), reader_(reader) {}

  void read(const Json& value, const std::string& place) {
    std::string text;
    if (value.is_string()) {
      text = value.get<std::string>();
    } else if (may_be(FieldKind::flag) && value.is_boolean()) {
      text = value.get<bool>() ? "true" : "false";
    } else if (may_be(FieldKind::number) && value.is_number_integer()) {
      text = value.dump();
    } else {
      return reader_.fault(place, "is not text", expected());
    }
    if (text.size() > kLongestConditionValue) {
      return reader_.fault(place, "is " + std::to_string(text.size()) + " bytes long",
                           "at most " + std::to_string(kLongestConditionValue) + " bytes");
    }
    if (understood_.kind) add(text, place);
  }

 private:
  bool may_be(FieldKind kind) const { return understood_.kind.value_or(kind) == kind; }

  std::string expected() const {
    switch (understood_.kind.value_or(FieldKind::text)) {
      case FieldKind::flag: return "true or false";
      case FieldKind::number: return "a number, such as 9 or \"12.50\"";
      case FieldKind::address: return "an address or block, such as \"192.0.2.0/24\"";
      case FieldKind::text: break;
    }
    return "text, such as \"DE\"";
  }

  void add(const std::string& text, const std::string& place) {
    switch (*understood_.kind) {
      case FieldKind::flag:
        if (text != "true" && text != "false") {
          return reader_.fault(place, "is neither true nor false", expected());
        }
        draft_.texts.push_back(text);
        return;
      case FieldKind::number: return add_number(text, place);
      case FieldKind::address: return add_range(text, place);
      case FieldKind::text: break;
    }
    if (understood_.test == ConditionTest::matches) return compile(text, place);
    if (text.empty() && understood_.test == ConditionTest::contains) {
      return reader_.fault(place, "is empty, which every text contains", "at least one character");
    }
    add_text(to_ascii_lower(text), place);
  }

  void add_text(std::string text, const std::string& place) {
    if (!is_choice(text)) {
      std::string list;
      for (const std::string_view choice : understood_.field->choices)
        list.append(list.empty() ? "" : ", ").append(choice);
      return reader_.fault(place,
                           "\"" + text + "\" is not a value that " + std::string(understood_.field->name) + " can have",
                           "one of " + list);
    }
    draft_.texts.push_back(std::move(text));
  }

  /// Whether the field can have this value; with an operator that is not known, a part of it may be meant.
  bool is_choice(std::string_view text) const {
    if (understood_.field == nullptr || !understood_.test || understood_.test == ConditionTest::contains) return true;
    const auto choices = understood_.field->choices;
    return choices.empty() || std::find(choices.begin(), choices.end(), text) != choices.end();
  }

  void add_number(const std::string& text, const std::string& place) {
    const auto number = parse_decimal(text);
    if (!number) return reader_.fault(place, "is not a decimal number", expected());
    draft_.numbers.push_back(*number);
  }

  void add_range(const std::string& text, const std::string& place) {
    auto range = AddressRange::parse(text);
    if (!range) return reader_.fault(place, range.error().detail, expected());
    draft_.ranges.push_back(*std::move(range));
  }

  void compile(const std::string& text, const std::string& place) {
    auto pattern = patterns_.compile(text);
    if (text.empty() || !pattern->ok()) {
      return reader_.fault(place, text.empty() ? "is empty, which matches everything" : pattern->error(),
                           "a regular expression as RE2 reads it, such as \"^Chrome( Mobile)?$\"");
    }
    draft_.pattern = std::move(pattern);
  }

  ConditionDraft& draft_;
  const Understood& understood_;
  ConditionPatterns& patterns_;
  ObjectReader& reader_;
};

std::string shortened_json(const Json& value) {
  constexpr std::size_t kLongest = 80;
  const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() <= kLongest ? text : std::string(utf8_prefix(text, kLongest)) + "...";
}

/// Tests that compare with one value only.
bool takes_one(ConditionTest test) {
  return test != ConditionTest::any_of && test != ConditionTest::none_of && test != ConditionTest::contains;
}

}  // namespace

void read_condition_value(ConditionDraft& draft, const ConditionField* field, std::string_view op, const Json* given,
                          ConditionPatterns& patterns, ObjectReader& reader) {
  const Understood understood = read_operator(op, field, reader);
  if (understood.test) draft.test = *understood.test;
  if (given == nullptr) return reader.fault("value", "is missing", "the text to compare with, or a list of texts");
  const Json& value = *given;
  draft.value_text = shortened_json(value);
  ValueReader values(draft, understood, patterns, reader);
  if (!value.is_array()) return values.read(value, "value");
  if (understood.test && takes_one(*understood.test)) {
    return reader.fault("value", "is a list, but " + std::string(op) + " takes one value",
                        "one value; put several comparisons into {\"any\":[...]}");
  }
  if (value.empty() || value.size() > kMostConditionValues) {
    return reader.fault("value", value.empty() ? "is an empty list" : "has too many entries",
                        "a list of 1 to " + std::to_string(kMostConditionValues) + " values");
  }
  for (std::size_t i = 0; i < value.size(); ++i) values.read(value[i], "value[" + std::to_string(i) + "]");
  std::sort(draft.texts.begin(), draft.texts.end());
  draft.texts.erase(std::unique(draft.texts.begin(), draft.texts.end()), draft.texts.end());
}

}  // namespace postback

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

std::string list_of_operators(FieldKind kind) {
  std::string list;
  for (const auto& [name, test] : kOperators) {
    if (fits(test, kind)) list.append(list.empty() ? "" : ", ").append(name);
  }
  return list;
}

std::optional<ConditionTest> read_operator(std::string_view op, const ConditionField& field, ObjectReader& reader) {
  const auto found =
      std::find_if(kOperators.begin(), kOperators.end(), [op](const auto& row) { return row.first == op; });
  if (found != kOperators.end() && fits(found->second, field.kind)) return found->second;
  std::string problem = "\"" + std::string(op) + "\" ";
  if (found != kOperators.end())
    problem += "does not go with " + std::string(field.name);
  else
    problem += "is not an operator";
  reader.fault("op", std::move(problem), "one of " + list_of_operators(field.kind));
  return std::nullopt;
}

/// A text of one comparison's value, or of its list.
class ValueReader {
 public:
  ValueReader(ConditionDraft& draft, const ConditionField& field, ConditionPatterns& patterns, ObjectReader& reader)
      : draft_(draft), field_(field), patterns_(patterns), reader_(reader) {}

  void read(const Json& value, const std::string& place) {
    std::string text;
    if (value.is_string()) {
      text = value.get<std::string>();
    } else if (field_.kind == FieldKind::flag && value.is_boolean()) {
      text = value.get<bool>() ? "true" : "false";
    } else if (field_.kind == FieldKind::number && value.is_number_integer()) {
      text = value.dump();
    } else {
      return reader_.fault(place, "is not text", expected());
    }
    if (text.size() > kLongestConditionValue) {
      return reader_.fault(place, "is " + std::to_string(text.size()) + " bytes long",
                           "at most " + std::to_string(kLongestConditionValue) + " bytes");
    }
    add(text, place);
  }

 private:
  std::string expected() const {
    switch (field_.kind) {
      case FieldKind::flag: return "true or false";
      case FieldKind::number: return "a number, such as 9 or \"12.50\"";
      case FieldKind::address: return "an address or block, such as \"192.0.2.0/24\"";
      case FieldKind::text: break;
    }
    return "text, such as \"DE\"";
  }

  void add(const std::string& text, const std::string& place) {
    switch (field_.kind) {
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
    if (draft_.test == ConditionTest::matches) return compile(text, place);
    if (text.empty() && draft_.test == ConditionTest::contains) {
      return reader_.fault(place, "is empty, which every text contains", "at least one character");
    }
    add_text(to_ascii_lower(text), place);
  }

  void add_text(std::string text, const std::string& place) {
    const auto choices = field_.choices;
    if (!choices.empty() && draft_.test != ConditionTest::contains &&
        std::find(choices.begin(), choices.end(), text) == choices.end()) {
      std::string list;
      for (const std::string_view choice : choices) list.append(list.empty() ? "" : ", ").append(choice);
      return reader_.fault(place, "\"" + text + "\" is not a value that " + std::string(field_.name) + " can have",
                           "one of " + list);
    }
    draft_.texts.push_back(std::move(text));
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
  const ConditionField& field_;
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

void read_condition_value(ConditionDraft& draft, const ConditionField& field, std::string_view op, const Json& value,
                          ConditionPatterns& patterns, ObjectReader& reader) {
  const auto test = read_operator(op, field, reader);
  if (!test) return;
  draft.test = *test;
  draft.value_text = shortened_json(value);
  ValueReader values(draft, field, patterns, reader);
  if (!value.is_array()) return values.read(value, "value");
  if (takes_one(draft.test)) {
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

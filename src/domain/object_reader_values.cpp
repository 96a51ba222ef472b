// ObjectReader: the kinds of value that catalog fields have.
#include "domain/nearest_name.hpp"
#include "domain/object_reader.hpp"

#include <algorithm>

namespace postback {
namespace {

std::string list_of(std::initializer_list<std::string_view> names) {
  std::string list;
  for (const std::string_view name : names) {
    if (!list.empty()) list += ", ";
    list += "\"" + std::string(name) + "\"";
  }
  return list;
}

bool contains(std::initializer_list<std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

std::string ObjectReader::text(std::string_view field, std::size_t largest) {
  const Json* value = find(field);
  if (value == nullptr) return {};
  const std::string expected = "text of at most " + std::to_string(largest) + " bytes without control characters";
  if (!value->is_string()) {
    fault(field, "is not text", expected);
    return {};
  }
  std::string text = value->get<std::string>();
  if (text.size() > largest)
    fault(field, "is " + std::to_string(text.size()) + " bytes long", expected);
  else if (std::any_of(text.begin(), text.end(), is_control))
    fault(field, "has a control character", expected);
  else
    return text;
  return {};
}

std::string ObjectReader::required_text(std::string_view field, std::string_view expected, std::size_t largest) {
  const std::size_t before = faults_.size();
  std::string value = text(field, largest);
  if (value.empty() && faults_.size() == before) fault(field, "is missing", std::string(expected));
  return value;
}

std::string ObjectReader::choice(std::string_view field, std::string_view fallback,
                                 std::initializer_list<std::string_view> choices,
                                 std::initializer_list<std::string_view> not_yet) {
  const Json* value = find(field);
  if (value == nullptr) return std::string(fallback);
  const std::string expected = choices.size() == 1 ? list_of(choices) : "one of " + list_of(choices);
  const std::string given = value->is_string() ? value->get<std::string>() : std::string();
  if (contains(choices, given)) return given;
  if (contains(not_yet, given))
    fault(field, "\"" + given + "\" is not available in this version yet", expected);
  else if (value->is_string())
    fault(field, "\"" + given + "\" is not a value it can have", expected);
  else
    fault(field, "is not text", expected);
  return std::string(fallback);
}

std::string ObjectReader::currency(std::string_view field, const DeclaredCurrencies& declared, bool archived) {
  std::string code = text(field, 10);
  if (code.empty()) return code;
  const CurrencyState state = currency_state(code, declared);
  if (state == CurrencyState::unknown) {
    fault(field, "\"" + code + "\" is not a currency in use",
          "an ISO 4217 code in capitals, such as \"USD\", or one declared in the collection currencies");
  } else if (state == CurrencyState::archived && !archived) {
    fault(field, "the currency \"" + code + "\" is archived", "a currency in use");
  }
  return code;
}

std::optional<Micros> ObjectReader::amount(std::string_view field) {
  const Json* value = find(field);
  if (value == nullptr) return std::nullopt;
  const std::string expected = "decimal text from \"0\" to \"1000000000\" with at most 6 decimals, such as \"12.50\"";
  if (!value->is_string()) {
    fault(field, "is not text (a number in JSON would not be exact)", expected);
    return std::nullopt;
  }
  const auto& given = value->get_ref<const std::string&>();
  const std::optional<Micros> micros = parse_decimal(given);
  if (micros && *micros >= 0) return micros;
  fault(field, micros ? "\"" + given + "\" is negative" : "is not a decimal number", expected);
  return std::nullopt;
}

std::uint32_t ObjectReader::integer(std::string_view field, std::uint32_t fallback, std::uint32_t least,
                                    std::uint32_t largest) {
  const Json* value = find(field);
  if (value == nullptr) return fallback;
  if (value->is_number_integer() && *value >= least && *value <= largest) return value->get<std::uint32_t>();
  fault(field, value->dump(-1, ' ', true, Json::error_handler_t::replace).substr(0, 40) + " is not in its range",
        "a whole number from " + std::to_string(least) + " to " + std::to_string(largest));
  return fallback;
}

bool ObjectReader::boolean(std::string_view field, bool fallback) {
  const Json* value = find(field);
  if (value == nullptr) return fallback;
  if (value->is_boolean()) return value->get<bool>();
  fault(field, "is neither true nor false", "true or false");
  return fallback;
}

std::vector<std::string> ObjectReader::parameter_names(std::string_view field) {
  constexpr std::size_t kMostNames = 20;
  const Json* value = find(field);
  if (value == nullptr) return {};
  const auto entries = value->is_array() ? array(field, kMostNames) : std::span(value, 1);
  std::vector<std::string> names;
  for (const Json& entry : entries) {
    std::string name = entry.is_string() ? entry.get<std::string>() : std::string();
    if (!is_parameter_name(name)) {
      fault(field, entry.is_string() ? "\"" + name.substr(0, 100) + "\" cannot be a parameter's name" : "is not text",
            "a name of 1 to 100 letters, digits or - _ . ~ : @ $ [ ], or an array of such names");
    } else if (std::find(names.begin(), names.end(), name) != names.end()) {
      fault(field, "\"" + name + "\" stands twice", "each name once");
    } else {
      names.push_back(std::move(name));
    }
  }
  return names;
}

}  // namespace postback

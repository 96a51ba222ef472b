// Values of configuration keys: from JSON and from texts, with what is wrong and what would be right.
#include "app/config_keys.hpp"

#include <algorithm>
#include <charconv>
#include <type_traits>
#include <utility>

namespace postback {
namespace {

constexpr std::size_t kLongestShown = 100;

/// A value for people, cut when it is long.
std::string shown(const Json& value) {
  auto text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (text.size() > kLongestShown) text.replace(kLongestShown, std::string::npos, "...");
  return text;
}

std::string with_article(const Json& value) {
  switch (value.type()) {
    case Json::value_t::string: return "a text";
    case Json::value_t::array: return "a list";
    case Json::value_t::object: return "an object";
    case Json::value_t::boolean: return "true or false";
    case Json::value_t::null: return "nothing";
    default: return "a number";
  }
}

ConfigMistake wrong_type(const Json& value, std::string expected) {
  return {"is " + shown(value) + ", " + with_article(value), std::move(expected)};
}

bool is_choice(std::string_view choices, const std::string& text) {
  if (text.empty() || text.find(' ') != std::string::npos) return false;
  return (" " + std::string(choices) + " ").find(" " + text + " ") != std::string::npos;
}

std::string either(std::string_view choices) {
  std::string text(choices);
  if (const auto last = text.rfind(' '); last != std::string::npos) text.replace(last, 1, " or ");
  for (auto at = text.find(' '); at < text.find(" or "); at = text.find(' ', at + 2)) text.replace(at, 1, ", ");
  return text;
}

std::optional<ConfigMistake> mistake_in(const ConfigKey& key, const std::string& text) {
  if (text.find('\0') != std::string::npos) return ConfigMistake{"has a zero byte", "a text without it"};
  if (!key.choices.empty() && !is_choice(key.choices, text)) return ConfigMistake{"is " + shown(text), range_of(key)};
  if (key.check == nullptr) return std::nullopt;
  if (const auto checked = key.check(text); !checked) return ConfigMistake{checked.error().detail, ""};
  return std::nullopt;
}

ConfigMistakes set(const ConfigKey& key, const Json& value, std::string& target) {
  if (!value.is_string()) return {wrong_type(value, "a text: " + range_of(key))};
  auto text = value.get<std::string>();
  if (auto mistake = mistake_in(key, text)) return {std::move(*mistake)};
  target = std::move(text);
  return {};
}

ConfigMistakes set(const ConfigKey& key, const Json& value, std::vector<std::string>& target) {
  const std::string expected = "a list of texts: " + range_of(key);
  if (!value.is_array()) return {wrong_type(value, expected)};
  ConfigMistakes mistakes;
  std::vector<std::string> items;
  for (const auto& item : value) {
    if (!item.is_string()) {
      mistakes.push_back(wrong_type(item, expected));
      continue;
    }
    items.push_back(item.get<std::string>());
    if (auto mistake = mistake_in(key, items.back())) mistakes.push_back(std::move(*mistake));
  }
  const auto count = static_cast<std::int64_t>(value.size());
  if (count < key.range.least || count > key.range.most) {
    mistakes.push_back({count == 0 ? "is empty" : "has " + std::to_string(count) + " items", range_of(key)});
  }
  if (mistakes.empty()) target = std::move(items);
  return mistakes;
}

/// Numbers: counts, bytes, milliseconds.
template <class Number>
ConfigMistakes set(const ConfigKey& key, const Json& value, Number& target) {
  if (!value.is_number_integer()) return {wrong_type(value, "a whole number: " + range_of(key))};
  const bool too_large = value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX};
  const auto number = too_large ? INT64_MAX : value.get<std::int64_t>();
  if (number < key.range.least || number > key.range.most) return {{"is " + shown(value), range_of(key)}};
  if constexpr (std::is_integral_v<Number>) {
    target = static_cast<Number>(number);
  } else {
    target = Number{number};
  }
  return {};
}

/// A number where the whole text is one, else the text, which is then refused for its type.
Json number_or_text(const std::string& text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec == std::errc{} && parsed.ptr == end) return number;
  return text;
}

}  // namespace

std::string range_of(const ConfigKey& key) {
  if (!key.choices.empty()) return either(key.choices);
  if (key.range.most == 0) return std::string(key.unit);
  return std::to_string(key.range.least) + " to " + std::to_string(key.range.most) + " " + std::string(key.unit);
}

ConfigMistakes set_value(const ConfigKey& key, const Json& value, Settings& settings) {
  return std::visit([&](auto* target) { return set(key, value, *target); }, key.target(settings));
}

ConfigMistakes set_texts(const ConfigKey& key, const std::vector<std::string>& texts, Settings& settings) {
  const auto target = key.target(settings);
  if (std::holds_alternative<std::vector<std::string>*>(target)) return set_value(key, Json(texts), settings);
  if (texts.size() != 1) return {{"is given " + std::to_string(texts.size()) + " times", "one value"}};
  if (std::holds_alternative<std::string*>(target)) return set_value(key, Json(texts.front()), settings);
  return set_value(key, number_or_text(texts.front()), settings);
}

Json value_of(const ConfigKey& key, Settings settings) {
  return std::visit(
      [](auto* target) {
        if constexpr (std::is_same_v<decltype(target), std::chrono::milliseconds*>) {
          return Json(target->count());
        } else {
          return Json(*target);
        }
      },
      key.target(settings));
}

}  // namespace postback

// Modifiers of settings in a destination that somebody wants saved: those that cannot be applied are faults.
#include "domain/destination_reading.hpp"
#include "domain/template_tokens.hpp"

#include <algorithm>
#include <string>

namespace postback {
namespace {

constexpr std::string_view kSettingPrefix = "setting.";

/// Looks through the fields of one document.
class ModifierCheck {
 public:
  ModifierCheck(ObjectReader& reader, const SettingValues& settings) : reader_(reader), settings_(settings) {}

  void look_through(const Json& value, const std::string& field) {
    if (value.is_string()) return look_at(value.get_ref<const std::string&>(), field);
    if (!value.is_structured()) return;
    std::size_t index = 0;
    for (const auto& [name, each] : value.items()) {
      const auto place = value.is_array() ? field + "[" + std::to_string(index++) + "]" : field + "." + name;
      look_through(each, place);
    }
  }

 private:
  void look_at(std::string_view text, const std::string& field) {
    for (const TokenText& token : find_tokens(text)) {
      if (!token.name.starts_with(kSettingPrefix) || token.modifiers.empty()) continue;
      for (const std::string_view modifier : token.modifiers) {
        const auto parsed = parse_modifier(modifier);
        if (!parsed) fault(field, token, parsed.error().detail);
      }
      const auto value = std::ranges::find(settings_, token.name.substr(kSettingPrefix.size()),
                                           [](const auto& each) -> std::string_view { return each.first; });
      if (value != settings_.end() && !find_tokens(value->second).empty())
        fault(field, token, "the setting has tokens itself; write the modifiers into these");
    }
  }

  void fault(const std::string& field, const TokenText& token, const std::string& problem) {
    reader_.fault(field, "{" + std::string(token.name) + "}: " + problem,
                  "modifiers that a text which stands fast can have, such as {setting.token|sha256}");
  }

  ObjectReader& reader_;
  const SettingValues& settings_;
};

}  // namespace

void check_setting_modifiers(ObjectReader& reader, const SettingValues& settings) {
  ModifierCheck check(reader, settings);
  for (const auto* const field : {"url", "headers", "body"}) {
    if (const Json* const value = reader.find(field)) check.look_through(*value, field);
  }
}

}  // namespace postback

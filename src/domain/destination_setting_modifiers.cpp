// Modifiers of settings in a destination that somebody wants saved: those that cannot be applied are faults.
#include "domain/destination_reading.hpp"
#include "domain/template_tokens.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace postback {
namespace {

constexpr std::string_view kSettingPrefix = "setting.";

/// Looks through one object and is thrown away.
class ModifierCheck {
 public:
  ModifierCheck(const Json& object, std::string path, Faults& faults)
      : settings_(member(object, "settings")), profile_(profile_of(object)), path_(std::move(path)), faults_(faults) {}

  void look_through(const Json& value, const std::string& field) {
    if (value.is_string()) return look_at(value.get_ref<const std::string&>(), field);
    if (!value.is_structured()) return;
    std::size_t index = 0;
    for (const auto& [name, each] : value.items()) {
      const auto place = value.is_array() ? field + "[" + std::to_string(index++) + "]" : field + "." + name;
      look_through(each, place);
    }
  }

  static Json member(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() ? Json() : *found;
  }

 private:
  static const DestinationProfile* profile_of(const Json& object) {
    const Json name = member(object, "profile");
    return name.is_string() ? built_in_destination_profiles().find(name.get_ref<const std::string&>()) : nullptr;
  }

  /// As the document has it, else its profile.
  std::string value_of(const std::string& name) const {
    const Json value = settings_.is_object() ? member(settings_, name.c_str()) : Json();
    if (value.is_string() && value != "") return value.get<std::string>();
    if (profile_ == nullptr) return {};
    const auto setting = std::ranges::find(profile_->settings, name, &DestinationSetting::name);
    return setting == profile_->settings.end() ? std::string() : setting->fallback;
  }

  void look_at(std::string_view text, const std::string& field) {
    for (const TokenText& token : find_tokens(text)) {
      if (!token.name.starts_with(kSettingPrefix) || token.modifiers.empty()) continue;
      const std::string name(token.name.substr(kSettingPrefix.size()));
      for (const std::string_view modifier : token.modifiers) {
        const auto parsed = parse_modifier(modifier);
        if (!parsed) fault(field, token, parsed.error().detail);
      }
      if (!find_tokens(value_of(name)).empty())
        fault(field, token, "the setting has tokens itself; write the modifiers into these");
    }
  }

  void fault(const std::string& field, const TokenText& token, const std::string& problem) {
    faults_.push_back({path_ + field, "{" + std::string(token.name) + "}: " + problem,
                       "modifiers that a text which stands fast can have, such as {setting.token|sha256}"});
  }

  const Json settings_;
  const DestinationProfile* const profile_;
  const std::string path_;
  Faults& faults_;
};

}  // namespace

void check_setting_modifiers(const Json& object, const std::string& path, Faults& faults) {
  if (!object.is_object()) return;
  ModifierCheck check(object, path, faults);
  for (const auto* const field : {"url", "headers", "body"})
    check.look_through(ModifierCheck::member(object, field), field);
}

}  // namespace postback

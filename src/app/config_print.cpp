// The configuration as a file: with where each value came from, or with what each key means.
#include "app/config_keys.hpp"

#include <functional>
#include <string>

namespace postback {
namespace {

using Comment = std::function<std::string(const ConfigKey&)>;

std::string json_of(const Json& value) {
  constexpr bool kAsciiOnly = false;
  if (!value.is_array()) return value.dump(-1, ' ', kAsciiOnly, Json::error_handler_t::replace);
  std::string text;
  for (const auto& item : value) text += (text.empty() ? "" : ", ") + json_of(item);
  return "[" + text + "]";
}

/// All sections and keys; `comment` may have several lines, each without the slashes.
std::string write(const Settings& settings, bool section_comments, const Comment& comment) {
  const auto commented = [](std::string_view indent, std::string_view lines) {
    std::string text;
    while (!lines.empty()) {
      const auto end = lines.find('\n');
      text.append(indent).append("// ").append(lines.substr(0, end)).append("\n");
      lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    }
    return text;
  };
  std::string text = "{";
  std::string_view open;
  for (const auto& key : config_keys()) {
    const auto section = section_of(key);
    if (section != open) {
      text += open.empty() ? "\n" : "\n  },\n";
      for (const auto& [name, meaning] : config_sections()) {
        if (name == section && section_comments) text += commented("  ", meaning);
      }
      text.append("  \"").append(section).append("\": {\n");
      open = section;
    } else {
      text += ",\n";
    }
    text += commented("    ", comment(key));
    text.append("    \"").append(key.name.substr(section.size() + 1)).append("\": ");
    text += json_of(value_of(key, settings));
  }
  return text + "\n  }\n}\n";
}

}  // namespace

std::string print_config(const Config& config) {
  return "// What postbackd works with; above each key stands where its value came from.\n" +
         write(config.settings, false, [&](const ConfigKey& key) {
           const auto origin = config.origins.find(key.name);
           return origin == config.origins.end() ? std::string("default") : origin->second;
         });
}

std::string default_config_file() {
  const Settings defaults;
  return "// The configuration of postbackd: every key with its default. A key that is left out has its default.\n"
         "// Stronger than this file is the environment (POSTBACKD_HTTP_LISTEN for http.listen, lists separated by\n"
         "// commas), and stronger than that the command line. `postbackd check --config FILE` says what is wrong.\n"
         "// This file is made by: postbackd serve --print-config --defaults\n" +
         write(defaults, true, [&](const ConfigKey& key) {
           return std::string(key.meaning) + "\nDefault " + json_of(value_of(key, defaults)) + "; " + range_of(key) +
                  ".";
         });
}

}  // namespace postback

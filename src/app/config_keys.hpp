// The table of configuration keys, from which parsing, checks, environment, printing and the documents follow.
#pragma once

#include "postback/app/config.hpp"
#include "postback/base/strict_json.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace postback {

/// Where a key's value stands in Settings; the type decides how it is read.
using ConfigTarget =
    std::variant<std::size_t*, unsigned*, std::chrono::milliseconds*, std::string*, std::vector<std::string>*>;

/// Limits of a number, or of how many items a list has. Not used for texts.
struct ConfigRange {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

struct ConfigKey {
  std::string_view name;  ///< `section.key`
  ConfigTarget (*target)(Settings&);
  ConfigRange range;
  std::string_view unit;                      ///< Of a number or a list's items; for a text, what it is.
  std::string_view choices;                   ///< The texts allowed, separated by spaces; empty: see `check`.
  Result<void> (*check)(const std::string&);  ///< Of a text or of each item; its detail says what would be right.
  std::string_view meaning;                   ///< One sentence.
};

struct ConfigSection {
  std::string_view name;
  std::string_view meaning;
};

std::span<const ConfigKey> config_keys();  ///< In the order of the file; a section's keys stand together.
std::span<const ConfigSection> config_sections();

/// The key of this name, null if there is none.
const ConfigKey* find_config_key(std::string_view name);
std::string_view section_of(const ConfigKey& key);
/// `POSTBACKD_HTTP_LISTEN` for `http.listen`.
std::string variable_of(const ConfigKey& key);
/// What is allowed, for people: `1 to 100 fields`, `text or json`, `a URL`.
std::string range_of(const ConfigKey& key);

/// What is wrong with a value, as in ConfigFault.
struct ConfigMistake {
  std::string problem;
  std::string expected;
};

using ConfigMistakes = std::vector<ConfigMistake>;

/// Takes a value of the file into `settings`; with a mistake nothing is changed.
ConfigMistakes set_value(const ConfigKey& key, const Json& value, Settings& settings);
/// The same for texts: one for a number or text, any number for a list.
ConfigMistakes set_texts(const ConfigKey& key, const std::vector<std::string>& texts, Settings& settings);
/// The value as it stands in a file.
Json value_of(const ConfigKey& key, Settings settings);

/// A value of the file with the line that its key stands on.
struct ConfigFileValue {
  const ConfigKey* key;
  std::size_t line;
  Json value;
};

/// The values of a file and what is wrong with its form: syntax, unknown and repeated keys. `name` stands in the
/// faults.
std::vector<ConfigFileValue> read_config_file(const std::string& name, std::string_view text,
                                              std::vector<ConfigFault>& faults);

}  // namespace postback

// Configuration: what a server is started with, from defaults, one file, the environment and the command line.
#pragma once

#include "postback/app/app.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// Every value of the configuration. Keys, ranges and meanings stand in one table, src/app/config_keys.cpp.
struct Settings {
  AppOptions app;
  std::string log_format = "text";  ///< `text` or `json`.
  std::string log_level = "info";   ///< `debug`, `info`, `warn` or `error`.
};

/// One thing that is wrong, in the words of its place.
struct ConfigFault {
  std::string origin;    ///< `postbackd.json:12`, `environment POSTBACKD_HTTP_LISTEN` or `command line --listen`.
  std::string key;       ///< Such as `http.listen`; empty when the fault is in no key.
  std::string problem;   ///< A clause: `is 0`.
  std::string expected;  ///< What would be right; may be empty when the problem says it.
};

/// `origin: key: problem; expected ...`, for one line of text.
std::string to_string(const ConfigFault& fault);

/// A value of the command line: the option, the key that it sets, and its texts (several for a list).
struct CommandLineValue {
  std::string option;
  std::string key;
  std::vector<std::string> values;
};

/// Where values come from; later ones win: defaults, file, environment, command line.
struct ConfigSources {
  std::optional<std::string> file;                 ///< Its path.
  std::map<std::string, std::string> environment;  ///< Names with the prefix POSTBACKD_.
  std::vector<CommandLineValue> command_line;
};

struct Config {
  Settings settings;
  std::map<std::string, std::string, std::less<>> origins;  ///< By key; a key that is not there has its default.
  std::vector<ConfigFault> faults;                          ///< All that were found; with any, `settings` is no use.
};

/// Reads the file and puts everything together. POSTBACKD_ADMIN_KEY, a secret, is taken from the environment only.
Config load_config(const ConfigSources& sources);

/// The variables of this process that begin with POSTBACKD_.
std::map<std::string, std::string> config_environment();

/// The whole configuration as a file that `--config` takes, with a comment for each key: where its value came from.
std::string print_config(const Config& config);

/// config/postbackd.json: every key with its default, and unit, range and meaning as comments.
std::string default_config_file();

/// The keys whose values differ.
std::vector<std::string> changed_keys(const Settings& before, const Settings& after);

}  // namespace postback

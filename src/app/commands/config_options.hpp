// ConfigOptions: the options by which commands find the configuration, and its faults told to people.
#pragma once

#include "postback/app/config.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// Must stay where it is while CLI11 parses.
struct ConfigOptions {
  std::optional<std::string> file;  ///< Given empty is not the same as not given: it is a fault.
  std::vector<std::string> listen;
  std::optional<std::string> store;

  /// `--config` and `--store`, as every command that needs the store has them.
  void add_to(CLI::App& command);
  void add_listen_to(CLI::App& command);
  /// These options with the environment of this process.
  ConfigSources sources() const;
};

/// The configuration; with faults, nothing, after all of them were printed to standard error, and at last what follows
/// from them: `cannot start`.
std::optional<Config> load_or_explain(const ConfigSources& sources, std::string_view outcome);

}  // namespace postback

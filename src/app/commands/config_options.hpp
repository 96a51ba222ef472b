// ConfigOptions: the options by which commands find the configuration, and its faults told to people.
#pragma once

#include "postback/app/config.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace postback {

/// Must stay where it is while CLI11 parses.
struct ConfigOptions {
  std::string file;
  std::vector<std::string> listen;
  std::string store;

  /// `--config` and `--store`, as every command that needs the store has them.
  void add_to(CLI::App& command);
  void add_listen_to(CLI::App& command);
  /// These options with the environment of this process.
  ConfigSources sources() const;
};

/// The configuration; with faults, nothing, after all of them were printed to standard error.
std::optional<Config> load_or_explain(const ConfigSources& sources);

}  // namespace postback

// The options by which commands find the configuration.
#include "app/commands/config_options.hpp"

#include <cstdio>

namespace postback {

void ConfigOptions::add_to(CLI::App& command) {
  command.add_option("--config", file, "The configuration: a JSON file with comments, such as config/postbackd.json.")
      ->type_name("FILE");
  command
      .add_option("--store", store,
                  "Where everything is kept: sqlite:///absolute/path.db or sqlite://./relative/path.db. Default: "
                  "store.url, " +
                      Settings().app.store + ".")
      ->type_name("URL");
}

void ConfigOptions::add_listen_to(CLI::App& command) {
  command
      .add_option(
          "--listen", listen,
          "Where to listen; may be given several times. Default: http.listen, " + Settings().app.listen.front() + ".")
      ->type_name("ADDRESS:PORT")
      ->take_all();
}

ConfigSources ConfigOptions::sources() const {
  ConfigSources sources;
  sources.file = file;
  sources.environment = config_environment();
  if (!listen.empty()) sources.command_line.push_back({"--listen", "http.listen", listen});
  if (store) sources.command_line.push_back({"--store", "store.url", {*store}});
  return sources;
}

std::optional<Config> load_or_explain(const ConfigSources& sources, std::string_view outcome) {
  auto config = load_config(sources);
  if (config.faults.empty()) return config;
  for (const auto& fault : config.faults) std::fprintf(stderr, "%s\n", to_string(fault).c_str());
  const auto count = config.faults.size();
  std::fprintf(stderr, "postbackd: %s: %zu %s in the configuration.\n", std::string(outcome).c_str(), count,
               count == 1 ? "fault" : "faults");
  return std::nullopt;
}

}  // namespace postback

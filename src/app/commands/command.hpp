// The commands of the program: each in a file of its own, which adds its options and gives what runs it.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <vector>

namespace postback {

inline constexpr int kFailed = 1;      ///< Exit status: the command could not do its work.
inline constexpr int kWrongUsage = 2;  ///< Exit status: the command line is wrong.
inline constexpr int kWouldBeRefused =
    3;  ///< Exit status of `explain`: the postback would be refused; of `deliveries test`: it was.

/// A command of the command line, ready to be run once the line was parsed.
struct Command {
  const CLI::App* parsed;    ///< Says whether it was chosen.
  std::function<int()> run;  ///< Does it and returns the exit status; owns the values of its options.
};

/// Runs the one that was chosen; its exit status, kWrongUsage when none was.
inline int run_parsed(const std::vector<Command>& commands) {
  for (const auto& command : commands) {
    if (command.parsed->parsed()) return command.run();
  }
  return kWrongUsage;
}

/// Each adds a subcommand to `program`, with a footer that shows an example and names the next step.
Command add_serve_command(CLI::App& program);
Command add_check_command(CLI::App& program);
Command add_catalog_command(CLI::App& program);
Command add_key_command(CLI::App& program);
Command add_explain_command(CLI::App& program);
Command add_backup_command(CLI::App& program);
Command add_export_command(CLI::App& program);
Command add_import_command(CLI::App& program);
Command add_replay_command(CLI::App& program);
Command add_deliveries_command(CLI::App& program);
Command add_simulate_command(CLI::App& program);

}  // namespace postback

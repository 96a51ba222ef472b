// Parses the command line and runs the command that it names.
#include "postback/app/command_line.hpp"

#include "app/commands/command.hpp"
#include "postback/app/build_info.hpp"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace postback {

namespace {

constexpr const char* kFooter =
    "Exit status: 0 done; 1 it could not be done, with the reason on standard error; 2 the command line is wrong.\n\n"
    "Next: postbackd serve --help";

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App program(
      "postbackd: a self-hosted conversion tracker. It records clicks, receives the postbacks of affiliate "
      "networks, explains how they match, and tells traffic sources.",
      "postbackd");
  program.set_version_flag("--version", std::string(build_version()) + " (" + std::string(build_commit()) + ")");
  program.require_subcommand(0, 1);
  program.footer(kFooter);
  const std::vector<Command> commands{add_serve_command(program),   add_check_command(program),
                                      add_catalog_command(program), add_key_command(program),
                                      add_explain_command(program), add_backup_command(program),
                                      add_export_command(program),  add_import_command(program),
                                      add_replay_command(program),  add_deliveries_command(program),
                                      add_simulate_command(program)};
  try {
    program.parse(argc, argv);
    if (!program.get_subcommands().empty()) return run_parsed(commands);
    std::fputs(program.help().c_str(), stderr);
    return kWrongUsage;
  } catch (const CLI::ParseError& error) {
    // Help and version come this way too, with status 0; all other statuses of CLI11 mean a wrong command line.
    return program.exit(error) == 0 ? 0 : kWrongUsage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "postbackd: stopped by an error that was not foreseen: %s\n", error.what());
    return kFailed;
  }
}

}  // namespace postback

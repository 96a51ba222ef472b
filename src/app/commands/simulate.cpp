// `simulate`: an end-to-end self-test against a running server.
#include "app/commands/command.hpp"
#include "app/commands/server_options.hpp"
#include "app/commands/simulation.hpp"
#include "postback/base/log.hpp"
#include "postback/domain/catalog.hpp"

#include <cstdio>
#include <memory>

namespace postback {
namespace {

struct SimulateOptions {
  ServerOptions server;
  SimulationOptions simulation;
};

const char* word_of(StepOutcome outcome) {
  switch (outcome) {
    case StepOutcome::passed: return "ok";
    case StepOutcome::failed: return "FAILED";
    case StepOutcome::left_out: break;
  }
  return "left out";
}

void print_step(const StepReport& step) {
  std::printf("%-8s %6lld ms  %-23s %s\n", word_of(step.outcome), static_cast<long long>(step.took.count()), step.name,
              step.seen.c_str());
  std::fflush(stdout);
}

int run(const SimulateOptions& options) {
  for (const auto& [option, id] :
       {std::pair("--campaign", options.simulation.campaign), std::pair("--network", options.simulation.network)}) {
    if (id.empty() || is_slug(id)) continue;
    return fail({ErrorCode::invalid_argument,
                 std::string(option) + " is \"" + log_text(id) + "\"; expected the ID of one in the catalog"});
  }
  auto access = options.server.find();
  if (!access) return fail(access.error());
  ApiClient client(std::move(*access));
  const SystemClock clock;
  SystemEntropy entropy;
  Simulation simulation(client, clock, entropy, options.simulation, print_step);
  const auto count = simulation.run();
  std::printf("\n%zu of %zu steps passed.\n\n", count.passed, count.steps);
  if (count.passed == count.steps) {
    std::puts("Next: postbackd export postbacks shows what arrived; the API's links route builds links for real ones.");
    return 0;
  }
  std::puts("Next: mend the first step that failed, and run it again; the server's log may say more.");
  return kFailed;
}

}  // namespace

Command add_simulate_command(CLI::App& program) {
  auto options = std::make_shared<SimulateOptions>();
  auto* const command = program.add_subcommand(
      "simulate", "Test a running server from end to end: click, convert, repeat, mismatch, logs, metrics.");
  command
      ->add_option("--campaign", options->simulation.campaign,
                   "Click on this campaign; its click and conversion stay and count. Default: a temporary one.")
      ->type_name("ID");
  command
      ->add_option("--network", options->simulation.network,
                   "Send the postbacks as this network. Default: that of the click's offer.")
      ->type_name("ID");
  command->add_flag("--keep", options->simulation.keep,
                    "Leave what was made in force. Default: archive it. Its click and conversion stay in the logs.");
  options->server.add_to(*command);
  options->server.add_public_to(*command);
  command->footer(std::string(kKeyHelp) +
                  "Needs an admin key. Prints a line for each step with what was seen and how long it took. Exit "
                  "status: 0 all\npassed; 1 some did not.\n\n"
                  "Example:\n"
                  "  postbackd simulate\n\n"
                  "Next: postbackd export postbacks");
  return {command, [options] { return run(*options); }};
}

}  // namespace postback

// `serve`: runs the server until a signal ends it.
#include "app/commands/command.hpp"
#include "app/commands/config_options.hpp"
#include "postback/app/app.hpp"
#include "postback/app/build_info.hpp"
#include "postback/base/log.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>

namespace postback {

namespace {

struct ServeOptions {
  ConfigOptions config;
  bool print_config = false;
  bool defaults = false;
};

/// Signals are taken by the main thread with sigwait; every other thread has them blocked from the start.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return set;
}

void print_key(const std::string& key) {
  std::printf("The API key of this store (shown once, keep it): %s\n", key.c_str());
  std::fflush(stdout);
}

spdlog::level::level_enum level_of(const Settings& settings) { return spdlog::level::from_str(settings.log_level); }

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

/// SIGHUP: takes the log level over. A faulty configuration changes nothing.
void reload(const ConfigSources& sources, const Settings& running, std::string& level) {
  const auto config = load_config(sources);
  if (!config.faults.empty()) {
    for (const auto& fault : config.faults) spdlog::error("app.reload_refused fault={}", log_value(to_string(fault)));
    return;
  }
  auto waiting = changed_keys(running, config.settings);
  std::erase(waiting, "log.level");
  // Said while the more talkative of the two levels holds, so that it is not left out by either.
  const auto before = spdlog::level::from_str(level);
  const auto after = level_of(config.settings);
  set_log_level(std::min(before, after));
  spdlog::info("app.reloaded log_level={} log_level_before={} needs_restart={}", config.settings.log_level, level,
               log_value(joined(waiting)));
  set_log_level(after);
  level = config.settings.log_level;
}

void say_where(const App& app) {
  for (const auto& address : app.addresses())
    spdlog::info("app.listening address={} version={}", address, build_version());
  for (const auto& address : app.api_addresses()) spdlog::info("app.api_listening address={}", address);
}

/// Returns when a signal asks for the end.
void wait_for_end(const sigset_t& signals, const ConfigSources& sources, const Settings& settings) {
  std::string level = settings.log_level;
  int signal = 0;
  for (sigwait(&signals, &signal); signal == SIGHUP; sigwait(&signals, &signal)) reload(sources, settings, level);
}

int serve(const Settings& settings, const ConfigSources& sources) {
  const sigset_t signals = block_signals();
  start_logging(settings.log_format == "json" ? LogFormat::json : LogFormat::text, level_of(settings));
  const SystemClock clock;
  SystemEntropy entropy;
  std::atomic<bool> failed{false};
  std::atomic<bool> waiting{true};  // for a signal
  App app(settings.app, clock, entropy, [&failed, &waiting](const Error&) {
    failed = true;
    if (waiting) ::kill(::getpid(), SIGTERM);
  });
  if (const auto started = app.start(); !started) {
    stop_logging();
    std::fprintf(stderr, "postbackd: cannot start: %s\n", started.error().detail.c_str());
    return kFailed;
  }
  if (app.new_admin_key()) print_key(*app.new_admin_key());
  say_where(app);
  wait_for_end(signals, sources, settings);
  waiting = false;
  // A second signal ends the process at once: everything acknowledged is committed already.
  ::signal(SIGTERM, SIG_DFL);
  ::signal(SIGINT, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  spdlog::info("app.stopping reason={}", failed ? "store_failed" : "signal");
  // With a store that failed nothing more can be promised: what waits is told so, and the supervisor starts anew.
  constexpr std::chrono::milliseconds kPatienceAfterFault{500};
  const auto stopped = failed ? app.stop(kPatienceAfterFault) : app.stop();
  if (!stopped) spdlog::error("app.close_failed detail={}", log_value(stopped.error().detail));
  spdlog::info("app.stopped");
  stop_logging();
  return failed || !stopped ? kFailed : 0;
}

int run(const ServeOptions& options) {
  if (options.defaults) {
    std::fputs(default_config_file().c_str(), stdout);
    return 0;
  }
  const auto sources = options.config.sources();
  const auto config = load_or_explain(sources, "cannot start");
  if (!config) return kFailed;
  if (!options.print_config) return serve(config->settings, sources);
  std::fputs(print_config(*config).c_str(), stdout);
  return 0;
}

}  // namespace

Command add_serve_command(CLI::App& program) {
  auto options = std::make_shared<ServeOptions>();
  auto* const command = program.add_subcommand("serve", "Run the server until SIGTERM or Ctrl-C.");
  options->config.add_to(*command);
  options->config.add_listen_to(*command);
  auto* const print = command->add_flag("--print-config", options->print_config,
                                        "Print the configuration with where each value came from, and end.");
  command
      ->add_flag("--defaults", options->defaults, "With --print-config: print the defaults with what each key means.")
      ->needs(print);
  command->footer(
      "Each key of the configuration can be set in the environment too: POSTBACKD_HTTP_LISTEN is http.listen.\n"
      "POSTBACKD_ADMIN_KEY is the API key of an empty store; without it one is made and shown once.\n"
      "SIGHUP reads the log level again; SIGTERM ends in order.\n\n"
      "Example:\n"
      "  postbackd serve --listen 127.0.0.1:8080 --store sqlite://./data/postbackd.db\n\n"
      "Next: ask http://127.0.0.1:8080/readyz, then follow docs/quickstart.md to the first conversion.");
  return {command, [options] { return run(*options); }};
}

}  // namespace postback

// Parses the command line and runs `serve` until a signal ends it.
#include "postback/app/command_line.hpp"

#include "postback/app/app.hpp"
#include "postback/app/build_info.hpp"
#include "postback/base/log.hpp"

#include <CLI/CLI.hpp>

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace postback {

namespace {

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

int serve(AppOptions options) {
  const sigset_t signals = block_signals();
  start_logging(spdlog::level::info);
  const SystemClock clock;
  SystemEntropy entropy;
  std::atomic<bool> failed{false};
  std::atomic<bool> waiting{true};  // for a signal
  App app(std::move(options), clock, entropy, [&failed, &waiting](const Error&) {
    failed = true;
    if (waiting) ::kill(::getpid(), SIGTERM);
  });
  if (const auto started = app.start(); !started) {
    stop_logging();
    std::fprintf(stderr, "postbackd: cannot start: %s\n", started.error().detail.c_str());
    return 1;
  }
  if (app.new_admin_key()) print_key(*app.new_admin_key());
  for (const auto& address : app.addresses())
    spdlog::info("app.listening address={} version={}", address, build_version());
  int signal = 0;
  do {
    sigwait(&signals, &signal);
  } while (signal == SIGHUP);
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
  return failed || !stopped ? 1 : 0;
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App program(
      "postbackd: a self-hosted conversion tracker. It records clicks, receives the postbacks of affiliate "
      "networks, and explains how they match.");
  program.set_version_flag("--version", std::string(build_version()) + " (" + std::string(build_commit()) + ")");
  program.require_subcommand(1);
  AppOptions options;
  auto* const command = program.add_subcommand("serve", "Run the server until SIGTERM or Ctrl-C.");
  command->add_option("--listen", options.listen, "Address and port to listen on; may be given several times.")
      ->take_all()
      ->capture_default_str();
  command
      ->add_option("--store", options.store,
                   "Where to keep everything: sqlite:///absolute/path.db or sqlite://./relative/path.db.")
      ->capture_default_str();
  command->footer(
      "Environment:\n  POSTBACKD_ADMIN_KEY  the API key to use on an empty store; without it one is made and shown "
      "once.\n\nExample:\n  postbackd serve --listen 127.0.0.1:8080 --store sqlite://./data/postbackd.db");
  CLI11_PARSE(program, argc, argv);
  if (const char* const key = std::getenv("POSTBACKD_ADMIN_KEY"); key != nullptr) options.admin_key = key;
  return serve(std::move(options));
}

}  // namespace postback

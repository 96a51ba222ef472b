// `backup`: a consistent copy of the store, while the server runs or not.
#include "app/commands/command.hpp"
#include "app/commands/config_options.hpp"
#include "postback/store/sqlite.hpp"

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

namespace postback {

namespace {

struct BackupOptions {
  ConfigOptions config;
  std::string target;
};

/// A line that is written over, for a person who waits.
void show_progress(std::uint64_t pages, std::uint64_t of) {
  std::fprintf(stderr, "\rbackup: %llu of %llu pages", static_cast<unsigned long long>(pages),
               static_cast<unsigned long long>(of));
  if (pages == of) std::fputc('\n', stderr);
}

int run(const BackupOptions& options) {
  const auto config = load_or_explain(options.config.sources(), "no backup was made");
  if (!config) return kFailed;
  auto source = config->settings.app.sqlite;
  const auto path = parse_store_url(config->settings.app.store);
  if (!path) return kFailed;  // was checked with the configuration
  source.path = *path;
  const auto copied =
      backup_sqlite_store(source, options.target, ::isatty(STDERR_FILENO) == 1 ? show_progress : nullptr);
  if (!copied) {
    std::fprintf(stderr, "postbackd: no backup was made: %s\n", copied.error().detail.c_str());
    return kFailed;
  }
  const char* const file = options.target.c_str();
  std::printf(
      "%s holds everything that was committed when the backup began (%llu bytes, checked).\n\n"
      "To restore it: stop the server, move %s with its -wal and -shm away, then\n"
      "  cp %s %s\n"
      "and start the server. To look into it without touching the store, serve a copy of it:\n"
      "  postbackd serve --listen 127.0.0.1:8081 --store sqlite:///absolute/path/to/the/copy\n",
      file, static_cast<unsigned long long>(*copied), path->c_str(), file, path->c_str());
  return 0;
}

}  // namespace

Command add_backup_command(CLI::App& program) {
  auto options = std::make_shared<BackupOptions>();
  auto* const command =
      program.add_subcommand("backup", "Copy the store into a file, consistently, while the server runs or not.");
  command->add_option("FILE", options->target, "The file to make; it must not exist.")->required();
  options->config.add_to(*command);
  command->footer(
      "Works on the machine of the store. FILE.partial is written, checked and renamed, so FILE is always whole.\n"
      "It holds tokens, keys and visitors' addresses: keep it where nobody else can read it.\n\n"
      "Example:\n"
      "  postbackd backup --store sqlite://./data/postbackd.db postbackd-backup.db\n\n"
      "Next: the command says how to restore it; try that once before you need it.");
  return {command, [options] { return run(*options); }};
}

}  // namespace postback

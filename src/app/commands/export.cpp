// `export`: a whole log of a running server as CSV or NDJSON.
#include "app/commands/command.hpp"
#include "app/commands/filter_options.hpp"
#include "app/commands/log_export.hpp"
#include "app/commands/server_options.hpp"
#include "postback/base/log.hpp"
#include "postback/base/percent.hpp"

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <vector>

namespace postback {
namespace {

struct ExportOptions {
  ServerOptions server;
  std::string log;
  std::string file = "-";
  std::string format = "csv";
  FilterOptions rows;
};

void append_parameter(std::string& query, std::string_view name, std::string_view value) {
  query += '&';
  append_percent_encoded(query, name);
  query += '=';
  append_percent_encoded(query, value);
}

Result<LogSelection> selection_of(const ExportOptions& options) {
  LogSelection selection{.log = options.log, .filters = {}, .csv = options.format == "csv"};
  const auto pairs = options.rows.pairs("code=click_unknown");
  if (!pairs) return pairs.error();
  for (const auto& [name, value] : *pairs) append_parameter(selection.filters, name, value);
  return selection;
}

void show_progress(std::uint64_t rows, const std::string& searched_to) {
  std::fprintf(stderr, "\r%llu rows, searched down to %s", static_cast<unsigned long long>(rows),
               log_text(searched_to).c_str());
}

Result<std::uint64_t> write_log(const ExportOptions& options, const LogExport::Progress& progress) {
  auto selection = selection_of(options);
  if (!selection) return selection.error();
  auto access = options.server.find();
  if (!access) return access.error();
  ApiClient client(std::move(*access));
  OutputFile file(options.file);
  if (const auto opened = file.open(); !opened) return opened.error();
  LogExport log(client, std::move(*selection));
  const auto rows = log.write_to(file, progress);
  if (!rows) return rows;
  if (const auto finished = file.finish(); !finished) return finished.error();
  return rows;
}

int run(const ExportOptions& options) {
  const bool watched = ::isatty(STDERR_FILENO) == 1 && !(options.file == "-" && ::isatty(STDOUT_FILENO) == 1);
  const auto nothing = [](std::uint64_t, const std::string&) {};
  const auto rows = write_log(options, watched ? LogExport::Progress(show_progress) : LogExport::Progress(nothing));
  if (watched) std::fputc('\n', stderr);
  if (!rows) {
    const char* const left = options.file == "-" ? "the output is not complete" : "no file was written";
    return fail({rows.error().code, rows.error().detail + "\nThe export ended early: " + left + "."});
  }
  const auto count = std::to_string(*rows) + (*rows == 1 ? " row" : " rows");
  if (options.file == "-") {
    std::fprintf(stderr, "%s.\n", count.c_str());
    return 0;
  }
  std::printf(
      "%s: %s, newest first. It holds visitors' addresses or more: only you can read it.\n\n"
      "Next: open it with a spreadsheet, or take fewer rows with --from, --to and --filter.\n",
      options.file.c_str(), count.c_str());
  return 0;
}

}  // namespace

Command add_export_command(CLI::App& program) {
  auto options = std::make_shared<ExportOptions>();
  auto* const command = program.add_subcommand("export", "Write a log of a running server, newest rows first.");
  command->add_option("LOG", options->log, "clicks, conversions, postbacks, deliveries or audit.")
      ->required()
      ->check(CLI::IsMember({"clicks", "conversions", "postbacks", "deliveries", "audit"}));
  command->add_option("FILE", options->file,
                      "Where to; it appears whole, readable for you only. Default: standard output.");
  options->rows.add_to(*command);
  command->add_option("--format", options->format, "csv, fit for spreadsheets, or ndjson. Default: csv.")
      ->check(CLI::IsMember({"csv", "ndjson"}));
  options->server.add_to(*command);
  command->footer(std::string(kKeyHelp) +
                  "The columns, which are the filters' names too, are those of the API: docs/http-api.md.\n\n"
                  "Example:\n"
                  "  postbackd export postbacks refused.csv --from 2026-01-31 --filter result=refused\n\n"
                  "Next: postbackd explain URL says what to mend for a refused one.");
  return {command, [options] { return run(*options); }};
}

}  // namespace postback

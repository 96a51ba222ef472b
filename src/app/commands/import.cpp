// `import`: takes what `catalog export` wrote, or the clicks of another tracker.
#include "app/client/output_file.hpp"
#include "app/commands/catalog_transfer.hpp"
#include "app/commands/click_import.hpp"
#include "app/commands/command.hpp"

#include <memory>
#include <utility>

namespace postback {
namespace {

int run(const CatalogImport& options) {
  auto text = read_whole_file(options.file, kLargestImport);
  if (!text) return fail(text.error());
  if (const auto json = parse_strict_json(*text); json && looks_like_catalog(*json)) {
    return import_catalog(options, std::move(*text));
  }
  if (looks_like_clicks(*text)) return import_clicks(options, *text);
  return fail({ErrorCode::invalid_argument,
               options.file +
                   " is neither a catalog export nor a file of clicks (JSON, NDJSON or CSV with foreign_id, campaign "
                   "and time). Logs that `postbackd export` wrote cannot be imported. Nothing was changed.\n"
                   "To see what a catalog file looks like: postbackd catalog export"});
}

}  // namespace

Command add_import_command(CLI::App& program) {
  auto options = std::make_shared<CatalogImport>();
  auto* const command = program.add_subcommand(
      "import", "Put a catalog export, or the clicks of another tracker, into a running server.");
  command
      ->add_option("FILE", options->file,
                   "What `catalog export` wrote; or clicks as JSON, NDJSON or CSV, with foreign_id, campaign, time.")
      ->required();
  command->add_flag("--dry-run", options->dry_run, "Only say what would change. Default: change it.");
  options->server.add_to(*command);
  command->footer(
      std::string(kKeyHelp) +
      "Exit status: 0 all of it was imported, or was known; 1 something was refused or could not be done.\n\n"
      "Examples:\n"
      "  postbackd import catalog.json --dry-run\n"
      "  postbackd import clicks.csv\n\n"
      "Next: postbackd simulate");
  return {command, [options] { return run(*options); }};
}

}  // namespace postback

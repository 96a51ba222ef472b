// `import`: takes what `catalog export` wrote; says in words what cannot be imported yet.
#include "app/client/output_file.hpp"
#include "app/commands/catalog_transfer.hpp"
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
  return fail({ErrorCode::invalid_argument,
               options.file +
                   " is not a catalog export, and nothing else can be imported in this version: clicks of another "
                   "tracker, and logs that `postbackd export` wrote, cannot yet. Nothing was changed.\n"
                   "To see what a catalog file looks like: postbackd catalog export"});
}

}  // namespace

Command add_import_command(CLI::App& program) {
  auto options = std::make_shared<CatalogImport>();
  auto* const command = program.add_subcommand(
      "import", "Put a file that `catalog export` wrote into a running server, as `catalog import` does.");
  command->add_option("FILE", options->file, "The catalog export.")->required();
  command->add_flag("--dry-run", options->dry_run, "Only say what would change. Default: change it.");
  options->server.add_to(*command);
  command->footer(std::string(kKeyHelp) +
                  "Clicks of another tracker cannot be imported in this version.\n\n"
                  "Example:\n"
                  "  postbackd import catalog.json --dry-run\n\n"
                  "Next: postbackd simulate");
  return {command, [options] { return run(*options); }};
}

}  // namespace postback

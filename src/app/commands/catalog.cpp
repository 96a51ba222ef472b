// `catalog export` and `catalog import`: the whole catalog of a running server as one JSON file.
#include "app/client/output_file.hpp"
#include "app/commands/catalog_transfer.hpp"
#include "app/commands/command.hpp"

#include <cstdio>
#include <memory>

namespace postback {
namespace {

struct CatalogExport {
  ServerOptions server;
  std::string file = "-";
};

/// As it arrived, but with line breaks; the order of members stays.
Result<std::string> pretty(const std::string& text) {
  const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!json.is_object()) return Error{ErrorCode::io_failed, "the server's answer is no catalog; is it postbackd?"};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<void> write_export(const CatalogExport& options) {
  auto access = options.server.find();
  if (!access) return access.error();
  ApiClient client(std::move(*access));
  auto answer = client.ask("GET", "/api/v1/catalog");
  if (!answer) return answer.error();
  const auto text = pretty(answer->body);
  if (!text) return text.error();
  OutputFile file(options.file);
  if (auto opened = file.open(); !opened) return opened;
  if (auto written = file.write(*text); !written) return written;
  return file.finish();
}

int export_catalog(const CatalogExport& options) {
  if (const auto written = write_export(options); !written) return fail(written.error());
  if (options.file == "-") return 0;
  std::printf(
      "%s holds the catalog with the networks' tokens: only you can read it, keep it so.\n\n"
      "Next: change it, then look what that would do: postbackd catalog import %s --dry-run\n",
      options.file.c_str(), options.file.c_str());
  return 0;
}

Command add_export(CLI::App& catalog) {
  auto options = std::make_shared<CatalogExport>();
  auto* const command = catalog.add_subcommand("export", "Write the catalog of a running server as one JSON file.");
  command->add_option("FILE", options->file,
                      "Where to; it appears whole, readable for you only. Default: standard output.");
  options->server.add_to(*command);
  command->footer(std::string(kKeyHelp) +
                  "What is archived is left out. The file holds the networks' tokens.\n\n"
                  "Example:\n"
                  "  postbackd catalog export catalog.json\n\n"
                  "Next: postbackd catalog import catalog.json --dry-run");
  return {command, [options] { return export_catalog(*options); }};
}

Command add_import(CLI::App& catalog) {
  auto options = std::make_shared<CatalogImport>();
  auto* const command =
      catalog.add_subcommand("import", "Put the objects of a catalog file into a running server, all or none.");
  command
      ->add_option("FILE", options->file,
                   "As `catalog export` makes it: {\"networks\":[{\"id\":...}],\"offers\":[...],...}; `-`: standard "
                   "input.")
      ->required();
  command->add_flag("--dry-run", options->dry_run, "Only say what would change. Default: change it.");
  command->add_flag("--replace", options->replace, "Archive what the file does not have. Default: it stays as it is.");
  options->server.add_to(*command);
  command->footer(std::string(kKeyHelp) +
                  "Prints + for what is new, ~ with each field for what changes, - for what is archived. The import is "
                  "one revision;\nwith a fault in any object nothing changes, and every fault is listed.\n\n"
                  "Example:\n"
                  "  postbackd catalog import config/example/catalog.json --dry-run\n\n"
                  "Next: postbackd simulate");
  return {command, [options] { return import_catalog(*options); }};
}

}  // namespace

Command add_catalog_command(CLI::App& program) {
  auto* const command = program.add_subcommand("catalog", "Export or import the catalog of a running server.");
  command->require_subcommand(1);
  command->footer("Next: postbackd catalog export --help");
  const auto parts = std::make_shared<std::vector<Command>>();
  parts->push_back(add_export(*command));
  parts->push_back(add_import(*command));
  return {command, [parts] { return run_parsed(*parts); }};
}

}  // namespace postback

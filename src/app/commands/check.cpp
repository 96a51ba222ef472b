// `check`: what is wrong in the configuration, in the stored catalog and in catalog files, all at once.
#include "app/commands/command.hpp"
#include "app/commands/config_options.hpp"
#include "postback/domain/catalog_file.hpp"
#include "postback/store/sqlite.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace postback {

namespace {

struct CheckOptions {
  ConfigOptions config;
  std::vector<std::string> files;
};

/// What was found: faults go to standard error as they are found, what is right is said at the end.
class Findings {
 public:
  void fault(const std::string& place, const std::string& text) {
    std::fprintf(stderr, "%s: %s\n", place.c_str(), text.c_str());
    ++faults_;
  }
  void faults(const std::string& place, const Faults& found) {
    for (const auto& each : found) {
      fault(place, each.field + ": " + each.problem + (each.expected.empty() ? "" : "; expected " + each.expected));
    }
  }
  void right(std::string sentence) { right_.push_back(std::move(sentence)); }

  int finish() const {
    for (const auto& sentence : right_) std::printf("%s\n", sentence.c_str());
    std::fflush(stdout);
    if (faults_ == 0) return 0;
    std::fprintf(stderr, "postbackd: %zu %s.\n", faults_, faults_ == 1 ? "fault" : "faults");
    return kFailed;
  }

 private:
  std::size_t faults_ = 0;
  std::vector<std::string> right_;
};

std::string summary(const Catalog& catalog) {
  std::string text;
  for (const auto kind : kEntityKinds) {
    text += (text.empty() ? "" : ", ") + std::to_string(catalog.documents(kind).size()) + " " +
            std::string(collection_name(kind));
  }
  return text;
}

using Stored = std::shared_ptr<const Catalog>;

/// The stored catalog; an empty one when there is none or it cannot be used, which is said.
Stored check_store(const AppOptions& app, Findings& findings) {
  const auto path = parse_store_url(app.store);
  if (!path) return findings.fault("store.url", path.error().detail), Catalog::empty();
  std::error_code failure;
  if (!std::filesystem::exists(*path, failure)) {
    findings.right(app.store + ": there is no store yet; `postbackd serve` makes it.");
    return Catalog::empty();
  }
  auto options = app.sqlite;
  options.path = *path;
  auto stored = read_sqlite_catalog(options);
  if (!stored) return findings.fault(app.store, stored.error().detail), Catalog::empty();
  auto built = Catalog::build(std::move(stored->documents), stored->revision);
  if (const auto* faults = std::get_if<Faults>(&built)) return findings.faults(app.store, *faults), Catalog::empty();
  auto catalog = std::get<Stored>(std::move(built));
  findings.right(app.store + ": the catalog is right: " + summary(*catalog) + ".");
  return catalog;
}

/// Whether the file can be imported into `stored`.
void check_file(const std::string& path, const Catalog& stored, Findings& findings) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) return findings.fault(path, "cannot be read, or is empty");
  auto parsed = parse_strict_json(text.view());
  if (!parsed) return findings.fault(path, parsed.error().detail);
  SystemEntropy entropy;
  const auto checked = check_catalog_file(read_catalog_file(std::move(*parsed)), stored, SystemClock().wall(), entropy);
  if (const auto* faults = std::get_if<Faults>(&checked)) return findings.faults(path, *faults);
  const auto& change = std::get<CatalogChange>(checked);
  findings.right(path + ": the catalog is right: importing it would change " + std::to_string(change.entities.size()) +
                 " objects, which makes " + summary(*change.next) + ".");
}

int run(const CheckOptions& options) {
  Findings findings;
  const auto sources = options.config.sources();
  const auto config = load_config(sources);
  for (const auto& fault : config.faults) findings.fault("configuration", to_string(fault));
  auto stored = Catalog::empty();
  if (config.faults.empty()) {
    findings.right("The configuration is right: " + std::to_string(config.origins.size()) +
                   " keys are set, all others have their defaults.");
    stored = check_store(config.settings.app, findings);
  }
  for (const auto& file : options.files) check_file(file, *stored, findings);
  return findings.finish();
}

}  // namespace

Command add_check_command(CLI::App& program) {
  auto options = std::make_shared<CheckOptions>();
  auto* const command = program.add_subcommand(
      "check", "Look for faults in the configuration, the stored catalog and catalog files; change nothing.");
  options->config.add_to(*command);
  command->add_option(
      "FILES", options->files,
      "Catalog files, as `catalog export` makes them: {\"networks\":[{\"id\":...}],\"offers\":[...],...}.");
  command->footer(
      "Every fault is named with its place and what would be right. Exit status 0: nothing is wrong; 1: something "
      "is.\n\n"
      "Example:\n"
      "  postbackd check --config config/postbackd.json\n\n"
      "Next: postbackd serve --config config/postbackd.json");
  return {command, [options] { return run(*options); }};
}

}  // namespace postback

// `check`: what is wrong in the configuration, in the stored catalog and in catalog files, all at once.
#include "app/catalog_file.hpp"
#include "app/commands/command.hpp"
#include "app/commands/config_options.hpp"
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
  for (const auto kind : {EntityKind::network, EntityKind::offer, EntityKind::source, EntityKind::campaign}) {
    text += (text.empty() ? "" : ", ") + std::to_string(catalog.documents(kind).size()) + " " +
            std::string(collection_name(kind));
  }
  return text;
}

void check_catalog(const std::string& place, std::vector<EntityDocument> documents, std::uint64_t revision,
                   Findings& findings) {
  auto built = Catalog::build(std::move(documents), revision);
  if (const auto* faults = std::get_if<Faults>(&built)) return findings.faults(place, *faults);
  findings.right(place + ": the catalog is right: " + summary(*std::get<std::shared_ptr<const Catalog>>(built)) + ".");
}

void check_store(const AppOptions& app, Findings& findings) {
  const auto path = parse_store_url(app.store);
  if (!path) return findings.fault("store.url", path.error().detail);
  std::error_code failure;
  if (!std::filesystem::exists(*path, failure)) {
    return findings.right(app.store + ": there is no store yet; `postbackd serve` makes it.");
  }
  auto options = app.sqlite;
  options.path = *path;
  auto stored = read_sqlite_catalog(options);
  if (!stored) return findings.fault(app.store, stored.error().detail);
  check_catalog(app.store, std::move(stored->documents), stored->revision, findings);
}

void check_file(const std::string& path, Findings& findings) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) return findings.fault(path, "cannot be read, or is empty");
  auto read = read_catalog_file(text.view());
  if (const auto* faults = std::get_if<Faults>(&read)) return findings.faults(path, *faults);
  check_catalog(path, std::get<std::vector<EntityDocument>>(std::move(read)), 0, findings);
}

int run(const CheckOptions& options) {
  Findings findings;
  const auto sources = options.config.sources();
  const auto config = load_config(sources);
  for (const auto& fault : config.faults) findings.fault("configuration", to_string(fault));
  if (config.faults.empty()) {
    findings.right("The configuration is right: " + std::to_string(config.origins.size()) +
                   " keys are set, all others have their defaults.");
    check_store(config.settings.app, findings);
  }
  for (const auto& file : options.files) check_file(file, findings);
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

// Checks that includes follow the table of layers.
#include "support/tidy_checks.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace postback::tidy {

namespace {

using Layers = std::set<std::string, std::less<>>;

/// What each layer may include beside itself.
const std::map<std::string, Layers, std::less<>>& layer_table() {
  static const Layers handlers{"store", "http", "domain", "base"};
  static const std::map<std::string, Layers, std::less<>> table{
      {"base", {}},
      {"domain", {"base"}},
      {"http", {"base"}},
      {"store", {"domain", "base"}},
      {"tracking", handlers},
      {"api", handlers},
      {"delivery", handlers},
      {"report", handlers},
      {"dashboard", handlers},
      {"net", {"http", "base"}},
      {"app", {"net", "tracking", "api", "delivery", "report", "dashboard", "store", "http", "domain", "base"}},
  };
  return table;
}

std::string_view first_folder(std::string_view path) {
  const auto slash = path.find('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

/// The layer that a file belongs to; empty for files outside the layers, such as tests.
std::string_view layer_of(std::string_view path) {
  constexpr std::string_view kContracts = "include/postback/";
  constexpr std::string_view kSources = "src/";
  if (path == "src/main.cpp") return "app";
  if (path.starts_with(kContracts)) return first_folder(path.substr(kContracts.size()));
  if (path.starts_with(kSources)) return first_folder(path.substr(kSources.size()));
  return {};
}

struct Include {
  std::size_t line;
  std::string target;
  bool quoted;
};

std::vector<Include> includes_of(const SourceFile& file) {
  std::vector<Include> includes;
  std::size_t number = 0;
  for (auto line : lines_of(file.text)) {
    ++number;
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with("#include")) continue;
    const auto open = line.find_first_of("\"<");
    if (open == std::string_view::npos) continue;
    const auto close = line.find_first_of("\">", open + 1);
    includes.push_back({number, std::string(line.substr(open + 1, close - open - 1)), line[open] == '"'});
  }
  return includes;
}

/// The layer that a quoted include leads to; the file's own for a private header beside it.
std::string_view target_layer(std::string_view target, std::string_view own) {
  constexpr std::string_view kPrefix = "postback/";
  if (target.starts_with(kPrefix)) return first_folder(target.substr(kPrefix.size()));
  return target.find('/') == std::string_view::npos ? own : first_folder(target);
}

}  // namespace

Findings include_findings(const SourceFile& file) {
  Findings findings;
  if (!file.is_cpp() || !(file.is_below("include/") || file.is_below("src/"))) return findings;
  const auto own = layer_of(file.path);
  const auto allowed = layer_table().find(own);
  if (allowed == layer_table().end()) return {file.path + ":1: is in no layer of the table"};
  for (const auto& include : includes_of(file)) {
    if (!include.quoted) continue;
    const auto target = target_layer(include.target, own);
    if (target == own || allowed->second.contains(target)) continue;
    findings.push_back(file.path + ":" + std::to_string(include.line) + ": " + std::string(own) + " must not include " +
                       include.target);
  }
  return findings;
}

Findings network_library_findings(const SourceFile& file) {
  Findings findings;
  const auto own = layer_of(file.path);
  if (!file.is_cpp() || own.empty() || own == "net" || own == "app") return findings;
  for (const auto& include : includes_of(file)) {
    if (!include.target.starts_with("boost/asio") && !include.target.starts_with("boost/beast")) continue;
    findings.push_back(file.path + ":" + std::to_string(include.line) + ": " + include.target +
                       " is for net/ and app/ only");
  }
  return findings;
}

}  // namespace postback::tidy

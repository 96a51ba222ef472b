// Checks layout, openings, wording and names.
#include "support/tidy_checks.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace postback::tidy {

namespace {

constexpr std::size_t kWidestLine = 120;
constexpr std::array<std::string_view, 9> kTestFolders{"unit", "store", "integration", "fault",  "model",
                                                       "fuzz", "bench", "browser",     "support"};
constexpr std::array<std::string_view, 11> kTopLevel{
    "CMakeLists.txt", "CMakePresets.json", "src",    "include", "tests", "config", "docs", "web",
    "scripts",        "README.md",         "LICENSE"};
/// Not in the repository, but made beside it by building and running.
constexpr std::array<std::string_view, 2> kMadeHere{"build", "data"};

/// Columns of a UTF-8 line: bytes that begin a character.
std::size_t width(std::string_view line) {
  return static_cast<std::size_t>(
      std::ranges::count_if(line, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

std::string at_line(const SourceFile& file, std::size_t line, std::string_view sentence) {
  return file.path + ":" + std::to_string(line) + ": " + std::string(sentence);
}

/// Tables of documents and long commands of CMake and of data files are exempt from the width.
bool has_width_limit(const SourceFile& file) {
  const std::string_view name = std::string_view(file.path).substr(file.path.find_last_of('/') + 1);
  return name.find('.') == std::string_view::npos || file.is_cpp() || name.ends_with(".sql") ||
         name.ends_with(".lua") || name.ends_with(".sh") || name.ends_with(".awk");
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

Findings layout_findings(const SourceFile& file) {
  Findings findings;
  std::size_t number = 0;
  for (const auto line : lines_of(file.text)) {
    ++number;
    if (has_width_limit(file) && width(line) > kWidestLine) {
      findings.push_back(at_line(file, number, "wider than 120 columns"));
    }
    if (line.find('\t') != std::string_view::npos) findings.push_back(at_line(file, number, "a tab"));
    if (line.ends_with(' ') || line.ends_with('\r'))
      findings.push_back(at_line(file, number, "white space at the end"));
  }
  if (!file.text.empty() && !file.text.ends_with('\n'))
    findings.push_back(at_line(file, number, "no line end at the end"));
  return findings;
}

Findings opening_findings(const SourceFile& file) {
  Findings findings;
  if (!file.is_cpp()) return findings;
  constexpr std::size_t kShortestSentence = 20;
  const auto lines = lines_of(file.text);
  if (lines.empty() || !lines[0].starts_with("// ") || lines[0].size() < kShortestSentence) {
    findings.push_back(at_line(file, 1, "the first line does not say the file's job as a comment"));
  }
  if (file.path.ends_with(".hpp") && std::ranges::find(lines, "#pragma once") == lines.end()) {
    findings.push_back(at_line(file, 1, "no #pragma once"));
  }
  return findings;
}

Findings wording_findings(const SourceFile& file) {
  // Written in halves, so that this file passes its own check.
  static constexpr std::array<std::array<std::string_view, 3>, 5> kUnwanted{{
      {"TO", "DO", "work is done or listed as an issue, not put off in the text"},
      {"FIX", "ME", "work is done or listed as an issue, not put off in the text"},
      {"/wo", "rk/", "a path of one machine"},
      {"/ro", "ot/", "a path of one machine"},
      {"/ho", "me/", "a path of one machine"},
  }};
  Findings findings;
  for (const auto& [first, second, reason] : kUnwanted) {
    const auto text = std::string(first) + std::string(second);
    for (auto at = file.text.find(text); at != std::string::npos; at = file.text.find(text, at + 1)) {
      const bool inside_word = at > 0 && is_word(file.text[at - 1]) && is_word(text.front());
      if (!inside_word) findings.push_back(at_line(file, line_at(file.text, at), text + ": " + std::string(reason)));
    }
  }
  return findings;
}

Findings name_findings(const SourceFile& file) {
  Findings findings;
  std::string path = file.path;
  std::ranges::transform(path, path.begin(), [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  for (const std::string_view empty_word : {"util", "manager", "helper"}) {
    if (path.find(empty_word) == std::string::npos) continue;
    findings.push_back(at_line(file, 1, "the name does not say what is inside: " + std::string(empty_word)));
  }
  return findings;
}

Findings test_place_findings(const SourceFile& file) {
  if (!file.is_below("tests/")) return {};
  const auto rest = std::string_view(file.path).substr(std::string_view("tests/").size());
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos || !contains(kTestFolders, rest.substr(0, slash))) {
    return {at_line(file, 1, "is in no folder that the build knows below tests/")};
  }
  const bool deeper = rest.find('/', slash + 1) != std::string_view::npos;
  if (deeper && file.path.ends_with(".cpp")) return {at_line(file, 1, "too deep: the build does not find it there")};
  return {};
}

Findings top_level_findings(const std::vector<std::string>& names) {
  Findings findings;
  for (const auto& name : names) {
    if (name.starts_with('.') || contains(kTopLevel, name) || contains(kMadeHere, name)) continue;
    findings.push_back(name + ":1: has no place at the top level");
  }
  return findings;
}

}  // namespace postback::tidy

// Reads the repository's files and tells C++ code from comments and literals.
#include "support/source_tree.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

namespace postback::tidy {

namespace {

namespace fs = std::filesystem;

bool is_left_out(const fs::path& name) {
  return name == ".git" || name == "build" || name == "data" || name == "dist" || name == "node_modules";
}

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// The end of the literal or comment that begins at `begin`; `begin` itself when none does.
std::size_t end_of_non_code(std::string_view text, std::size_t begin) {
  const auto rest = text.substr(begin);
  const auto end_after = [&](std::string_view mark, std::size_t from) {
    const auto found = text.find(mark, from);
    return found == std::string_view::npos ? text.size() : found + mark.size();
  };
  if (rest.starts_with("//")) return std::min(text.find('\n', begin), text.size());
  if (rest.starts_with("/*")) return end_after("*/", begin + 2);
  if (rest.starts_with("R\"") && (begin == 0 || !is_word(text[begin - 1]))) {
    const auto open = text.find('(', begin);
    if (open == std::string_view::npos) return text.size();
    return end_after(")" + std::string(text.substr(begin + 2, open - begin - 2)) + "\"", open);
  }
  const char quote = rest.front();
  const bool digit_separator = quote == '\'' && begin > 0 && std::isxdigit(static_cast<unsigned char>(text[begin - 1]));
  if ((quote != '"' && quote != '\'') || digit_separator) return begin;
  for (auto at = begin + 1; at < text.size() && text[at] != '\n'; ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      return at + 1;
    }
  }
  return begin + 1;
}

}  // namespace

bool is_word(char character) { return std::isalnum(static_cast<unsigned char>(character)) || character == '_'; }

std::vector<SourceFile> read_tree(const fs::path& root) {
  std::vector<SourceFile> files;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator(); ++entry) {
    const auto name = entry->path().filename();
    if (is_left_out(name) || name == "LICENSE") {
      if (entry->is_directory()) entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file()) continue;
    auto text = read_file(entry->path());
    if (text.find('\0') != std::string::npos) continue;
    files.push_back({fs::relative(entry->path(), root).generic_string(), std::move(text)});
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::string code_only(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = end_of_non_code(text, at);
    for (auto hidden = at; hidden < end; ++hidden) {
      if (code[hidden] != '\n') code[hidden] = ' ';
    }
    at = std::max(end, at + 1);
  }
  return code;
}

std::size_t line_at(std::string_view text, std::size_t position) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, position), '\n'));
}

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  for (auto at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return at;
  }
  return std::string_view::npos;
}

}  // namespace postback::tidy

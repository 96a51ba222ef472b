// The repository's own files as text, for the tests that check its rules.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace postback::tidy {

/// One text file; `path` is relative to the repository's root, with `/`.
struct SourceFile {
  std::string path;
  std::string text;

  bool is_cpp() const { return path.ends_with(".cpp") || path.ends_with(".hpp"); }
  bool is_below(std::string_view folder) const { return path.starts_with(folder); }
};

/// Every text file below `root`, ordered by path. Left out are what is built or stored there (build, data, dist,
/// node_modules, .git), LICENSE, and files that are not text.
std::vector<SourceFile> read_tree(const std::filesystem::path& root);

/// `text` without line ends, split at them.
std::vector<std::string_view> lines_of(std::string_view text);

/// C++ with every comment and the content of every literal replaced by spaces; line ends and positions stay.
std::string code_only(std::string_view text);

/// The number of the line, from 1, that holds `position`.
std::size_t line_at(std::string_view text, std::size_t position);

/// Whether `character` may be part of an identifier.
bool is_word(char character);

/// Position of `word` in `text` from `from` on, not as part of a longer word; npos if there is none.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0);

}  // namespace postback::tidy

// OutputFile: standard output, or a file that appears whole or not at all.
#pragma once

#include "postback/base/result.hpp"

#include <string>
#include <string_view>

namespace postback {

/// Writes FILE.partial, for its owner only, and renames it to FILE at the end. For one thread.
class OutputFile {
 public:
  /// `-` is standard output.
  explicit OutputFile(std::string path) : path_(std::move(path)) {}
  /// Removes the partial file unless `finish` was called.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  bool is_standard_output() const { return path_ == "-"; }
  const std::string& path() const { return path_; }

  // Errors of all three: io_failed with the path and the system's text; of `open` also invalid_argument (something
  // stands there that is not a file) and store_locked (another process writes the same file).
  Result<void> open();
  Result<void> write(std::string_view bytes);
  /// Makes it durable and gives it its name.
  Result<void> finish();

 private:
  std::string partial() const { return path_ + ".partial"; }

  std::string path_;
  int descriptor_ = -1;
};

/// The whole of a file; `-` is standard input. Errors: io_failed, invalid_argument (larger than `limit` bytes).
Result<std::string> read_whole_file(const std::string& path, std::size_t limit);

}  // namespace postback

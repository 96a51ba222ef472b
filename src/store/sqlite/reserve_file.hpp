// ReserveFile: disk space kept aside, given up when the disk is full so that the log can be moved into the database.
#pragma once

#include <cstdint>
#include <string>

namespace postback::sqlite {

/// Used by the store's thread.
class ReserveFile {
 public:
  ReserveFile(std::string path, std::uint64_t bytes) : path_(std::move(path)), bytes_(bytes) {}

  /// Allocates the space unless it is there already or the file system would have less than as much again left.
  /// Whether it is there afterwards.
  bool keep();
  /// Deletes the file. Whether that gave back space.
  bool give_up();
  bool kept() const { return kept_; }
  bool wanted() const { return bytes_ > 0; }

 private:
  bool room() const;
  std::string path_;
  std::uint64_t bytes_;
  bool kept_ = false;
};

}  // namespace postback::sqlite

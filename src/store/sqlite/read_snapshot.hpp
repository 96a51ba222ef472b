// Snapshot: several statements of a reader that see the same state.
#pragma once

#include "store/sqlite/database.hpp"

namespace postback::sqlite {

/// One snapshot for several statements; ended on every way out.
class Snapshot {
 public:
  explicit Snapshot(Database& database) : database_(database), begun_(database.run("BEGIN", Phase::reading)) {}
  ~Snapshot() { static_cast<void>(database_.run("ROLLBACK", Phase::reading)); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  const Result<void>& begun() const { return begun_; }

 private:
  Database& database_;
  Result<void> begun_;
};

}  // namespace postback::sqlite

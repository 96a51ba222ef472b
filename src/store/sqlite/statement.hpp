// Statement: a prepared SQLite statement with its bindings and the columns of its current row.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace postback::sqlite {

/// Used by one thread. Bound texts are not copied: they must live until the statement was run. A failed binding is
/// remembered and returned by the next `step`. An absent handle (failed preparation) answers SQLITE_MISUSE.
class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

  /// Ends the current run (and its snapshot) and forgets all bindings: each is NULL then.
  void reset() {
    sqlite3_reset(handle_.get());
    sqlite3_clear_bindings(handle_.get());
    bind_code_ = SQLITE_OK;
  }

  /// Binds a text; an empty one is left NULL.
  void text(int index, std::string_view value) {
    if (!value.empty()) empty_or_text(index, value);
  }
  /// Binds a text, also when it is empty.
  void empty_or_text(int index, std::string_view value) {
    note(sqlite3_bind_text64(handle_.get(), index, value.data() ? value.data() : "", value.size(), SQLITE_STATIC,
                             SQLITE_UTF8));
  }
  void blob(int index, std::span<const std::uint8_t> value) {
    note(sqlite3_bind_blob64(handle_.get(), index, value.data(), value.size(), SQLITE_STATIC));
  }
  void integer(int index, std::int64_t value) { note(sqlite3_bind_int64(handle_.get(), index, value)); }
  void id(int index, std::uint64_t value) { integer(index, static_cast<std::int64_t>(value)); }
  /// Binds an ID; 0 (none) is left NULL.
  void id_or_null(int index, std::uint64_t value) {
    if (value != 0) id(index, value);
  }
  void integer(int index, const std::optional<std::int64_t>& value) {
    if (value) integer(index, *value);
  }

  /// SQLITE_ROW, SQLITE_DONE or an extended error code.
  int step() {
    if (!handle_) return SQLITE_MISUSE;
    return bind_code_ == SQLITE_OK ? sqlite3_step(handle_.get()) : bind_code_;
  }
  /// Runs a statement without rows and resets it. SQLITE_OK or an extended error code.
  int run() {
    const int code = step();
    reset();
    return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
  }

  bool is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }
  std::int64_t integer_at(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::uint64_t id_at(int column) const { return static_cast<std::uint64_t>(integer_at(column)); }
  template <class Number>
  Number number_at(int column) const {
    return static_cast<Number>(integer_at(column));
  }
  std::optional<std::int64_t> optional_at(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer_at(column));
  }
  /// Valid until the next step or reset; empty for NULL.
  std::string_view view_at(int column) const;
  std::string text_at(int column) const { return std::string(view_at(column)); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  void note(int code) {
    if (code != SQLITE_OK) [[unlikely]]
      bind_code_ = code;
  }
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  int bind_code_ = SQLITE_OK;
};

/// Resets a statement at the end of a scope, so that no snapshot stays open behind an early return.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(Statement& statement) : statement_(statement) {}
  ~ResetAtEnd() { statement_.reset(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
  Statement& statement_;
};

}  // namespace postback::sqlite

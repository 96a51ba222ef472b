// RowSink: takes a log's row column by column; as a JSON object or as a line of CSV.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/money.hpp"

#include "json_object.hpp"
#include "log_columns.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback::api {

/// `next` names the column, then exactly one value follows.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void next(const LogColumn& column) = 0;
  virtual void text(std::string_view value) = 0;
  virtual void texts(const std::vector<std::string>& values) = 0;
  virtual void number(std::uint64_t value) = 0;
  virtual void money(std::optional<Micros> value) = 0;
  virtual void time(std::optional<TimeMs> value) = 0;
  virtual void flag(std::optional<bool> value) = 0;
};

/// One JSON object.
class JsonRow final : public RowSink {
 public:
  explicit JsonRow(std::string& out) : object_(out) {}
  void next(const LogColumn& column) override { column_ = &column; }
  void text(std::string_view value) override;
  void texts(const std::vector<std::string>& values) override { object_.texts(column_->name, values); }
  void number(std::uint64_t value) override { object_.number(column_->name, value); }
  void money(std::optional<Micros> value) override { object_.money(column_->name, value); }
  void time(std::optional<TimeMs> value) override {
    if (value)
      object_.time(column_->name, *value);
    else
      object_.raw(column_->name, "null");
  }
  void flag(std::optional<bool> value) override;
  void close() { object_.close(); }

 private:
  JsonObject object_;
  const LogColumn* column_ = nullptr;
};

/// One line of RFC 4180, in UTF-8. A text that a spreadsheet would run as a formula, because it starts with `=`, `+`,
/// `-`, `@`, a tab or a carriage return, gets a `'` before it (OWASP: CSV injection); sums are numbers and do not.
class CsvRow final : public RowSink {
 public:
  explicit CsvRow(std::string& out) : out_(out) {}
  void next(const LogColumn&) override;
  void text(std::string_view value) override;
  /// A JSON array in one cell; empty for none.
  void texts(const std::vector<std::string>& values) override;
  void number(std::uint64_t value) override;
  void money(std::optional<Micros> value) override;
  void time(std::optional<TimeMs> value) override;
  void flag(std::optional<bool> value) override;
  void close() { out_ += "\r\n"; }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace postback::api

// The rows of the logs, written column by column.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/click.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/conversion.hpp"
#include "postback/store/reader.hpp"

#include "row_sink.hpp"

#include <string>

namespace postback::api {

/// What turns stored numbers into what people see: the slugs of entities and the signed form of click IDs.
struct RowNames {
  const Catalog& catalog;
  const ClickIdKeys& keys;
};

/// A click ID's 26 characters; empty for none.
std::string click_text(SnowflakeId click, const ClickIdKeys& keys);
/// `<click>-<n>`; empty for none.
std::string conversion_text(SnowflakeId click, std::uint32_t number, const ClickIdKeys& keys);

/// Every column of the row, in the order of log_columns.
void write_row(RowSink& sink, const StoredClick& row, const RowNames& names);
void write_row(RowSink& sink, const StoredConversion& row, const RowNames& names);
void write_row(RowSink& sink, const StoredPostback& row, const RowNames& names);
void write_row(RowSink& sink, const AuditEntry& row, const RowNames& names);
void write_row(RowSink& sink, const Delivery& row, const RowNames& names);

/// The row as a JSON object.
template <class Row>
void append_row(std::string& out, const Row& row, const RowNames& names) {
  JsonRow sink(out);
  write_row(sink, row, names);
  sink.close();
}

}  // namespace postback::api

// The rows of the logs as JSON objects.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/click.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/conversion.hpp"
#include "postback/store/reader.hpp"

#include <string>

namespace postback::api {

/// What turns stored numbers into what people see: the slugs of entities and the signed form of click IDs.
struct RowNames {
  const Catalog& catalog;
  const ClickIdKeys& keys;
};

/// In all rows: texts are strings, possibly empty; IDs and sums that are not there are null.
void append_row(std::string& out, const StoredClick& row, const RowNames& names);
void append_row(std::string& out, const Conversion& row, const RowNames& names);
void append_row(std::string& out, const StoredPostback& row, const RowNames& names);

}  // namespace postback::api

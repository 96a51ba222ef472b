// Statement: reading texts of the current row.
#include "store/sqlite/statement.hpp"

namespace postback::sqlite {

std::string_view Statement::view_at(int column) const {
  // Read as a blob: a text column's bytes as they are, also with zeros inside.
  const void* bytes = sqlite3_column_blob(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return bytes ? std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size)) : std::string_view{};
}

}  // namespace postback::sqlite

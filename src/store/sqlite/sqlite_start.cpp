// SqliteStore: what is read once at start (identity, keys, catalog) and changed rarely.
#include "store/sqlite/operator_tables.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/sqlite_reader.hpp"
#include "store/sqlite/sqlite_store.hpp"

#include <algorithm>

namespace postback::sqlite {
namespace {

/// Copies a stored blob of exactly the array's size; false for any other size.
template <std::size_t Size>
bool copy_bytes(std::string_view stored, std::array<std::uint8_t, Size>& bytes) {
  if (stored.size() != Size) return false;
  std::transform(stored.begin(), stored.end(), bytes.begin(),
                 [](char byte) { return static_cast<std::uint8_t>(byte); });
  return true;
}

Error wrong_size(const Database& database, const std::string& what) {
  return {ErrorCode::store_corrupt, database.path() + ": " + what + " has a wrong length; restore the newest backup"};
}

}  // namespace

Result<void> SqliteStore::ensure_click_id_key() {
  const auto keys = database_.number("SELECT count(*) FROM click_id_key");
  if (!keys) return keys.error();
  if (*keys > 0) return {};
  ClickIdKeys::KeyBytes bytes{};
  entropy_.fill(bytes);
  Statement insert = database_.prepare("INSERT INTO click_id_key (valid_from_ms, bytes) VALUES (0, ?1)");
  insert.blob(1, bytes);
  if (const int code = insert.run(); code != SQLITE_OK) return database_.error(code, Phase::writing);
  return {};
}

Result<StoreIdentity> SqliteStore::identity() {
  StoreIdentity identity;
  Statement keys = database_.prepare("SELECT valid_from_ms, bytes FROM click_id_key ORDER BY valid_from_ms");
  int code = keys.step();
  for (; code == SQLITE_ROW; code = keys.step()) {
    ClickIdKeys::Key key{TimeMs{std::chrono::milliseconds{keys.integer_at(0)}}, {}};
    if (!copy_bytes(keys.view_at(1), key.bytes)) return wrong_size(database_, "a click ID key");
    identity.click_id_keys.push_back(key);
  }
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  const auto node = database_.number("SELECT last FROM node");
  if (!node) return node.error();
  identity.node = static_cast<unsigned>(*node);
  for (const char* newest : {"SELECT max(id) FROM click", "SELECT max(id) FROM postback", "SELECT max(id) FROM audit",
                             "SELECT max(id) FROM delivery", "SELECT max(id) FROM occurrence"}) {
    const auto id = database_.number(newest);
    if (!id) return id.error();
    identity.newest = std::max(identity.newest, static_cast<SnowflakeId>(*id));
  }
  return identity;
}

Result<unsigned> SqliteStore::reserve_node() {
  if (broken_) return *broken_;
  // Numbers go round: by the time one comes back, a thousand starts or clock jumps lie in between.
  Statement next = database_.prepare("UPDATE node SET last = last % ?1 + 1 RETURNING last");
  next.integer(1, kImportNode - 1);
  const int code = next.step();
  if (code != SQLITE_ROW) return remember(database_.error(code, Phase::writing));
  const auto node = next.number_at<unsigned>(0);
  // The change is committed when the statement has run to its end.
  if (const int end = next.step(); end != SQLITE_DONE) return remember(database_.error(end, Phase::writing));
  return node;
}

Result<std::vector<EntityDocument>> SqliteStore::catalog_documents(std::uint64_t& revision) {
  return read_catalog(database_, revision);
}

Result<std::vector<StoredKey>> SqliteStore::keys() {
  std::vector<StoredKey> keys;
  Statement rows = database_.prepare(kSelectKeys);
  int code = rows.step();
  for (; code == SQLITE_ROW; code = rows.step()) {
    auto key = read_key(rows);
    if (!key) return Error{ErrorCode::store_corrupt, database_.path() + ": " + key.error().detail};
    keys.push_back(std::move(*key));
  }
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  return keys;
}

Result<std::unique_ptr<Reader>> SqliteStore::open_reader() {
  return SqliteReader::open(options_, clock_, gate_, foreign_ids_);
}

}  // namespace postback::sqlite

// SqliteStore: what is read once at start (identity, keys, catalog) and changed rarely.
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
  for (const char* newest : {"SELECT max(id) FROM click", "SELECT max(id) FROM postback"}) {
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
  std::vector<EntityDocument> documents;
  Statement rows =
      database_.prepare("SELECT kind, id, number, revision, updated_ms, json FROM entity ORDER BY kind, id");
  int code = rows.step();
  for (; code == SQLITE_ROW; code = rows.step()) {
    documents.push_back({rows.number_at<EntityKind>(0), rows.text_at(1), rows.number_at<EntityNumber>(2), rows.id_at(3),
                         TimeMs{std::chrono::milliseconds{rows.integer_at(4)}}, rows.text_at(5)});
  }
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  const auto newest = database_.number("SELECT max(number) FROM revision");
  if (!newest) return newest.error();
  revision = static_cast<std::uint64_t>(*newest);
  return documents;
}

Result<std::vector<StoredKey>> SqliteStore::keys() {
  std::vector<StoredKey> keys;
  Statement rows = database_.prepare("SELECT name, sha256 FROM api_key ORDER BY created_ms, name");
  int code = rows.step();
  for (; code == SQLITE_ROW; code = rows.step()) {
    StoredKey key{rows.text_at(0), {}};
    if (!copy_bytes(rows.view_at(1), key.sha256)) return wrong_size(database_, "API key '" + key.name + "'");
    keys.push_back(std::move(key));
  }
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  return keys;
}

Result<void> SqliteStore::add_key(const StoredKey& key, TimeMs now) {
  if (broken_) return *broken_;
  Statement insert = database_.prepare("INSERT INTO api_key (name, sha256, created_ms) VALUES (?1, ?2, ?3)");
  insert.text(1, key.name);
  insert.blob(2, key.sha256);
  insert.integer(3, now.time_since_epoch().count());
  if (const int code = insert.run(); code != SQLITE_OK) return remember(database_.error(code, Phase::writing));
  return {};
}

Result<std::unique_ptr<Reader>> SqliteStore::open_reader() { return SqliteReader::open(options_, clock_, gate_); }

}  // namespace postback::sqlite

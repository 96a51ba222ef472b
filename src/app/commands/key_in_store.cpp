// Opens the store as a server would, adds one key, closes it.
#include "app/commands/key_in_store.hpp"

#include "app/store_ids.hpp"
#include "postback/api/api_keys.hpp"
#include "postback/store/items.hpp"
#include "postback/store/sqlite.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>

namespace postback {
namespace {

class KeyItem final : public ChangeItem {
  void run() noexcept override {}
};

Result<void> refuse_wrong(const std::vector<StoredKey>& keys, const NewKey& key, TimeMs now) {
  if (key.expires && *key.expires <= now) {
    return Error{ErrorCode::invalid_argument, "--expires lies in the past; expected a time to come"};
  }
  if (std::ranges::find(keys, key.id, &StoredKey::id) == keys.end()) return {};
  return Error{ErrorCode::invalid_argument,
               "the store has had a key \"" + key.id + "\" already, and IDs are never used again; choose another ID"};
}

Result<void> commit(Store& store, const StoredKey& key, const Clock& clock) {
  auto identity = store.identity();
  if (!identity) return identity.error();
  auto ids = start_ids(store, clock, *identity);
  if (!ids) return ids.error();
  OperatorChange change;
  change.key = key;
  change.audit =
      AuditEntry{.time = key.created,
                 .action = "key.create",
                 .target = "keys/" + key.id,
                 .detail = "role " + std::string(to_string(key.role)) + ", by the command line in the store"};
  KeyItem item;
  item.change = &change;
  Item* const only = &item;
  return store.commit({&only, 1}, **ids);
}

/// Adds the key to an open store; the secret.
Result<std::string> add(Store& store, const NewKey& key, const Clock& clock, Entropy& entropy) {
  const auto keys = store.keys();
  if (!keys) return keys.error();
  const TimeMs now = clock.wall();
  if (const auto right = refuse_wrong(*keys, key, now); !right) return right.error();
  auto secret = make_api_key(entropy);
  const StoredKey stored{.id = key.id,
                         .name = key.name,
                         .sha256 = hash_api_key(secret),
                         .role = key.role,
                         .created = now,
                         .updated = now,
                         .expires = key.expires};
  if (const auto committed = commit(store, stored, clock); !committed) return committed.error();
  return secret;
}

}  // namespace

Result<std::string> create_key_in_store(const AppOptions& options, const NewKey& key) {
  const auto path = parse_store_url(options.store);
  if (!path) return path.error();
  std::error_code ignored;
  if (!std::filesystem::exists(*path, ignored)) {
    return Error{ErrorCode::not_found, "there is no store at " + *path +
                                           "; `postbackd serve` makes it, with its first "
                                           "key"};
  }
  auto sqlite = options.sqlite;
  sqlite.path = *path;
  const SystemClock clock;
  SystemEntropy entropy;
  const auto store = open_sqlite_store(sqlite, clock, entropy);
  if (!store) return store.error();
  auto secret = add(**store, key, clock, entropy);
  const auto closed = (*store)->close();
  if (secret && !closed) return closed.error();
  return secret;
}

}  // namespace postback

// ApiKeys: the bearer keys of the JSON API, known only by their hashes.
#pragma once

#include "postback/base/entropy.hpp"
#include "postback/store/store.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// SHA-256 of a key. A plain hash is enough: keys are random, so there is nothing to guess.
std::array<std::uint8_t, 32> hash_api_key(std::string_view key);

/// A new key: `pbk_`, 32 random bytes and the first 4 bytes of the SHA-256 of all that, in lower-case hexadecimal
/// digits (76 characters). Prefix and checksum let scanners for leaked secrets tell it from other text.
std::string make_api_key(Entropy& entropy);

/// Whether `key` begins like one of make_api_key but is not whole: its length or its checksum is wrong.
bool is_damaged_api_key(std::string_view key);

/// Whether a key is accepted at `now`: neither revoked nor expired.
bool is_in_force(const StoredKey& key, TimeMs now);

/// Who calls the API.
struct Caller {
  std::string key;  ///< ID of the key.
  Role role = Role::viewer;
};

/// Immutable and shared between threads.
class ApiKeys {
 public:
  explicit ApiKeys(std::vector<StoredKey> keys);

  /// Whose key it is, in force or not; null if it is not one of ours. Compares with every key, each in constant time,
  /// so the duration tells nothing.
  const StoredKey* owner_of(std::string_view key) const;
  const StoredKey* find(std::string_view id) const;
  /// All keys, ordered by ID, those that expired or were revoked included.
  const std::vector<StoredKey>& all() const { return keys_; }
  /// The same with `key` added or in place of the one with its ID.
  std::shared_ptr<const ApiKeys> with(StoredKey key) const;

 private:
  std::vector<StoredKey> keys_;
};

/// Where the current keys are published. Thread-safe; the lock is held for the copy of a pointer.
class ApiKeySlot {
 public:
  explicit ApiKeySlot(std::vector<StoredKey> keys) : current_(std::make_shared<const ApiKeys>(std::move(keys))) {}

  /// Makes `next` the keys of every request that starts after this returns.
  void publish(std::shared_ptr<const ApiKeys> next) {
    const std::lock_guard lock(mutex_);
    current_.swap(next);
  }
  std::shared_ptr<const ApiKeys> current() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const ApiKeys> current_;
};

}  // namespace postback

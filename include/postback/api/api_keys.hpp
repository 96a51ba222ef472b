// ApiKeys: the bearer keys of the JSON API, known only by their hashes.
#pragma once

#include "postback/base/entropy.hpp"
#include "postback/store/store.hpp"

#include <array>
#include <cstdint>
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

/// Who calls the API.
struct Caller {
  std::string key;  ///< ID of the key.
  Role role = Role::viewer;
};

/// Immutable and shared between threads.
class ApiKeys {
 public:
  explicit ApiKeys(std::vector<StoredKey> keys) : keys_(std::move(keys)) {}

  /// Whose key it is, or nothing if it is not one of ours. Compares with every key, each in constant time, so the
  /// duration tells nothing.
  std::optional<Caller> caller_with(std::string_view key) const;

 private:
  std::vector<StoredKey> keys_;
};

}  // namespace postback

// Hashes, makes and compares API keys with libsodium.
#include "postback/api/api_keys.hpp"

#include <sodium.h>

#include <algorithm>

namespace postback {
namespace {

constexpr std::string_view kPrefix = "pbk_";
constexpr std::size_t kRandomBytes = 32;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kKeyLength = kPrefix.size() + 2 * (kRandomBytes + kChecksumBytes);

std::string checksum_of(std::string_view text) {
  const auto hash = hash_api_key(text);
  std::array<char, 2 * kChecksumBytes + 1> checksum{};
  sodium_bin2hex(checksum.data(), checksum.size(), hash.data(), kChecksumBytes);
  return checksum.data();
}

}  // namespace

static_assert(crypto_hash_sha256_BYTES == 32);

std::array<std::uint8_t, 32> hash_api_key(std::string_view key) {
  std::array<std::uint8_t, 32> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return hash;
}

std::string make_api_key(Entropy& entropy) {
  const std::string key = std::string(kPrefix) + random_hex(entropy, kRandomBytes);
  return key + checksum_of(key);
}

bool is_damaged_api_key(std::string_view key) {
  if (!key.starts_with(kPrefix)) return false;
  if (key.size() != kKeyLength) return true;
  const auto body = key.substr(0, kKeyLength - 2 * kChecksumBytes);
  return key.substr(body.size()) != checksum_of(body);
}

bool is_in_force(const StoredKey& key, TimeMs now) { return !key.revoked && (!key.expires || now < *key.expires); }

ApiKeys::ApiKeys(std::vector<StoredKey> keys) : keys_(std::move(keys)) {
  std::sort(keys_.begin(), keys_.end(), [](const StoredKey& a, const StoredKey& b) { return a.id < b.id; });
}

const StoredKey* ApiKeys::owner_of(std::string_view key) const {
  const auto hash = hash_api_key(key);
  const StoredKey* found = nullptr;
  for (const auto& stored : keys_) {
    if (sodium_memcmp(hash.data(), stored.sha256.data(), hash.size()) == 0) found = &stored;
  }
  return found;
}

const StoredKey* ApiKeys::find(std::string_view id) const {
  const auto place = std::lower_bound(keys_.begin(), keys_.end(), id,
                                      [](const StoredKey& key, std::string_view wanted) { return key.id < wanted; });
  return place == keys_.end() || place->id != id ? nullptr : &*place;
}

std::shared_ptr<const ApiKeys> ApiKeys::with(StoredKey key) const {
  auto keys = keys_;
  std::erase_if(keys, [&key](const StoredKey& other) { return other.id == key.id; });
  keys.push_back(std::move(key));
  return std::make_shared<const ApiKeys>(std::move(keys));
}

}  // namespace postback

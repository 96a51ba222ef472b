// Hashes, makes and compares API keys with libsodium.
#include "postback/api/api_keys.hpp"

#include <sodium.h>

namespace postback {

static_assert(crypto_hash_sha256_BYTES == 32);

std::array<std::uint8_t, 32> hash_api_key(std::string_view key) {
  std::array<std::uint8_t, 32> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return hash;
}

std::string make_api_key(Entropy& entropy) {
  constexpr std::size_t kChecksumBytes = 4;
  std::string key = "pbk_" + random_hex(entropy, 32);
  const auto hash = hash_api_key(key);
  std::array<char, 2 * kChecksumBytes + 1> checksum{};
  sodium_bin2hex(checksum.data(), checksum.size(), hash.data(), kChecksumBytes);
  return key += checksum.data();
}

std::optional<Caller> ApiKeys::caller_with(std::string_view key) const {
  const auto hash = hash_api_key(key);
  const StoredKey* found = nullptr;
  for (const auto& stored : keys_) {
    if (sodium_memcmp(hash.data(), stored.sha256.data(), hash.size()) == 0) found = &stored;
  }
  if (found == nullptr) return std::nullopt;
  return Caller{found->id, found->role};
}

}  // namespace postback

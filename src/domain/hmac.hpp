// HMAC-SHA256 (RFC 2104) with libsodium.
#pragma once

#include <sodium.h>

#include <array>
#include <string_view>

namespace postback {

using Mac = std::array<unsigned char, crypto_auth_hmacsha256_BYTES>;

inline const unsigned char* bytes_of(std::string_view text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library takes unsigned bytes.
  return reinterpret_cast<const unsigned char*>(text.data());
}

inline Mac hmac_sha256(std::string_view key, std::string_view text) {
  crypto_auth_hmacsha256_state state;
  Mac mac{};
  crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes_of(text), text.size());
  crypto_auth_hmacsha256_final(&state, mac.data());
  return mac;
}

}  // namespace postback

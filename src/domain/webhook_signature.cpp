// Makes signatures of Standard Webhooks; postback_signature.cpp verifies those that arrive.
#include "postback/domain/webhook_signature.hpp"

#include "domain/hmac.hpp"
#include "domain/webhook_content.hpp"

#include <array>

namespace postback {
namespace {

template <std::size_t N>
std::string base64_of(const std::array<unsigned char, N>& bytes) {
  std::array<char, sodium_base64_ENCODED_LEN(N, sodium_base64_VARIANT_ORIGINAL)> text{};
  return sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
}

}  // namespace

std::string webhook_content(std::string_view id, std::string_view timestamp, std::string_view body) {
  std::string text(id);
  return text.append(".").append(timestamp).append(".").append(body);
}

std::string new_webhook_secret(Entropy& entropy) {
  constexpr std::size_t kKeyBytes = 32;
  std::array<unsigned char, kKeyBytes> key{};
  entropy.fill(key);
  return std::string(kWebhookSecretPrefix) + base64_of(key);
}

std::string sign_webhook(std::span<const std::string> keys, std::string_view id, std::int64_t timestamp,
                         std::string_view body) {
  const std::string content = webhook_content(id, std::to_string(timestamp), body);
  std::string signatures;
  for (const std::string& key : keys) {
    if (!signatures.empty()) signatures += ' ';
    signatures.append("v1,").append(base64_of(hmac_sha256(key, content)));
  }
  return signatures;
}

Result<std::string> webhook_key(std::string_view secret) {
  constexpr std::size_t kShortest = 24;  // The specification's bounds, in bytes.
  constexpr std::size_t kLongest = 64;
  const Error fault{ErrorCode::invalid_argument, "`whsec_` and the base64 of 24 to 64 bytes"};
  if (!secret.starts_with(kWebhookSecretPrefix)) return fault;
  const auto text = secret.substr(kWebhookSecretPrefix.size());
  std::string key(text.size(), '\0');
  std::size_t length = 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library takes unsigned bytes.
  auto* const bytes = reinterpret_cast<unsigned char*>(key.data());
  if (sodium_base642bin(bytes, key.size(), text.data(), text.size(), nullptr, &length, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0) {
    return fault;
  }
  if (length < kShortest || length > kLongest) return fault;
  key.resize(length);
  return key;
}

}  // namespace postback

// RecordedAddress: truncating and hashing addresses.
#include "postback/tracking/recorded_address.hpp"

#include <arpa/inet.h>
#include <sodium.h>

#include <algorithm>
#include <utility>

namespace postback {
namespace {

constexpr std::string_view kPurpose = "postbackd: recorded addresses";
constexpr std::size_t kHashBytes = 16;
constexpr std::size_t kBytesOf24Bits = 12 + 3;  ///< IPv4 stands at the end of 16 bytes.
constexpr std::size_t kBytesOf48Bits = 6;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string_view truncate(Address address, std::string& buffer) {
  const bool v4 = address.is_v4();
  const auto kept = static_cast<std::ptrdiff_t>(v4 ? kBytesOf24Bits : kBytesOf48Bits);
  std::fill(address.bytes.begin() + kept, address.bytes.end(), std::uint8_t{0});
  char text[INET6_ADDRSTRLEN];
  if (v4) {
    inet_ntop(AF_INET, address.bytes.data() + 12, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
  }
  buffer = text;
  return buffer;
}

}  // namespace

RecordedAddress::RecordedAddress(AddressPrivacy privacy, const Key& secret) : privacy_(privacy) {
  crypto_generichash(key_.data(), key_.size(), bytes_of(kPurpose), kPurpose.size(), secret.data(), secret.size());
}

std::string_view RecordedAddress::of(std::string_view whole, std::string& buffer) const {
  if (privacy_ == AddressPrivacy::whole) return whole;
  const auto address = parse_address(whole);
  if (!address) return {};
  if (privacy_ == AddressPrivacy::truncated) return truncate(*address, buffer);
  return buffer = hash_of(*address);
}

std::vector<std::string> RecordedAddress::others_of(std::string_view whole) const {
  const auto address = parse_address(whole);
  if (!address) return {};
  std::string network;
  truncate(*address, network);
  return {std::move(network), hash_of(*address)};
}

std::string RecordedAddress::hash_of(const Address& address) const {
  std::array<unsigned char, kHashBytes> hash{};
  crypto_generichash(hash.data(), hash.size(), address.bytes.data(), address.bytes.size(), key_.data(), key_.size());
  char text[2 * kHashBytes + 1];
  return sodium_bin2hex(text, sizeof text, hash.data(), hash.size());
}

}  // namespace postback

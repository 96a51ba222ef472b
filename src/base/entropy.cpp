// Random bytes from libsodium, which asks the operating system.
#include "postback/base/entropy.hpp"

#include "postback/base/check.hpp"

#include <sodium.h>

#include <vector>

namespace postback {

void SystemEntropy::fill(std::span<std::uint8_t> bytes) {
  // Fails only where the system has no random source at all; without one no key or token may be made.
  static const bool ready = sodium_init() >= 0;
  check(ready, "libsodium found no random source on this system");
  randombytes_buf(bytes.data(), bytes.size());
}

std::string random_hex(Entropy& entropy, std::size_t bytes) {
  std::vector<std::uint8_t> random(bytes);
  entropy.fill(random);
  std::string text(2 * bytes, '\0');
  sodium_bin2hex(text.data(), text.size() + 1, random.data(), random.size());  // also writes the final NUL
  sodium_memzero(random.data(), random.size());
  return text;
}

}  // namespace postback

// Entropy: random bytes fit for keys and tokens, passed in so that tests can be repeated from a seed.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace postback {

/// Thread-safe source of unpredictable bytes.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

/// The operating system's generator (libsodium).
class SystemEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

/// `bytes` random bytes as lower-case hexadecimal digits, twice as long.
std::string random_hex(Entropy& entropy, std::size_t bytes);

}  // namespace postback

// What a random test takes from the environment: its seed, printed so that a failure can be repeated, and its length.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace postback {

/// A number from the environment, else `otherwise`.
inline std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::stoull(text) : otherwise;
}

/// POSTBACKD_TEST_SEED, else a new one.
inline std::uint64_t printed_seed() {
  const auto seed = number_from_environment("POSTBACKD_TEST_SEED", std::random_device{}());
  std::cout << "POSTBACKD_TEST_SEED=" << seed << std::endl;
  return seed;
}

}  // namespace postback

// Load: threads of visitors and networks that keep a server busy and note what it tells them.
#pragma once

#include "ledger.hpp"
#include "support/raw_client.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace postback::fault {

/// Puts the example catalog of the documents through the API of a server whose key is `k1`; its token is kExampleToken.
void put_example_catalog(std::uint16_t port);

/// One request on a connection of its own.
testing::RawResponse get(std::uint16_t port, const std::string& target);

/// The click ID in a redirect; nothing (and a wrong answer noted) when it is not one with a valid ID.
std::optional<std::string> click_id_of(const testing::RawResponse& answer, Ledger& ledger);

/// `/postback/acme?...` for this postback.
std::string postback_target(const SentPostback& postback);

/// Sends a postback again that was answered or not: `converted` or `duplicate` are right, the former only if
/// `may_be_new`.
void send_again(std::uint16_t port, const SentPostback& postback, bool may_be_new, Ledger& ledger);

/// Each thread clicks, converts clicks that were told before (its own and others'), and repeats postbacks, until it is
/// stopped or its connection ends.
class Load {
 public:
  Load(std::uint16_t port, Ledger& ledger, unsigned threads, std::uint64_t seed);
  ~Load() { stop(); }
  void stop();

 private:
  void work(std::uint64_t seed, unsigned worker);
  const std::uint16_t port_;
  Ledger& ledger_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

}  // namespace postback::fault

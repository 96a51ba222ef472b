// kill -9 under load, again and again: what clients were told is in the store, once.
#include "load.hpp"
#include "serving.hpp"
#include "stored_rows.hpp"
#include "support/seed.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <signal.h>

#include <random>
#include <thread>

namespace postback::fault {
namespace {

constexpr unsigned kClients = 6;

/// One database through many lives of a server.
class Kill : public ::testing::Test {
 protected:
  /// After a restart: everything told is there; whoever got no answer asks again and is told what became of it.
  void check(std::uint16_t port) {
    for (const auto& postback : ledger_.take_unanswered()) send_again(port, postback, true, ledger_);
    const auto told = ledger_.told();
    if (!told.conversions.empty()) {
      for (std::size_t n = 0; n < 3; ++n) {
        send_again(port, told.conversions[random_() % told.conversions.size()].sent, false, ledger_);
      }
    }
    expect_kept(ledger_.told(), read_rows(database_));
  }
  /// Kills the server at a random moment of a load.
  void kill_under_load(Serving& server) {
    Load load(server.port, ledger_, kClients, random_());
    EXPECT_TRUE(ledger_.wait_for(ledger_.answers() + 1 + random_() % 400)) << "the server stands still";
    // Off the beat of the answers: some part of a commit later.
    const auto moment = std::chrono::steady_clock::now() + std::chrono::microseconds{random_() % 3000};
    while (std::chrono::steady_clock::now() < moment) std::this_thread::yield();
    server.process.signal(SIGKILL);
    EXPECT_EQ(server.process.wait_for_end().signal, SIGKILL);
  }

  TemporaryDirectory directory_;
  const std::string database_ = directory_.file("store.db");
  Ledger ledger_;
  std::mt19937_64 random_{printed_seed()};
};

TEST_F(Kill, UnderLoadLosesNothingToldAndCountsNothingTwice) {
  const auto rounds = number_from_environment("POSTBACKD_TEST_ROUNDS", 30);
  for (std::uint64_t round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Serving server(database_);
    if (round == 0) put_example_catalog(server.port);
    check(server.port);
    kill_under_load(server);
  }
  Serving server(database_);
  check(server.port);
  const auto told = ledger_.told();
  EXPECT_GT(told.clicks.size(), rounds);
  EXPECT_GT(told.conversions.size(), rounds);
  EXPECT_GT(told.repeats, rounds);
  server.process.signal(SIGTERM);
  EXPECT_EQ(server.process.wait_for_end().exit_code, 0);
  expect_kept(told, read_rows(database_));
}

}  // namespace
}  // namespace postback::fault

// The power fails under load: what clients were told before is in what the disk kept.
#include "load.hpp"
#include "postback/store/sqlite.hpp"
#include "stored_rows.hpp"
#include "support/lossy_vfs.hpp"
#include "support/seed.hpp"
#include "support/test_server.hpp"

#include <gtest/gtest.h>

namespace postback::fault {
namespace {

/// What was told before the power failed, and what the disk kept.
struct Cut {
  Told told;
  StoredRows kept;
};

/// Runs a server on a disk that keeps only what was synced, cuts the power once `answers` were given, and opens what is
/// left as a restart would.
Cut cut_power(const std::string& synchronous, unsigned checkpoint_pages, std::size_t answers, std::uint64_t seed) {
  const testing::TemporaryDirectory durable;
  LossyVfs disk("lossy-under-load", durable.path());
  testing::TestServer server([&](AppOptions& options) {
    options.io_threads = 2;
    options.sqlite.vfs = disk.name();
    options.sqlite.synchronous = synchronous;
    options.sqlite.checkpoint_pages = checkpoint_pages;
    options.sqlite.reserve_bytes = 0;
  });
  put_example_catalog(server.port());
  Ledger ledger;
  Load load(server.port(), ledger, 4, seed);
  EXPECT_TRUE(ledger.wait_for(answers)) << "the server stands still";
  Cut cut{ledger.told(), {}};
  disk.crash();
  load.stop();
  EXPECT_TRUE(server.stop().has_value());

  const SystemClock clock;
  SystemEntropy entropy;
  const SqliteOptions left{
      .path = (durable.path() / "postbackd.db").string(), .vfs = "", .synchronous = synchronous, .reserve_bytes = 0};
  const auto store = open_sqlite_store(left, clock, entropy);
  if (!store) throw std::runtime_error("what the power cut left cannot be opened: " + store.error().detail);
  cut.kept = read_rows(left.path);
  return cut;
}

TEST(PowerCut, UnderLoadLosesNothingTold) {
  std::mt19937_64 random(printed_seed());
  const auto rounds = number_from_environment("POSTBACKD_TEST_ROUNDS", 8);
  for (std::uint64_t round = 0; round < rounds && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    // Checkpoints in between, rarely or all the time.
    const unsigned checkpoint_pages = round % 2 == 0 ? 1'000 : 30;
    const auto cut = cut_power("FULL", checkpoint_pages, 20 + random() % 300, random());
    EXPECT_GE(cut.told.clicks.size() + cut.told.conversions.size(), 20U);
    expect_kept(cut.told, cut.kept);
  }
}

// Shows that the disk of these tests forgets: without the sync of every commit the same load loses what it was told.
TEST(PowerCut, WithoutASyncPerCommitRowsAreLost) {
  const auto cut = cut_power("NORMAL", 1'000'000, 200, printed_seed());
  EXPECT_GT(missing(cut.told, cut.kept), 0U);
}

}  // namespace
}  // namespace postback::fault

// `postbackd backup` beside a server under load: a second server started from the copy has what was told before.
#include "load.hpp"
#include "serving.hpp"
#include "stored_rows.hpp"
#include "support/seed.hpp"
#include "support/temporary_directory.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <signal.h>

#include <filesystem>
#include <random>

namespace postback::fault {
namespace {

/// Runs `backup`; what it said. The test fails when it does not end with this status.
std::string run_backup(const std::string& database, const std::string& copy, int status) {
  testing::ServerProcess backup(POSTBACK_BINARY, {"backup", "--store", "sqlite://" + database, copy});
  const auto end = backup.wait_for_end();
  EXPECT_EQ(end.exit_code, status) << "signal " << end.signal << ": " << backup.output();
  return backup.output();
}

TEST(Backup, UnderLoadHoldsWhatWasToldBeforeAndServesAgain) {
  const TemporaryDirectory directory;
  const auto database = directory.file("store.db");
  const auto copy = directory.file("copy.db");
  std::mt19937_64 random{printed_seed()};
  Ledger ledger;
  Told before;
  {
    Serving server(database);
    put_example_catalog(server.port);
    Load load(server.port, ledger, 4, random());
    ASSERT_TRUE(ledger.wait_for(500));
    before = ledger.told();
    const auto said = run_backup(database, copy, 0);
    EXPECT_NE(said.find("To restore it: stop the server"), std::string::npos) << said;
    ASSERT_TRUE(ledger.wait_for(ledger.answers() + 100)) << "the server goes on";
    load.stop();
    server.process.signal(SIGTERM);
    EXPECT_EQ(server.process.wait_for_end().exit_code, 0);
  }
  const auto after = ledger.told();
  expect_kept(after, read_rows(database));
  ASSERT_GE(before.clicks.size(), 100U);
  EXPECT_EQ(missing(before, read_rows(copy)), 0U);
  EXPECT_GT(missing(after, read_rows(copy)), 0U) << "clicks after the backup are not in it";
  for (const auto* ending : {".partial", "-journal"}) EXPECT_FALSE(std::filesystem::exists(copy + ending)) << ending;
  Serving restored(copy);
  EXPECT_EQ(restored.process.output().find("not_stopped_in_order"), std::string::npos) << restored.process.output();
  // What was told before the backup is known: a repeat is a duplicate, and new clicks are taken.
  ASSERT_FALSE(before.conversions.empty());
  Ledger again;
  for (std::size_t n = 0; n < std::min<std::size_t>(before.conversions.size(), 20); ++n)
    send_again(restored.port, before.conversions[n].sent, false, again);
  EXPECT_TRUE(click_id_of(get(restored.port, "/c/summer"), again));
  EXPECT_TRUE(again.told().wrong.empty()) << again.told().wrong.front();
}

TEST(Backup, WorksWithoutAServerAndNeverOverwrites) {
  const TemporaryDirectory directory;
  const auto database = directory.file("store.db");
  const auto copy = directory.file("copy.db");
  EXPECT_NE(run_backup(database, copy, 1).find(database + " is not there"), std::string::npos);
  Ledger ledger;
  {
    Serving server(database);
    put_example_catalog(server.port);
    Load load(server.port, ledger, 2, 1);
    ASSERT_TRUE(ledger.wait_for(50));
    server.process.signal(SIGKILL);
    server.process.wait_for_end();
  }
  run_backup(database, copy, 0);
  EXPECT_EQ(missing(ledger.told(), read_rows(copy)), 0U);
  const auto bytes = contents(copy);
  EXPECT_NE(run_backup(database, copy, 1).find(copy + " exists and is not overwritten"), std::string::npos);
  EXPECT_EQ(contents(copy), bytes);
}

}  // namespace
}  // namespace postback::fault

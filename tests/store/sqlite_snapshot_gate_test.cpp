// SnapshotGate: checkpoints and searches give way to each other, and a page that was divided for that is whole.
#include "store/sqlite/snapshot_gate.hpp"

#include "store/sqlite/checkpointer.hpp"
#include "store/sqlite/sqlite_reader.hpp"
#include "store_fixture.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace postback::sqlite {
namespace {

TEST(SqliteSnapshotGate, SaysWhetherALongReadIsUnderWay) {
  SnapshotGate gate;
  EXPECT_TRUE(gate.ask());
  gate.done();
  {
    const LongRead read(gate);
    EXPECT_FALSE(gate.asked());
    EXPECT_FALSE(gate.ask());
    EXPECT_TRUE(gate.asked());
  }
  EXPECT_TRUE(gate.ask());
}

TEST(SqliteSnapshotGate, ALongReadWaitsForTheCheckpointButNotForEver) {
  SnapshotGate gate;
  EXPECT_TRUE(gate.ask());
  const LongRead patient(gate);
  EXPECT_TRUE(gate.asked()) << "nobody said that it is over";
  std::promise<void> begun;
  std::thread reader([&] {
    begun.set_value();
    const LongRead read(gate);
  });
  begun.get_future().wait();
  gate.done();
  reader.join();
}

TEST(SqliteSnapshotGate, ADividedPageHasEveryRowOnce) {
  SqliteFactory factory;
  World world;
  auto store = factory.open(world.clock, world.entropy);
  ASSERT_OK(store);
  constexpr std::size_t kRows = 900;
  std::vector<Item*> items;
  for (std::size_t i = 0; i < kRows; ++i) items.push_back(&world.click());
  ASSERT_OK(commit(**store, world, items));
  const auto gate = std::make_shared<SnapshotGate>();
  auto reader = SqliteReader::open(factory.options, world.clock, gate);
  ASSERT_OK(reader);
  EXPECT_TRUE(gate->ask());
  LogQuery query;
  query.limit = 1000;
  const auto page = (*reader)->clicks(query);
  ASSERT_OK(page);
  ASSERT_EQ(page->rows.size(), kRows);
  EXPECT_EQ(page->next, 0U);
  for (std::size_t i = 0; i < kRows; ++i) EXPECT_EQ(page->rows[i].id, world.clicks[kRows - 1 - i].click.id.high);
}

TEST(SqliteSnapshotGate, ACheckpointIsPutOffForALongReadButNotForEver) {
  const TemporaryDirectory directory;
  SqliteOptions options{.path = directory.file("gate.db"), .vfs = "", .checkpoint_pages = 1, .reserve_bytes = 0};
  FakeClock clock;
  auto database = Database::open(options.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "");
  ASSERT_OK(database);
  ASSERT_OK(database->run("PRAGMA journal_mode=WAL"));
  SnapshotGate gate;
  Checkpointer checkpointer(options, clock, gate);
  checkpointer.watch(*database);
  ASSERT_OK(database->run("CREATE TABLE t (x)"));
  {
    const LongRead read(gate);
    ASSERT_OK(checkpointer.run_if_due(*database, false));
    EXPECT_EQ(checkpointer.checkpoints(), 0U);
    EXPECT_TRUE(gate.asked());
    clock.advance(SnapshotGate::kPatience);
    ASSERT_OK(checkpointer.run_if_due(*database, false));
    EXPECT_EQ(checkpointer.checkpoints(), 1U);
    EXPECT_FALSE(gate.asked());
  }
  ASSERT_OK(database->run("INSERT INTO t VALUES (1)"));
  ASSERT_OK(checkpointer.run_if_due(*database, false));
  EXPECT_EQ(checkpointer.checkpoints(), 2U) << "nothing is in its way";
}

}  // namespace
}  // namespace postback::sqlite

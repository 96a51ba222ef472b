// What a power cut leaves of the SQLite store: everything that was acknowledged.
#include "store_fixture.hpp"

#include "support/lossy_vfs.hpp"

#include <atomic>
#include <thread>

namespace postback {
namespace {

constexpr unsigned kBatchSize = 5;

/// A store whose disk can be cut off, and what it acknowledged before that.
struct CutStore {
  TemporaryDirectory live;
  TemporaryDirectory durable;
  LossyVfs vfs{"lossy", durable.path()};
  World world;
  SqliteOptions options{.path = live.file("store.db"), .vfs = "lossy", .checkpoint_pages = 20, .reserve_bytes = 0};
  std::vector<SnowflakeId> acknowledged;

  /// One batch of clicks and a postback; false when it was not acknowledged.
  bool commit_batch(Store& store, std::vector<SnowflakeId>& ids) {
    std::vector<Item*> items;
    for (unsigned n = 0; n < kBatchSize; ++n) items.push_back(&world.click());
    items.push_back(&world.postback(static_cast<ClickItem*>(items[0])->click.id, "&payout=1"));
    if (!store.commit(items, world.ids)) return false;
    for (unsigned n = 0; n < kBatchSize; ++n) ids.push_back(static_cast<ClickItem*>(items[n])->click.id.high);
    return true;
  }

  /// How many of the acknowledged clicks are missing in what the power cut left.
  std::size_t lost() {
    SqliteOptions copy = options;
    copy.path = durable.file("store.db");
    copy.vfs.clear();
    auto store = open_sqlite_store(copy, world.clock, world.entropy);
    if (!store) {
      ADD_FAILURE() << store.error().detail;
      return acknowledged.size();
    }
    const auto reader = (*store)->open_reader().value();
    std::size_t missing = 0;
    for (const auto id : acknowledged) missing += reader->click_facts(id).value() ? 0U : 1U;
    LogQuery all;
    all.limit = 1000;
    EXPECT_GE(reader->conversions(all).value().rows.size() + missing, acknowledged.size() / kBatchSize);
    return missing;
  }
};

TEST(SqlitePowerCut, AtAnySyncLosesNothingAcknowledged) {
  std::size_t most_acknowledged = 0;
  for (std::size_t cut = 1; cut <= 45; ++cut) {
    SCOPED_TRACE("cut after sync " + std::to_string(cut));
    CutStore state;
    state.vfs.crash_after_syncs(cut);
    auto store = open_sqlite_store(state.options, state.world.clock, state.world.entropy);
    ASSERT_OK(store);
    for (int batch = 0; batch < 30; ++batch) {
      std::vector<SnowflakeId> ids;
      ASSERT_TRUE(state.commit_batch(**store, ids));
      if (state.vfs.crashed()) break;
      state.acknowledged.insert(state.acknowledged.end(), ids.begin(), ids.end());
      ASSERT_OK((*store)->maintain(false));
    }
    ASSERT_TRUE(state.vfs.crashed());
    EXPECT_EQ(state.lost(), 0U);
    most_acknowledged = std::max(most_acknowledged, state.acknowledged.size());
    // The files of the cut store are closed before the next one takes the name of its VFS.
    store->reset();
  }
  EXPECT_GT(most_acknowledged, 10 * kBatchSize);
}

/// Cuts the power from another thread in the midst of commits.
void cut_in_the_midst(CutStore& state) {
  auto store = open_sqlite_store(state.options, state.world.clock, state.world.entropy);
  ASSERT_OK(store);
  std::vector<SnowflakeId> ids;
  ids.reserve(10'000);
  std::atomic<std::size_t> committed{0};
  std::size_t before_cut = 0;
  std::thread power([&] {
    for (std::size_t seen = 0; seen < 40 * kBatchSize; seen = committed.load()) committed.wait(seen);
    before_cut = committed.load();
    state.vfs.crash();
  });
  while (!state.vfs.crashed() && ids.size() + kBatchSize <= ids.capacity()) {
    EXPECT_TRUE(state.commit_batch(**store, ids));
    committed.store(ids.size());
    committed.notify_one();
    EXPECT_OK((*store)->maintain(false));
  }
  power.join();
  state.acknowledged.assign(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(before_cut));
  store->reset();
}

TEST(SqlitePowerCut, InTheMidstOfCommitsLosesNothingAcknowledged) {
  CutStore state;
  cut_in_the_midst(state);
  ASSERT_GE(state.acknowledged.size(), 40 * kBatchSize);
  EXPECT_EQ(state.lost(), 0U);
}

TEST(SqlitePowerCut, TheShimLosesRowsOfAStoreThatDoesNotSyncItsLog) {
  CutStore state;
  state.options.synchronous = "NORMAL";
  state.options.checkpoint_pages = 1'000'000;
  cut_in_the_midst(state);
  ASSERT_GE(state.acknowledged.size(), 40 * kBatchSize);
  EXPECT_GT(state.lost(), 0U);
}

}  // namespace
}  // namespace postback

// The SQLite store on a disk that is full, refuses to sync, fails to write, or is held by another process.
#include "store_fixture.hpp"

#include "support/fault_vfs.hpp"
#include "support/other_connection.hpp"

namespace postback {
namespace {

class SqliteFault : public testing::Test {
 protected:
  void SetUp() override {
    options_.path = directory_.file("store.db");
    options_.vfs = disk_.name();
    options_.reserve_bytes = 1 << 20;
    open();
  }
  void open() {
    store_.reset();
    auto opened = open_sqlite_store(options_, world_.clock, world_.entropy);
    ASSERT_OK(opened);
    store_ = std::move(*opened);
  }
  /// A batch of `count` clicks; remembers them when they were acknowledged, and which were refused.
  Result<void> commit_clicks(unsigned count) {
    std::vector<Item*> items;
    for (unsigned n = 0; n < count; ++n) {
      ClickItem& click = world_.click();
      click.click.extra = extra_;
      items.push_back(&click);
    }
    auto done = store_->commit(items, world_.ids);
    for (const Item* item : items) {
      (done ? acknowledged_ : refused_).push_back(static_cast<const ClickItem*>(item)->click.id.high);
    }
    return done;
  }
  std::size_t present(const std::vector<SnowflakeId>& ids) {
    const auto reader = store_->open_reader().value();
    std::size_t count = 0;
    for (const auto id : ids) count += reader->click_facts(id).value() ? 1U : 0U;
    return count;
  }

  FaultVfs disk_{"faulty"};
  TemporaryDirectory directory_;
  SqliteOptions options_;
  World world_;
  std::unique_ptr<Store> store_;
  std::vector<SnowflakeId> acknowledged_;
  std::vector<SnowflakeId> refused_;
  const std::string extra_ = std::string(300, 'x');
};

TEST_F(SqliteFault, AFullDiskRefusesWholeBatchesAndRecovers) {
  ASSERT_OK(commit_clicks(10));
  const std::string reserve = options_.path + ".reserve";
  ASSERT_EQ(std::filesystem::file_size(reserve), options_.reserve_bytes);
  disk_.leave_room(20'000);
  Result<void> done;
  while ((done = commit_clicks(20)).has_value()) {
  }
  EXPECT_ERROR(done, ErrorCode::store_full);
  EXPECT_ERROR(commit_clicks(20), ErrorCode::store_full);
  EXPECT_FALSE(std::filesystem::exists(reserve)) << "given up";
  EXPECT_EQ(present(refused_), 0U);
  EXPECT_EQ(present(acknowledged_), acknowledged_.size());

  disk_.leave_room(FaultVfs::kForEver);
  ASSERT_OK(commit_clicks(20));
  world_.clock.advance(std::chrono::seconds{2});
  ASSERT_OK(store_->maintain(true));
  EXPECT_TRUE(std::filesystem::exists(reserve)) << "kept again";
  EXPECT_EQ(present(refused_), 0U);
  EXPECT_EQ(present(acknowledged_), acknowledged_.size());
  ASSERT_OK(store_->close());
  open();
  EXPECT_EQ(present(acknowledged_), acknowledged_.size());
}

TEST_F(SqliteFault, AFullDiskWhileCheckpointingLosesNothing) {
  for (int n = 0; n < 5; ++n) ASSERT_OK(commit_clicks(50));
  world_.clock.advance(std::chrono::seconds{2});
  disk_.leave_room(5'000);
  EXPECT_ERROR(store_->maintain(true), ErrorCode::store_full);
  disk_.leave_room(FaultVfs::kForEver);
  world_.clock.advance(std::chrono::seconds{2});
  ASSERT_OK(store_->maintain(true));
  ASSERT_OK(commit_clicks(10));
  EXPECT_EQ(present(acknowledged_), acknowledged_.size());
}

TEST_F(SqliteFault, AFailedSyncEndsAllTrust) {
  for (int n = 0; n < 3; ++n) ASSERT_OK(commit_clicks(5));
  disk_.fail_syncs_after(0);
  EXPECT_ERROR(commit_clicks(5), ErrorCode::store_sync_failed);
  disk_.fail_syncs_after(FaultVfs::kForEver);
  const auto syncs = disk_.syncs();
  EXPECT_ERROR(commit_clicks(5), ErrorCode::store_sync_failed);
  EXPECT_ERROR(store_->maintain(true), ErrorCode::store_sync_failed);
  EXPECT_ERROR(store_->reserve_node(), ErrorCode::store_sync_failed);
  EXPECT_ERROR(store_->close(), ErrorCode::store_sync_failed);
  EXPECT_EQ(disk_.syncs(), syncs) << "the sync was tried again";
  open();
  EXPECT_EQ(present(acknowledged_), acknowledged_.size());
}

TEST_F(SqliteFault, AFailedSyncOfACheckpointEndsAllTrust) {
  ASSERT_OK(commit_clicks(50));
  world_.clock.advance(std::chrono::seconds{2});
  disk_.fail_syncs_after(1);  // The log's own; the database's fails.
  EXPECT_ERROR(store_->maintain(true), ErrorCode::store_sync_failed);
  disk_.fail_syncs_after(FaultVfs::kForEver);
  EXPECT_ERROR(commit_clicks(5), ErrorCode::store_sync_failed);
  open();
  EXPECT_EQ(present(acknowledged_), acknowledged_.size());
}

TEST_F(SqliteFault, AFailedWriteOfACommitIsUnknownToo) {
  ASSERT_OK(commit_clicks(5));
  disk_.fail_writes_after(2);
  EXPECT_ERROR(commit_clicks(50), ErrorCode::store_sync_failed);
  disk_.fail_writes_after(FaultVfs::kForEver);
  EXPECT_ERROR(commit_clicks(5), ErrorCode::store_sync_failed);
  open();
  EXPECT_EQ(present(acknowledged_), acknowledged_.size());
}

TEST_F(SqliteFault, AnotherProcessHoldingTheDatabaseIsBusyAndPasses) {
  const OtherConnection other(options_.path);
  other.execute("BEGIN EXCLUSIVE");
  EXPECT_ERROR(commit_clicks(5), ErrorCode::store_busy);
  EXPECT_EQ(present(acknowledged_), 0U) << "reads go on";
  other.execute("COMMIT");
  EXPECT_OK(commit_clicks(5));
  EXPECT_EQ(present(refused_), 0U);
}

}  // namespace
}  // namespace postback

// Backups of a SQLite store: whole or not at all, never over something else, and a store again afterwards.
#include "store_fixture.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace postback {
namespace {

namespace fs = std::filesystem;

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class SqliteBackup : public testing::Test {
 protected:
  std::unique_ptr<Store> open(const std::string& path) {
    SqliteOptions options = factory_.options;
    options.path = path;
    auto store = open_sqlite_store(options, world_.clock, world_.entropy);
    EXPECT_OK(store);
    return store ? std::move(*store) : nullptr;
  }
  void click(Store& store, int count) {
    for (int n = 0; n < count; ++n) {
      ClickItem& item = world_.click();
      EXPECT_OK(commit(store, world_, {&item}));
      clicks_.push_back(item.click.id.high);
    }
  }
  /// The clicks that a store opened from this file has.
  std::size_t stored_in(const std::string& path) {
    const auto store = open(path);
    const auto reader = store->open_reader().value();
    std::size_t count = 0;
    for (const auto id : clicks_) count += reader->click_facts(id).value() ? 1U : 0U;
    EXPECT_OK(store->close());
    return count;
  }
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(factory_.directory.path())) names.insert(entry.path().filename());
    return names;
  }

  SqliteFactory factory_;
  World world_;
  std::vector<SnowflakeId> clicks_;
  const std::string source_ = factory_.options.path;
  const std::string target_ = factory_.directory.file("copy.db");
};

TEST_F(SqliteBackup, OfAnOpenStoreIsOneFileWithWhatWasCommitted) {
  const auto store = open(source_);
  click(*store, 20);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> told;
  const auto bytes = backup_sqlite_store(factory_.options, target_,
                                         [&](std::uint64_t done, std::uint64_t all) { told.emplace_back(done, all); });
  ASSERT_OK(bytes);
  EXPECT_EQ(*bytes, fs::file_size(target_));
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back().first, told.back().second);
  for (const auto* ending : {".partial", "-wal", "-shm", "-journal", ".partial-journal"})
    EXPECT_FALSE(files().contains("copy.db" + std::string(ending))) << ending;
  EXPECT_EQ(fs::status(target_).permissions() & fs::perms::others_all, fs::perms::none);
  click(*store, 5);
  EXPECT_OK(store->close());
  EXPECT_EQ(stored_in(target_), 20U);
  EXPECT_EQ(stored_in(source_), 25U);
}

TEST_F(SqliteBackup, HoldsTheMomentItBeganAt) {
  const auto store = open(source_);
  click(*store, 300);
  bool grown = false;
  ASSERT_OK(backup_sqlite_store(factory_.options, target_, [&](std::uint64_t, std::uint64_t) {
    if (!std::exchange(grown, true)) click(*store, 50);
  }));
  ASSERT_TRUE(grown);
  EXPECT_OK(store->close());
  EXPECT_EQ(stored_in(target_), 300U);
}

TEST_F(SqliteBackup, OfAStoppedOrKilledStoreTakesTheLogAlong) {
  click(*open(source_), 20);  // destroyed without close: the log stays, as after kill -9
  ASSERT_GT(fs::file_size(source_ + "-wal"), 0U);
  ASSERT_OK(backup_sqlite_store(factory_.options, target_));
  EXPECT_EQ(stored_in(target_), 20U);
  EXPECT_EQ(stored_in(source_), 20U);  // closes in order
  ASSERT_OK(backup_sqlite_store(factory_.options, target_ + "2"));
  EXPECT_EQ(stored_in(target_ + "2"), 20U);
}

TEST_F(SqliteBackup, ADamagedLogIsNotCopiedInSilence) {
  click(*open(source_), 20);
  std::fstream log(source_ + "-wal", std::ios::in | std::ios::out | std::ios::binary);
  log.seekp(32 + 24 + 4096 + 24 + 100);
  log << "damage";
  log.close();
  EXPECT_ERROR(backup_sqlite_store(factory_.options, target_), ErrorCode::store_corrupt);
  EXPECT_FALSE(fs::exists(target_) || fs::exists(target_ + ".partial"));
}

TEST_F(SqliteBackup, ADamagedDatabaseIsNotCopiedInSilence) {
  {
    const auto store = open(source_);
    click(*store, 500);
    EXPECT_OK(store->close());
  }
  std::fstream file(source_, std::ios::in | std::ios::out | std::ios::binary);
  for (std::uintmax_t page = 2; page < fs::file_size(source_) / 4096; ++page) {
    file.seekp(static_cast<std::streamoff>(page * 4096));
    file << std::string(64, '\xff');
  }
  file.close();
  EXPECT_ERROR(backup_sqlite_store(factory_.options, target_), ErrorCode::store_corrupt);
  EXPECT_FALSE(fs::exists(target_) || fs::exists(target_ + ".partial"));
}

TEST_F(SqliteBackup, NothingIsOverwritten) {
  const auto store = open(source_);
  click(*store, 1);
  for (const auto* ending : {"", ".partial"}) {
    SCOPED_TRACE(ending);
    const auto in_the_way = target_ + ending;
    std::ofstream(in_the_way) << "mine";
    const auto copied = backup_sqlite_store(factory_.options, target_);
    EXPECT_ERROR(copied, ErrorCode::invalid_argument);
    EXPECT_NE(copied.error().detail.find(in_the_way + " exists"), std::string::npos) << copied.error().detail;
    EXPECT_EQ(contents(in_the_way), "mine");
    fs::remove(in_the_way);
  }
  fs::create_symlink(factory_.directory.file("nowhere"), target_);
  EXPECT_ERROR(backup_sqlite_store(factory_.options, target_), ErrorCode::invalid_argument);
  EXPECT_FALSE(fs::exists(factory_.directory.file("nowhere")));
}

TEST_F(SqliteBackup, WhatIsNoStoreIsNamedAndNothingIsMade) {
  EXPECT_ERROR(backup_sqlite_store(factory_.options, target_), ErrorCode::not_found);
  std::ofstream(source_) << std::string(200, 'x');
  EXPECT_ERROR(backup_sqlite_store(factory_.options, target_), ErrorCode::store_corrupt);
  EXPECT_EQ(files(), std::set<std::string>{"store.db"});
  fs::remove(source_);
  const auto store = open(source_);
  EXPECT_ERROR(backup_sqlite_store(factory_.options, factory_.directory.file("none/copy.db")), ErrorCode::io_failed);
}

TEST_F(SqliteBackup, TheCatalogCanBeReadBesideTheServer) {
  const auto store = open(source_);
  const auto stored = read_sqlite_catalog(factory_.options);
  ASSERT_OK(stored);
  EXPECT_TRUE(stored->documents.empty());
  EXPECT_ERROR(read_sqlite_catalog(SqliteOptions{.path = target_, .vfs = ""}), ErrorCode::not_found);
}

}  // namespace
}  // namespace postback

// Imported clicks in SQLite: where their IDs are found when very many have the same time.
#include "store/sqlite/click_table.hpp"
#include "store/sqlite/forgetting.hpp"
#include "store/sqlite/import_table.hpp"
#include "store/sqlite/user_agents.hpp"
#include "store_fixture.hpp"

#include <algorithm>

namespace postback {
namespace {

using std::chrono::milliseconds;

constexpr unsigned kLastSequence = (1U << kSnowflakeSequenceBits) - 1;

/// The tables of a store, with the instructions of SQLite's machine counted.
class SqliteImport : public testing::Test {
 protected:
  SqliteImport() {
    EXPECT_OK(factory_.open(world_.clock, world_.entropy));
    database_ = std::make_unique<sqlite::Database>(
        sqlite::Database::open(factory_.options.path, SQLITE_OPEN_READWRITE, "").value());
    clicks_ = std::make_unique<sqlite::ClickTable>(*database_);
    agents_ = std::make_unique<sqlite::UserAgents>(*database_);
    imports_ = std::make_unique<sqlite::ImportTable>(*database_);
    sqlite3_progress_handler(
        database_->handle(), 1,
        [](void* steps) {
          ++*static_cast<std::int64_t*>(steps);
          return 0;
        },
        &steps_);
  }

  /// Takes the last ID of each of so many milliseconds from `time()` on: then all of it counts as taken.
  void fill(int from, int to) {
    ASSERT_OK(database_->run("WITH RECURSIVE ms(n) AS (SELECT " + std::to_string(from) +
                             " UNION ALL SELECT n + 1 FROM ms WHERE n + 1 < " + std::to_string(to) +
                             ") INSERT INTO click (id) SELECT " + std::to_string(id_at(0, kLastSequence)) +
                             " + (n << 22) FROM ms"));
  }
  TimeMs time() const { return world_.clock.wall() - std::chrono::hours{24}; }
  SnowflakeId id_at(int later, unsigned sequence) const {
    return make_snowflake(time() + milliseconds{later}, kImportNode, sequence);
  }

  ImportedClick import(const std::string& foreign_id) {
    ImportedClick imported;
    imported.foreign_id = foreign_id;
    imported.time = time();
    imported.click.campaign = 1;
    steps_ = 0;
    EXPECT_EQ(imports_->import(imported, *clicks_, *agents_), SQLITE_OK);
    return imported;
  }

  World world_;
  SqliteFactory factory_;
  std::unique_ptr<sqlite::Database> database_;
  std::unique_ptr<sqlite::ClickTable> clicks_;
  std::unique_ptr<sqlite::UserAgents> agents_;
  std::unique_ptr<sqlite::ImportTable> imports_;
  std::int64_t steps_ = 0;
};

TEST_F(SqliteImport, TakesTheNextIdOfItsTime) {
  EXPECT_EQ(import("a").id, id_at(0, 0));
  EXPECT_EQ(import("b").id, id_at(0, 1));
  fill(0, 3);
  EXPECT_EQ(import("c").id, id_at(3, 0));
  EXPECT_EQ(import("d").id, id_at(3, 1));
  EXPECT_EQ(import("c").outcome, ImportedClick::Outcome::known);
}

TEST_F(SqliteImport, AFullTimeCostsLittle) {
  import("first");
  const auto alone = steps_;
  fill(0, 1);
  for (int filled = 1, next = 200; next <= 30'000; next *= 5) {
    fill(filled, next);
    filled = next;
    const auto imported = import(std::to_string(next));
    EXPECT_EQ(imported.outcome, ImportedClick::Outcome::imported);
    EXPECT_EQ(imported.id, id_at(next, 0));
    EXPECT_LT(steps_, 12 * alone) << "behind " << next << " full milliseconds; an empty one takes " << alone;
  }
}

TEST_F(SqliteImport, GapsAreFoundAndTheEndIsTold) {
  fill(0, 100);
  fill(101, 70'000);
  const auto lost = import("too-far");
  EXPECT_EQ(lost.outcome, ImportedClick::Outcome::no_room) << "a gap may be passed by, but no time is made up";
  EXPECT_EQ(database_->number("SELECT count(*) FROM foreign_click").value(), 0);
}

TEST_F(SqliteImport, AForgottenForeignIdIsKeptAsAHash) {
  const auto jane = import("mail-of-jane");
  import("other-one");
  sqlite::Forgetting forgetting(*database_);
  Idle<ForgetItem> item;
  item.rows = {jane.id};
  ASSERT_EQ(forgetting.forget(item), SQLITE_OK);
  EXPECT_EQ(database_->number("SELECT count(*) FROM foreign_click WHERE foreign_id = 'mail-of-jane'").value(), 0);
  EXPECT_EQ(database_->number("SELECT count(*) FROM foreign_click WHERE foreign_id = 'other-one'").value(), 1);
  EXPECT_EQ(database_->number("SELECT count(*) FROM foreign_click").value(), 2);
  const auto kept = database_->text("SELECT foreign_id FROM foreign_click WHERE foreign_id <> 'other-one'").value();
  ASSERT_EQ(forgetting.forget(item), SQLITE_OK);
  EXPECT_EQ(database_->text("SELECT foreign_id FROM foreign_click WHERE foreign_id <> 'other-one'").value(), kept);
}

}  // namespace
}  // namespace postback

// A store that an older postbackd wrote is brought to today's schema, with everything that it holds.
#include "store_fixture.hpp"

#include "store/migrations.hpp"
#include "store/sqlite/file_check.hpp"
#include "support/example_destination.hpp"
#include "support/other_connection.hpp"

namespace postback {
namespace {

/// Runs `sql` in the file, which is made if it is missing.
void execute(const std::string& path, const std::string& sql) { OtherConnection(path).execute(sql); }

/// What version 1 wrote for two puts of one network, one source, and the first key.
constexpr const char* kVersion1 = R"sql(
  INSERT INTO entity VALUES (1, 'acme', 7, 2, 2000, '{"name":"Acme 2"}'), (3, 'adnet', 1, 3, 3000, '{"name":"AdNet"}');
  INSERT INTO revision VALUES
    (1, 1000, 'admin', 1, 'acme', NULL, '{"name":"Acme"}'),
    (2, 2000, 'admin', 1, 'acme', '{"name":"Acme"}', '{"name":"Acme 2"}'),
    (3, 3000, NULL, 3, 'adnet', NULL, '{"name":"AdNet"}');
  INSERT INTO api_key VALUES ('admin', zeroblob(32), 500);
  INSERT INTO click_id_key VALUES (0, zeroblob(16));
  INSERT INTO meta VALUES ('stopped', 'cleanly');
)sql";

TEST(SqliteMigration, KeepsCatalogRevisionsAndKeysOfVersion1) {
  World world;
  TemporaryDirectory directory;
  SqliteOptions options;
  options.path = (directory.path() / "store.db").string();
  execute(options.path, "PRAGMA application_id=" + std::to_string(sqlite::kApplicationId) +
                            ";PRAGMA journal_mode=WAL;" + std::string(migrations().at(0).sql) + kVersion1 +
                            "PRAGMA user_version=1;");
  auto opened = open_sqlite_store(options, world.clock, world.entropy);
  ASSERT_OK(opened);
  auto& store = **opened;

  std::uint64_t revision = 0;
  const auto documents = store.catalog_documents(revision).value();
  EXPECT_EQ(revision, 3U);
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_EQ(documents[0].id, "acme");
  EXPECT_EQ(documents[0].number, 7U);
  EXPECT_EQ(documents[0].revision, 2U);
  EXPECT_EQ(documents[0].json, R"({"name":"Acme 2"})");
  EXPECT_EQ(documents[0].updated, TimeMs{std::chrono::milliseconds{2000}});
  EXPECT_FALSE(documents[0].archived);

  const auto reader = store.open_reader().value();
  const auto first = reader->catalog_at(1).value();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].json, R"({"name":"Acme"})");
  const auto revisions = reader->revisions(0, 10).value();
  ASSERT_EQ(revisions.size(), 3U);
  EXPECT_EQ(revisions[1].actor, "admin");
  EXPECT_EQ(revisions[1].action, "put");
  EXPECT_EQ(revisions[1].changes, 1U);

  const auto keys = store.keys().value();
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].id, "admin");
  EXPECT_EQ(keys[0].role, Role::admin);
  EXPECT_EQ(keys[0].created, TimeMs{std::chrono::milliseconds{500}});
  EXPECT_OK(store.close());
}

TEST(SqliteMigration, GivesAStoreOfVersion6AnOutbox) {
  World world;
  TemporaryDirectory directory;
  SqliteOptions options;
  options.path = (directory.path() / "store.db").string();
  std::string version_6 =
      "PRAGMA application_id=" + std::to_string(sqlite::kApplicationId) + ";PRAGMA journal_mode=WAL;";
  for (std::size_t i = 0; i < 6; ++i) version_6 += std::string(migrations().at(i).sql) + ";";
  const ClickId id = world.keys.sign(world.ids.next());
  const SnowflakeId conversion = world.ids.next();
  execute(options.path,
          version_6 + "INSERT INTO click (id, campaign, offer) VALUES (" + std::to_string(id.high) + ", 1, 1);" +
              "INSERT INTO conversion (id, click, number, event, txid, status, payout, time_ms, updated_ms, revision) "
              "VALUES (" +
              std::to_string(conversion) + "," + std::to_string(id.high) + ",1,'conversion','',0,5,1,1,1);" +
              "PRAGMA user_version=6;");
  auto opened = open_sqlite_store(options, world.clock, world.entropy);
  ASSERT_OK(opened);
  auto& store = **opened;
  const auto reader = store.open_reader().value();
  EXPECT_TRUE(reader->occurrences(0, 10).value().empty()) << "what happened before is not told";
  EXPECT_FALSE(reader->was_told(conversion, 1).value());
  world.catalog = catalog_of(with_destination(example_documents(), "conversion"));
  ASSERT_OK(commit(store, world, {&world.postback(id, "&status=approved")}));
  const auto told = reader->occurrences(0, 10).value();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].kind, Trigger::status_change);
  EXPECT_EQ(told[0].conversion, conversion);
  EXPECT_OK(store.close());
}

}  // namespace
}  // namespace postback

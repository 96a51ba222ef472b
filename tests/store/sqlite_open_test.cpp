// Opening the SQLite store: what is refused, with which words, and that refused files stay as they are.
#include "store_fixture.hpp"
#include "support/other_connection.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace postback {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void execute(const std::string& path, const char* sql) { OtherConnection(path).execute(sql); }

class SqliteOpen : public testing::Test {
 protected:
  Result<std::unique_ptr<Store>> open() { return open_sqlite_store(options_, world_.clock, world_.entropy); }
  /// Leaves a store with `batches` committed batches of one click each, closed in order or as kill -9 would leave it.
  std::vector<SnowflakeId> make_store(int batches, bool orderly) {
    std::vector<SnowflakeId> ids;
    auto store = open().value();
    for (int n = 0; n < batches; ++n) {
      ClickItem& click = world_.click();
      EXPECT_OK(commit(*store, world_, {&click}));
      ids.push_back(click.click.id.high);
    }
    if (orderly) {
      EXPECT_OK(store->close());
    }
    return ids;
  }
  std::size_t present(Store& store, const std::vector<SnowflakeId>& ids) {
    const auto reader = store.open_reader().value();
    std::size_t count = 0;
    for (const auto id : ids) count += reader->click_facts(id).value() ? 1U : 0U;
    return count;
  }
  void expect_refused(ErrorCode code, const std::vector<std::string>& words) {
    const std::string database = contents(options_.path);
    const std::string log = contents(options_.path + "-wal");
    const auto opened = open();
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(to_string(opened.error().code), to_string(code)) << opened.error().detail;
    for (const auto& word : words)
      EXPECT_NE(opened.error().detail.find(word), std::string::npos) << opened.error().detail;
    EXPECT_EQ(contents(options_.path), database) << "the file was changed";
    EXPECT_EQ(contents(options_.path + "-wal"), log) << "the log was changed";
  }

  TemporaryDirectory directory_;
  World world_;
  SqliteOptions options_{.path = directory_.file("store.db"), .vfs = "", .reserve_bytes = 0};
};

TEST_F(SqliteOpen, CreatesMissingDirectories) {
  options_.path = directory_.file("a/b/store.db");
  EXPECT_OK(open());
  EXPECT_TRUE(std::filesystem::exists(options_.path));
  EXPECT_EQ(std::filesystem::status(options_.path).permissions() & std::filesystem::perms::others_all,
            std::filesystem::perms::none)
      << "it holds secrets";
}

TEST_F(SqliteOpen, SaysWhyAPathCannotBe) {
  write(directory_.file("file"), "x");
  options_.path = directory_.file("file/store.db");
  auto opened = open();
  EXPECT_ERROR(opened, ErrorCode::io_failed);
  EXPECT_NE(opened.error().detail.find("Not a directory"), std::string::npos) << opened.error().detail;
  EXPECT_NE(opened.error().detail.find(directory_.file("file")), std::string::npos) << opened.error().detail;
  options_.path = "/proc/postback/store.db";
  EXPECT_ERROR(open(), ErrorCode::io_failed);
  std::filesystem::create_directory(directory_.file("store.db"));
  options_.path = directory_.file("store.db");
  EXPECT_ERROR(open(), ErrorCode::io_failed);
}

TEST_F(SqliteOpen, RefusesAReadOnlyDirectory) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  std::filesystem::permissions(directory_.path(),
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  auto opened = open();
  EXPECT_ERROR(opened, ErrorCode::io_failed);
  EXPECT_NE(opened.error().detail.find("Permission denied"), std::string::npos) << opened.error().detail;
  std::filesystem::permissions(directory_.path(), std::filesystem::perms::owner_all);
}

TEST_F(SqliteOpen, ASecondInstanceIsToldWhoHasIt) {
  const auto first = open();
  ASSERT_OK(first);
  const auto second = open();
  EXPECT_ERROR(second, ErrorCode::store_locked);
  EXPECT_NE(second.error().detail.find("already in use by pid " + std::to_string(getpid())), std::string::npos)
      << second.error().detail;
  // Another name for the same file is the same store.
  std::filesystem::create_symlink(options_.path, directory_.file("link.db"));
  options_.path = directory_.file("link.db");
  EXPECT_ERROR(open(), ErrorCode::store_locked);
}

TEST_F(SqliteOpen, IsFreeAgainAfterAKill) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto store = open();
    const char answer = store ? 'y' : 'n';
    if (::write(ready[1], &answer, 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_ERROR(open(), ErrorCode::store_locked);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_OK(open());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(SqliteOpen, RefusesANewerSchema) {
  make_store(1, true);
  execute(options_.path, "PRAGMA user_version=999");
  expect_refused(ErrorCode::store_schema_newer, {options_.path, "999", "newer postbackd"});
}

TEST_F(SqliteOpen, RefusesForeignFiles) {
  for (const char* text : {"hello", "SQLite format 3", "0123456789012345678901234567890123456789"}) {
    write(options_.path, text);
    expect_refused(ErrorCode::store_corrupt, {options_.path, "left as it is", "backup"});
  }
  std::filesystem::remove(options_.path);
  execute(options_.path, "CREATE TABLE theirs (x); PRAGMA journal_mode=WAL;");
  expect_refused(ErrorCode::store_corrupt, {options_.path, "another program"});
}

TEST_F(SqliteOpen, RefusesADamagedBeginning) {
  make_store(3, true);
  std::string bytes = contents(options_.path);
  bytes.replace(0, 16, 16, '\0');
  write(options_.path, bytes);
  expect_refused(ErrorCode::store_corrupt, {options_.path, "backup"});
}

TEST_F(SqliteOpen, RefusesAFileThatWasCutShort) {
  make_store(3, true);
  const std::string bytes = contents(options_.path);
  write(options_.path, std::string_view(bytes).substr(0, bytes.size() - 4096));
  expect_refused(ErrorCode::store_corrupt, {options_.path, "backup"});
}

TEST_F(SqliteOpen, ChecksPagesAfterAnUncleanStop) {
  make_store(3, true);
  const std::string whole = contents(options_.path);
  execute(options_.path, "UPDATE meta SET value='no' WHERE key='stopped'");
  std::string bytes = contents(options_.path);
  // Every page but the first two: whichever holds a table or an index.
  for (std::size_t page = 2 * 4096; page < bytes.size(); page += 4096) bytes[page] = '\x7f';
  write(options_.path, bytes);
  expect_refused(ErrorCode::store_corrupt, {options_.path});
  write(options_.path, whole);
  EXPECT_OK(open());
}

TEST_F(SqliteOpen, RecoversTheLogAfterAKill) {
  const auto ids = make_store(20, false);
  ASSERT_GT(std::filesystem::file_size(options_.path + "-wal"), 20U * 4096);
  auto store = open();
  ASSERT_OK(store);
  EXPECT_EQ(present(**store, ids), ids.size());
}

TEST_F(SqliteOpen, ALogWithoutItsEndIsWhatACrashLeaves) {
  const auto ids = make_store(20, false);
  const std::string log = contents(options_.path + "-wal");
  for (const std::size_t cut : {std::size_t{1}, std::size_t{4000}, std::size_t{4120}}) {
    SCOPED_TRACE(cut);
    const std::string whole = contents(options_.path);
    write(options_.path + "-wal", std::string_view(log).substr(0, log.size() - cut));
    {
      auto store = open();
      ASSERT_OK(store);
      EXPECT_EQ(present(**store, ids), ids.size() - 1);
    }
    write(options_.path, whole);
    std::filesystem::remove(options_.path + "-shm");
  }
}

TEST_F(SqliteOpen, RefusesALogDamagedInTheMiddle) {
  const auto ids = make_store(20, false);
  const std::string log = contents(options_.path + "-wal");
  for (const std::size_t place :
       {std::size_t{5}, std::size_t{28}, std::size_t{32 + 20}, log.size() / 4, log.size() / 2}) {
    SCOPED_TRACE(place);
    std::string damaged = log;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x10);
    write(options_.path + "-wal", damaged);
    std::filesystem::remove(options_.path + "-shm");
    expect_refused(ErrorCode::store_corrupt, {options_.path + "-wal", "backup"});
  }
  write(options_.path + "-wal", log);
  auto store = open();
  ASSERT_OK(store);
  EXPECT_EQ(present(**store, ids), ids.size());
}

TEST_F(SqliteOpen, RefusesALogWhoseDatabaseIsGone) {
  make_store(20, false);
  std::filesystem::remove(options_.path);
  expect_refused(ErrorCode::store_corrupt, {options_.path + "-wal"});
}

TEST_F(SqliteOpen, AnOrderlyStopLeavesOneFile) {
  make_store(3, true);
  EXPECT_FALSE(std::filesystem::exists(options_.path + "-wal"));
  EXPECT_FALSE(std::filesystem::exists(options_.path + "-shm"));
}

TEST_F(SqliteOpen, NodeNumbersGoRoundWithoutTheOneForImports) {
  make_store(1, true);
  execute(options_.path, "UPDATE node SET last = 1021");
  auto store = open().value();
  EXPECT_EQ(store->reserve_node().value(), kImportNode - 1);
  EXPECT_EQ(store->reserve_node().value(), 1U);
}

TEST_F(SqliteOpen, RefusesAnUnknownSynchronousSetting) {
  options_.synchronous = "OFF";
  EXPECT_ERROR(open(), ErrorCode::invalid_argument);
}

TEST(StoreUrl, NamesAFile) {
  EXPECT_EQ(parse_store_url("sqlite:///tmp/t.db").value(), "/tmp/t.db");
  EXPECT_EQ(parse_store_url("sqlite://./data/postbackd.db").value(), "./data/postbackd.db");
  EXPECT_EQ(parse_store_url("sqlite://../a%20b.db").value(), "../a%20b.db");
}

TEST(StoreUrl, SaysWhatIsWrong) {
  const std::pair<std::string, std::string> wrong[] = {
      {"", "only sqlite://"},
      {"/tmp/t.db", "only sqlite://"},
      {"mysql://host/db", "only sqlite://"},
      {"sqlite:/tmp/t.db", "only sqlite://"},
      {"sqlite://", "path is missing"},
      {"sqlite://data/t.db", "starts with"},
      {"sqlite:///tmp/", "directory"},
      {"sqlite://./..", "directory"},
      {"sqlite:///tmp/t.db?mode=ro", "not allowed"},
      {std::string("sqlite:///tmp/a\0b", 17), "not allowed"},
      {"postgresql://u:secret@host/db", "not available in this version yet"},
      {"postgres://u:secret@host/db", "not available in this version yet"},
  };
  for (const auto& [url, words] : wrong) {
    const auto path = parse_store_url(url);
    ASSERT_FALSE(path.has_value()) << url;
    EXPECT_EQ(path.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(path.error().detail.find(words), std::string::npos) << path.error().detail;
    EXPECT_EQ(path.error().detail.find("secret"), std::string::npos) << path.error().detail;
  }
}

}  // namespace
}  // namespace postback

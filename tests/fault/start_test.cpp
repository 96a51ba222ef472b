// Starts that must be refused: exit status 1, a message that names the thing and what to do, nothing changed.
#include "postback/store/sqlite.hpp"
#include "serving.hpp"
#include "support/other_connection.hpp"
#include "support/temporary_directory.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <ostream>
#include <random>

namespace postback::fault {
namespace {

namespace fs = std::filesystem;

void execute(const std::string& path, const char* sql) { OtherConnection(path).execute(sql); }

/// A store as an orderly stop leaves it, or as kill -9 does: with a log.
void make_store(const std::string& path, bool orderly) {
  const SystemClock clock;
  SystemEntropy entropy;
  auto store = open_sqlite_store({.path = path, .vfs = "", .reserve_bytes = 0}, clock, entropy);
  ASSERT_TRUE(store.has_value()) << store.error().detail;
  for (int n = 0; n < 20; ++n) ASSERT_TRUE((*store)->reserve_node().has_value());
  if (orderly) {
    ASSERT_TRUE((*store)->close().has_value());
  }
}

void replace(const std::string& path, std::size_t at, std::string_view bytes) {
  auto whole = contents(path);
  ASSERT_LT(at + bytes.size(), whole.size()) << path;
  write_file(path, whole.replace(at, bytes.size(), bytes));
}

std::string garbage(std::size_t size) {
  std::mt19937 random(4711);  // Always the same: what is tested is the refusal.
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() & 0xff);
  return bytes;
}

struct Finish {
  int status;
  std::string output;
};

Finish run(const std::vector<std::string>& arguments) {
  testing::ServerProcess process(POSTBACK_BINARY, arguments);
  const int status = process.wait_for_end().exit_code;
  return {status, process.output()};
}

std::vector<std::string> serve(const std::string& database, const std::string& address = "127.0.0.1:0") {
  return {"serve", "--listen", address, "--store", "sqlite://" + database};
}

void expect_words(const std::string& text, const std::vector<std::string>& words) {
  for (const auto& word : words) EXPECT_NE(text.find(word), std::string::npos) << "no \"" << word << "\" in: " << text;
}

/// What was there before the damage: nothing, a store after an orderly stop, or one after kill -9.
enum class Before { nothing, orderly, killed };

struct DamagedStore {
  std::string name;
  Before before;
  std::function<void(const std::string& path)> damage;
  std::vector<std::string> words;
};
void PrintTo(const DamagedStore& store, std::ostream* out) { *out << store.name; }

using Path = const std::string&;

std::vector<DamagedStore> damaged_databases() {
  using enum Before;
  return {
      {"HeaderZeroed", orderly, [](Path path) { replace(path, 0, std::string(16, '\0')); }, {"damaged", "backup"}},
      {"HeaderGarbage", orderly, [](Path path) { replace(path, 0, garbage(100)); }, {"damaged", "backup"}},
      {"FirstPageGarbage", orderly, [](Path path) { replace(path, 100, garbage(3900)); }, {"backup"}},
      {"CutByAPage", orderly, [](Path path) { fs::resize_file(path, fs::file_size(path) - 4096); }, {"backup"}},
      {"CutInTheHeader", orderly, [](Path path) { fs::resize_file(path, 50); }, {"damaged", "backup"}},
      {"CutInTheFirstPage", orderly, [](Path path) { fs::resize_file(path, 1000); }, {"backup"}},
      {"CutToNothing", killed, [](Path path) { fs::resize_file(path, 0); }, {"-wal", "Restore"}},
      {"Gone", killed, [](Path path) { fs::remove(path); }, {"-wal", "Restore"}},
      {"NewerSchema", orderly, [](Path path) { execute(path, "PRAGMA user_version=999"); }, {"newer postbackd", "999"}},
      {"ForeignText", nothing, [](Path path) { write_file(path, "dear diary\n"); }, {"not a database", "another path"}},
      {"ForeignDatabase", nothing, [](Path path) { execute(path, "CREATE TABLE theirs (x)"); }, {"another program"}},
  };
}

std::vector<DamagedStore> damaged_logs() {
  using enum Before;
  return {
      {"LogHeaderGarbage", killed, [](Path path) { replace(path + "-wal", 0, garbage(32)); }, {"-wal", "backup"}},
      {"LogMiddleGarbage", killed, [](Path path) { replace(path + "-wal", 9'999, garbage(500)); }, {"-wal", "backup"}},
      {"LogAllGarbage", killed, [](Path path) { write_file(path + "-wal", garbage(50'000)); }, {"-wal", "backup"}},
  };
}

class RefusedStore : public ::testing::TestWithParam<DamagedStore> {};

TEST_P(RefusedStore, IsNamedAndLeftAsItIs) {
  const TemporaryDirectory directory;
  const auto path = directory.file("store.db");
  if (GetParam().before != Before::nothing) make_store(path, GetParam().before == Before::orderly);
  GetParam().damage(path);
  const bool existed = fs::exists(path);
  const auto database = contents(path);
  const auto log = contents(path + "-wal");
  const auto finish = run(serve(path));
  EXPECT_EQ(finish.status, 1) << finish.output;
  expect_words(finish.output, {"postbackd: cannot start: ", path});
  expect_words(finish.output, GetParam().words);
  EXPECT_EQ(fs::exists(path), existed);
  EXPECT_TRUE(contents(path) == database) << "the database was changed";
  EXPECT_TRUE(contents(path + "-wal") == log) << "the log was changed";
}

const auto name_of_case = [](const auto& each) { return each.param.name; };
INSTANTIATE_TEST_SUITE_P(Databases, RefusedStore, ::testing::ValuesIn(damaged_databases()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Logs, RefusedStore, ::testing::ValuesIn(damaged_logs()), name_of_case);

TEST(RefusedStart, AFileWhereTheDirectoryShouldBe) {
  const TemporaryDirectory directory;
  write_file(directory.file("data"), "mine");
  const auto finish = run(serve(directory.file("data/store.db")));
  EXPECT_EQ(finish.status, 1);
  expect_words(finish.output, {"cannot start", directory.file("data"), "Not a directory"});
  EXPECT_EQ(contents(directory.file("data")), "mine");
}

TEST(RefusedStart, AReadOnlyDirectory) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const TemporaryDirectory directory;
  const auto data = directory.file("data");
  fs::create_directory(data);
  fs::permissions(data, fs::perms::owner_read | fs::perms::owner_exec);
  const auto finish = run(serve(data + "/store.db"));
  EXPECT_EQ(finish.status, 1);
  expect_words(finish.output, {"cannot start", data, "Permission denied"});
  fs::permissions(data, fs::perms::owner_all);
}

TEST(RefusedStart, ASecondServerOfOneStoreNamesTheFirst) {
  const TemporaryDirectory directory;
  const auto path = directory.file("store.db");
  Serving first(path);
  const auto second = run(serve(path));
  EXPECT_EQ(second.status, 1);
  expect_words(second.output, {path, "already in use by pid " + std::to_string(first.process.pid())});
  first.process.signal(SIGTERM);
  EXPECT_EQ(first.process.wait_for_end().exit_code, 0) << first.process.output();
}

TEST(RefusedStart, APortInUseIsSaidBeforeTheStoreIsTouched) {
  const TemporaryDirectory directory;
  const Serving first(directory.file("first.db"));
  const auto address = "127.0.0.1:" + std::to_string(first.port);
  const auto path = directory.file("data/second.db");
  const auto second = run(serve(path, address));
  EXPECT_EQ(second.status, 1);
  expect_words(second.output, {"bind " + address + ": Address already in use"});
  EXPECT_FALSE(fs::exists(directory.file("data"))) << "the store was touched";
}

TEST(RefusedStart, AWrongListenAddress) {
  const TemporaryDirectory directory;
  const std::pair<std::string, std::string> wrong[] = {
      {"", "the port is missing"},          {"nonsense", "the port is missing"},
      {"127.0.0.1", "the port is missing"}, {"127.0.0.1:http", "port must be"},
      {"127.0.0.1:70000", "port must be"},  {"tracker.example:80", "not an IP address"},
      {"::1:8080", "not an IP address"},    {"203.0.113.7:0", "bind 203.0.113.7:0: "},
  };
  for (const auto& [address, words] : wrong) {
    const auto path = directory.file("data/store.db");
    const auto finish = run(serve(path, address));
    EXPECT_EQ(finish.status, 1) << address;
    expect_words(finish.output, {"cannot start", address, words});
    EXPECT_FALSE(fs::exists(directory.file("data"))) << address;
  }
}

TEST(RefusedStart, AWrongStore) {
  const TemporaryDirectory directory;
  const std::pair<std::string, std::string> wrong[] = {
      {"", "only sqlite://"},
      {directory.file("store.db"), "write sqlite:///absolute/path.db"},
      {"mysql://db", "only sqlite://"},
      {"sqlite://data/store.db", "./relative/path.db"},
      {"sqlite://" + directory.path().string() + "/", "names a directory"},
      {"postgresql://user:secret@db/x", "not available in this version"},
  };
  for (const auto& [url, words] : wrong) {
    const auto finish = run({"serve", "--listen", "127.0.0.1:0", "--store", url});
    EXPECT_EQ(finish.status, 1) << url;
    expect_words(finish.output, {"cannot start", "store URL '" + url.substr(0, 8), words});
    EXPECT_EQ(finish.output.find("secret"), std::string::npos) << finish.output;
    EXPECT_TRUE(fs::is_empty(directory.path())) << url;
  }
}

}  // namespace
}  // namespace postback::fault

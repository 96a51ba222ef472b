// The store refuses: a full disk, another process, a failed sync. Visitors go on; networks are told to come again.
#include "load.hpp"
#include "serving.hpp"
#include "stored_rows.hpp"
#include "support/eventually.hpp"
#include "support/example_catalog.hpp"
#include "support/fault_vfs.hpp"
#include "support/other_connection.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_server.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <future>

namespace postback::fault {
namespace {

using std::chrono::milliseconds;
using Adjust = testing::TestServer::Adjust;

/// The value of a metric without labels.
std::uint64_t metric(std::uint16_t port, const std::string& name) {
  const auto page = get(port, "/metrics").body;
  const auto line = page.find("\npostbackd_" + name + " ");
  if (line == std::string::npos) throw std::runtime_error("no metric " + name + " in:\n" + page);
  return std::stoull(page.substr(line + name.size() + 12));
}

void expect_refused(const testing::RawResponse& answer) {
  EXPECT_EQ(answer.status, 503) << answer.head;
  EXPECT_EQ(answer.header("Retry-After"), "5");
  EXPECT_NE(answer.body.find("\"store_unavailable\""), std::string::npos) << answer.body;
}

/// A server on a disk that fails as told, with the example catalog and a first click.
class StoreTrouble : public ::testing::Test {
 protected:
  void start(const Adjust& adjust = {}) {
    server_ = std::make_unique<testing::TestServer>([this, adjust](AppOptions& options) {
      options.sqlite.vfs = disk_.name();
      options.sqlite.reserve_bytes = 0;
      if (adjust) adjust(options);
    });
    put_example_catalog(port());
    click();
  }
  std::uint16_t port() const { return server_->port(); }
  void click() {
    if (auto id = click_id_of(get(port(), "/c/summer"), ledger_)) ledger_.click(std::move(*id));
  }
  testing::RawResponse send_postback(const std::string& txid) { return get(port(), target(txid)); }
  /// A postback for the first click.
  std::string target(const std::string& txid) const { return postback_target({ledger_.told().clicks.front(), txid}); }
  bool ready() const { return get(port(), "/readyz").status == 200; }
  StoredRows rows() const { return read_rows(server_->store_file()); }

  FaultVfs disk_{"faulty-under-load"};
  Ledger ledger_;
  std::unique_ptr<testing::TestServer> server_;
};

TEST_F(StoreTrouble, FullDiskRefusesPostbacksKeepsClicksAndRecovers) {
  start();
  disk_.leave_room(0);
  expect_refused(send_postback("a"));
  // Nothing waits in memory, and still the store is not ready: it would refuse the next one.
  EXPECT_FALSE(eventually([&] { return ready(); }, milliseconds{600}));
  for (int n = 0; n < 20; ++n) click();
  expect_refused(send_postback("b"));
  EXPECT_FALSE(ready());
  EXPECT_EQ(metric(port(), "spool_clicks"), 20U);

  disk_.leave_room(FaultVfs::kForEver);
  EXPECT_TRUE(eventually([&] { return ready(); })) << "there is room again";
  EXPECT_EQ(metric(port(), "spool_clicks"), 0U);
  EXPECT_EQ(metric(port(), "clicks_unrecorded_total"), 0U);
  for (const auto* txid : {"a", "b"}) send_again(port(), {ledger_.told().clicks.front(), txid}, true, ledger_);
  EXPECT_EQ(ledger_.told().repeats, 0U) << "a postback refused for lack of room was stored all the same";
  expect_kept(ledger_.told(), rows());
}

TEST_F(StoreTrouble, FullDiskWithoutAnyRequestInBetweenRecovers) {
  start();
  disk_.leave_room(0);
  expect_refused(send_postback("a"));
  disk_.leave_room(FaultVfs::kForEver);
  EXPECT_TRUE(eventually([&] { return ready(); }));
}

TEST_F(StoreTrouble, FullSpoolLosesClicksCountedAndStillRedirects) {
  start([](AppOptions& options) { options.recorder.spool_clicks = 5; });
  disk_.leave_room(0);
  for (int n = 0; n < 5; ++n) click();
  Ledger lost;
  for (int n = 0; n < 3; ++n) EXPECT_TRUE(click_id_of(get(port(), "/c/summer"), lost));
  EXPECT_TRUE(lost.told().wrong.empty());
  EXPECT_EQ(metric(port(), "clicks_unrecorded_total"), 3U);
  EXPECT_EQ(metric(port(), "spool_clicks"), 5U);
  disk_.leave_room(FaultVfs::kForEver);
  EXPECT_TRUE(eventually([&] { return ready(); }));
  EXPECT_EQ(rows().clicks.size(), 6U);
  EXPECT_EQ(metric(port(), "clicks_unrecorded_total"), 3U);
  expect_kept(ledger_.told(), rows());
}

/// Another connection that holds the database, as `sqlite3 store.db` with BEGIN EXCLUSIVE does.
class Holder {
 public:
  explicit Holder(const std::string& path) : connection_(std::in_place, path, OtherConnection::LogAtClose::left) {
    connection_->execute("BEGIN EXCLUSIVE");
  }
  void let_go() { connection_.reset(); }  // which rolls back

 private:
  std::optional<OtherConnection> connection_;
};

TEST_F(StoreTrouble, HeldDatabaseMakesPostbacksWaitThenRefusesThem) {
  start();
  Holder holder(server_->store_file());
  const auto sent = std::chrono::steady_clock::now();
  auto waiting = std::async(std::launch::async, [&] { return send_postback("a"); });
  for (int n = 0; n < 20; ++n) click();
  const auto answer = waiting.get();
  const auto waited = std::chrono::steady_clock::now() - sent;
  expect_refused(answer);
  EXPECT_GE(waited, milliseconds{1'990});
  EXPECT_FALSE(ready());
  for (int n = 0; n < 20; ++n) click();
  holder.let_go();
  EXPECT_TRUE(eventually([&] { return ready(); }));
  send_again(port(), {ledger_.told().clicks.front(), "a"}, true, ledger_);
  expect_kept(ledger_.told(), rows());
}

TEST_F(StoreTrouble, HeldDatabaseThatIsLetGoInTimeTakesTheWaitingPostback) {
  start([](AppOptions& options) { options.recorder.busy_wait = kPatience; });
  Holder holder(server_->store_file());
  auto waiting = std::async(std::launch::async, [&] { return send_postback("a"); });
  EXPECT_TRUE(eventually([&] { return !ready() && metric(port(), "queue_items") == 1; }));
  holder.let_go();
  const auto answer = waiting.get();
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_NE(answer.body.find("\"converted\""), std::string::npos) << answer.body;
  EXPECT_TRUE(eventually([&] { return ready(); }));
}

TEST_F(StoreTrouble, ManySpooledClicksAreCommittedWithoutPausesInBetween) {
  start([](AppOptions& options) { options.recorder.batch_items = 5; });
  disk_.leave_room(0);
  for (int n = 0; n < 150; ++n) click();
  EXPECT_EQ(metric(port(), "spool_clicks"), 150U);
  disk_.leave_room(FaultVfs::kForEver);
  EXPECT_TRUE(eventually([&] { return ready(); }));
  expect_kept(ledger_.told(), rows());
}

TEST_F(StoreTrouble, AnOrderlyStopCommitsSpooledClicksIfTheStoreTakesThemAgain) {
  start([](AppOptions& options) {
    options.recorder.retry_interval = std::chrono::minutes{10};
    options.recorder.batch_items = 5;
  });
  Holder holder(server_->store_file());
  for (int n = 0; n < 12; ++n) click();
  EXPECT_EQ(metric(port(), "spool_clicks"), 12U);
  holder.let_go();
  EXPECT_TRUE(server_->stop().has_value());
  expect_kept(ledger_.told(), rows());
}

/// Sends one postback on each connection at the same time; how many were answered 200 (noted) and 503.
std::pair<unsigned, unsigned> send_together(std::vector<testing::RawClient>& clients, Ledger& ledger,
                                            const std::string& click, unsigned round) {
  const auto sent = [&](std::size_t n) { return SentPostback{click, std::to_string(round) + "-" + std::to_string(n)}; };
  for (std::size_t n = 0; n < clients.size(); ++n)
    clients[n].send(testing::request_text("GET", postback_target(sent(n))));
  std::pair<unsigned, unsigned> answered{0, 0};
  for (std::size_t n = 0; n < clients.size(); ++n) {
    const auto answer = clients[n].read_response();
    if (answer.status == 200) {
      const auto json = nlohmann::json::parse(answer.body);
      ledger.conversion({sent(n), json.at("conversion_id"), json.at("postback_id")});
      ++answered.first;
    } else {
      expect_refused(answer);
      ++answered.second;
    }
  }
  return answered;
}

TEST_F(StoreTrouble, FailedSyncRefusesEverythingWaitingAndEndsTheServerOnce) {
  start();
  std::vector<testing::RawClient> clients;
  for (int n = 0; n < 8; ++n) clients.emplace_back(port());
  disk_.fail_syncs_after(5);
  unsigned round = 0;
  while (send_together(clients, ledger_, ledger_.told().clicks.front(), round).second == 0) ASSERT_LT(++round, 100U);
  // A second call of the callback would break its promise and end this test.
  EXPECT_EQ(to_string(server_->wait_for_fatal().code), to_string(ErrorCode::store_sync_failed));
  const auto syncs = disk_.syncs();
  disk_.fail_syncs_after(FaultVfs::kForEver);
  EXPECT_EQ(send_together(clients, ledger_, ledger_.told().clicks.front(), ++round).second, clients.size());
  EXPECT_TRUE(click_id_of(get(port(), "/c/summer"), ledger_)) << "the visitor is not shown our trouble";
  EXPECT_FALSE(ready());
  EXPECT_GT(metric(port(), "clicks_unrecorded_total"), 0U);
  EXPECT_EQ(disk_.syncs(), syncs) << "a sync was tried again after one failed";
  clients.clear();
  const auto stopped = server_->stop();
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(to_string(stopped.error().code), to_string(ErrorCode::store_sync_failed));
  server_->restart();
  EXPECT_TRUE(ready());
  expect_kept(ledger_.told(), rows());
}

TEST(StoreTroubleProcess, AWriteThatTheSystemRefusesEndsItWithStatusOne) {
  const TemporaryDirectory directory;
  const auto database = directory.file("store.db");
  Ledger ledger;
  // Files that may not grow: writes fail with EFBIG instead of the signal, which the program inherits as ignored.
  ::signal(SIGXFSZ, SIG_IGN);
  Serving server(database);
  put_example_catalog(server.port);
  const auto click = click_id_of(get(server.port, "/c/summer"), ledger);
  ASSERT_TRUE(click);
  ledger.click(*click);
  constexpr rlim_t kLargestFile = 64 * 1024;
  const rlimit limit{kLargestFile, RLIM_INFINITY};
  ASSERT_EQ(::prlimit(server.process.pid(), RLIMIT_FSIZE, &limit, nullptr), 0);
  bool refused = false;
  for (int n = 0; n < 200 && !refused; ++n) {
    const SentPostback sent{*click, std::to_string(n)};
    try {
      const auto answer = get(server.port, postback_target(sent));
      refused = answer.status == 503;
      const auto json = nlohmann::json::parse(answer.body);
      if (answer.status == 200) ledger.conversion({sent, json.at("conversion_id"), json.at("postback_id")});
    } catch (const std::exception&) {
      break;  // A checkpoint met the limit first, and the process has ended.
    }
  }
  EXPECT_EQ(server.process.wait_for_end().exit_code, 1);
  EXPECT_NE(server.process.output().find("store_sync_failed"), std::string::npos) << server.process.output();
  const Serving again(database);
  expect_kept(ledger.told(), read_rows(database));
}

}  // namespace
}  // namespace postback::fault

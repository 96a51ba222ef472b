// Starting, stopping and starting again: what was acknowledged is there, and what stands in the way is said.
#include "support/server_process.hpp"
#include "support/serving_check.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

/// Everything the log of clicks holds.
std::set<std::string> stored_clicks(const TestServer& server) {
  std::set<std::string> ids;
  std::string cursor;
  for (;;) {
    const auto page = server.get_json("/api/v1/clicks?limit=1000" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& item : page.at("items")) ids.insert(item.at("id").get<std::string>());
    if (page.at("next").is_null()) return ids;
    cursor = page.at("next").get<std::string>();
  }
}

/// Visitors that click on one connection until it ends; the IDs they were given.
class Visitors {
 public:
  Visitors(std::uint16_t port, std::size_t count) : ids_(count) {
    for (auto& ids : ids_) threads_.emplace_back([this, port, &ids] { click(port, ids); });
  }
  void wait_for_answers(std::uint64_t count) const {
    while (answered_.load() < count && ended_.load() < threads_.size()) answered_.wait(answered_.load());
  }
  std::set<std::string> end() {
    for (auto& thread : threads_) thread.join();
    std::set<std::string> all;
    for (const auto& ids : ids_) all.insert(ids.begin(), ids.end());
    return all;
  }

 private:
  void click(std::uint16_t port, std::vector<std::string>& ids) {
    try {
      RawClient client(port);
      const auto bytes = request_text("GET", "/c/summer") + request_text("GET", "/c/summer");
      for (;;) {
        client.send(bytes);
        for (int i = 0; i < 2; ++i) {
          const auto answer = client.read_response();
          EXPECT_EQ(answer.status, 302) << answer.head;
          ids.push_back(query_value(answer.header("Location").value_or(""), "sub1"));
          ++answered_;
          answered_.notify_all();
        }
      }
    } catch (const std::runtime_error&) {
      // the server closed: what was answered until then counts
    }
    ++ended_;
    ++answered_;
    answered_.notify_all();
  }
  std::vector<std::vector<std::string>> ids_;
  std::atomic<std::uint64_t> answered_{0};
  std::atomic<std::uint64_t> ended_{0};
  std::vector<std::thread> threads_;
};

class Process : public ::testing::Test {
 protected:
  /// Runs the binary with the arguments and expects it to end by itself with 1; what it said.
  static std::string failed_start(const std::vector<std::string>& arguments) {
    ServerProcess process(POSTBACK_BINARY, arguments);
    const auto end = process.wait_for_end();
    EXPECT_EQ(end.exit_code, 1) << "signal " << end.signal << ": " << process.output();
    return process.output();
  }
  std::string store_file() const { return (directory.path() / "t.db").string(); }

  TemporaryDirectory directory;
};

TEST(Restart, EverythingIsThere) {
  TestServer server;
  const auto token = server.example_catalog();
  const auto id = server.click("zone=z1&cid=E1");
  const auto postback = request_text("GET", "/postback/acme?txid=1&payout=2&token=" + token + "&click_id=" + id);
  EXPECT_NE(server.exchange(postback).body.find("\"converted\""), std::string::npos);
  server.restart();
  EXPECT_EQ(server.get_json("/api/v1/clicks/" + id).at("sub1"), "z1");
  EXPECT_EQ(server.get_json("/api/v1/networks/acme").at("token"), token);
  EXPECT_EQ(server.get_json("/api/v1/postbacks").at("items").size(), 1U);
  EXPECT_NE(server.exchange(postback).body.find("\"duplicate\""), std::string::npos);
  EXPECT_EQ(server.get_json("/api/v1/conversions").at("items").size(), 1U);
  EXPECT_NE(server.click(), id);
}

TEST(Restart, WhatWasAnsweredUnderLoadIsThere) {
  TestServer server([](AppOptions& options) { options.io_threads = 2; });
  server.example_catalog();
  Visitors visitors(server.port(), 6);
  visitors.wait_for_answers(300);
  ASSERT_TRUE(server.stop());
  const auto answered = visitors.end();
  EXPECT_GE(answered.size(), 300U);
  server.restart();
  const auto stored = stored_clicks(server);
  for (const auto& id : answered) ASSERT_TRUE(stored.contains(id)) << id;
}

TEST_F(Process, SigtermUnderLoadEndsWithZeroAndKeepsEveryAnsweredClick) {
  std::set<std::string> answered;
  TestServer server;
  server.example_catalog();
  const auto file = server.store_file();
  ASSERT_TRUE(server.stop());
  {
    ServerProcess process(POSTBACK_BINARY, ServerProcess::serve(file));
    const auto port = process.wait_until_listening();
    Visitors visitors(port, 6);
    visitors.wait_for_answers(300);
    process.signal(SIGTERM);
    const auto end = process.wait_for_end();
    EXPECT_EQ(end.exit_code, 0) << "signal " << end.signal << ": " << process.output();
    answered = visitors.end();
  }
  EXPECT_GE(answered.size(), 300U);
  server.restart();
  const auto stored = stored_clicks(server);
  for (const auto& id : answered) ASSERT_TRUE(stored.contains(id)) << id;
}

TEST_F(Process, ASecondSignalEndsItAtOnce) {
  ServerProcess process(POSTBACK_BINARY, ServerProcess::serve(store_file()));
  RawClient client(process.wait_until_listening());
  client.send("POST /postback/acme HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n");  // under way: it is waited for
  process.signal(SIGTERM);
  process.wait_for_output("app.stopping");
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait_for_end().signal, SIGTERM) << process.output();
}

TEST_F(Process, APortInUseIsNamedBeforeTheStoreIsTouched) {
  const TestServer other;
  const auto address = "127.0.0.1:" + std::to_string(other.port());
  const auto said = failed_start({"serve", "--listen", address, "--store", "sqlite://" + store_file()});
  EXPECT_NE(said.find("bind " + address + ": Address already in use"), std::string::npos) << said;
  EXPECT_FALSE(std::filesystem::exists(store_file()));
}

TEST_F(Process, ABadAddressOrStoreIsNamed) {
  const auto store = "sqlite://" + store_file();
  for (const auto* address : {"127.0.0.1", "999.0.0.1:80", "localhost:80", "127.0.0.1:65536", "127.0.0.1:", "::1:80"}) {
    SCOPED_TRACE(address);
    const auto said = failed_start({"serve", "--listen", address, "--store", store});
    EXPECT_NE(said.find(std::string("\"") + address + "\""), std::string::npos) << said;
  }
  EXPECT_NE(failed_start({"serve", "--listen", "192.0.2.1:80", "--store", store}).find("bind 192.0.2.1:80: "),
            std::string::npos);
  for (const auto* url : {"mysql://x", "t.db", "sqlite://"}) {
    SCOPED_TRACE(url);
    EXPECT_NE(failed_start({"serve", "--listen", "127.0.0.1:0", "--store", url}).find("sqlite:"), std::string::npos);
  }
  EXPECT_FALSE(std::filesystem::exists(store_file()));
}

TEST_F(Process, ADirectoryThatCannotBeIsNamed) {
  const auto file = (directory.path() / "file").string();
  std::ofstream(file) << "not a directory";
  const auto said = failed_start(ServerProcess::serve(file + "/sub/t.db"));
  EXPECT_NE(said.find(file), std::string::npos) << said;
  EXPECT_NE(said.find("Not a directory"), std::string::npos) << said;
}

TEST_F(Process, AFileThatIsNoDatabaseIsLeftAlone) {
  const std::string text =
      "These are the family photographs, not a database; they are longer than a header of SQLite is.";
  std::ofstream(store_file()) << text;
  const auto said = failed_start(ServerProcess::serve(store_file()));
  EXPECT_NE(said.find(store_file()), std::string::npos) << said;
  std::string kept;
  std::getline(std::ifstream(store_file()), kept);
  EXPECT_EQ(kept, text);
}

TEST_F(Process, ASecondInstanceIsToldWhoHasTheStore) {
  ServerProcess first(POSTBACK_BINARY, ServerProcess::serve(store_file()));
  first.wait_until_listening();
  const auto said = failed_start(ServerProcess::serve(store_file()));
  EXPECT_NE(said.find(store_file()), std::string::npos) << said;
  EXPECT_NE(said.find("in use by pid " + std::to_string(first.pid())), std::string::npos) << said;
}

TEST_F(Process, AMissingDirectoryIsMade) {
  ServerProcess process(POSTBACK_BINARY, ServerProcess::serve((directory.path() / "a" / "b" / "t.db").string()));
  RawClient client(process.wait_until_listening());
  client.send(request_text("GET", "/readyz"));
  EXPECT_EQ(client.read_response().status, 200);
}

TEST_F(Process, WithFewDescriptorsIdleConnectionsGiveWayAndNothingSpins) {
  const auto few_descriptors = [] {
    const rlimit limit{64, 64};
    ::setrlimit(RLIMIT_NOFILE, &limit);
  };
  ServerProcess process(POSTBACK_BINARY, ServerProcess::serve(store_file()), few_descriptors);
  const auto port = process.wait_until_listening();
  std::vector<RawClient> idle;
  for (int i = 0; i < 200; ++i) idle.emplace_back(port);
  RawClient probe(port);
  probe.send(request_text("GET", "/readyz"));
  EXPECT_EQ(probe.read_response().status, 200);
  process.signal(SIGTERM);
  const auto end = process.wait_for_end();
  EXPECT_EQ(end.exit_code, 0) << process.output();
  EXPECT_EQ(process.output().find("accept_failed"), std::string::npos) << "descriptors are kept in reserve";
}

}  // namespace
}  // namespace postback::testing

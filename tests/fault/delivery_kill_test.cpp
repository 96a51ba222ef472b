// kill -9 while deliveries are due, again and again: each arrives, under one idempotency key.
#include "serving.hpp"
#include "support/delivery_receiver.hpp"
#include "support/eventually.hpp"
#include "support/seed.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_server.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <signal.h>

#include <map>
#include <random>
#include <set>
#include <thread>

namespace postback::fault {
namespace {

using testing::DeliveryReceiver;
using testing::RawClient;
using testing::request_text;
using testing::ServerProcess;

constexpr std::size_t kClicks = 2'500;
constexpr std::size_t kDestinations = 4;
constexpr std::size_t kDeliveries = kClicks * kDestinations;

class DeliveryKill : public ::testing::Test {
 protected:
  /// A life of the server; with sending switched off, what is due piles up.
  struct Life {
    explicit Life(std::vector<std::string> arguments)
        : process(POSTBACK_BINARY, arguments), port(process.wait_until_listening()) {}
    void kill() {
      process.signal(SIGKILL);
      EXPECT_EQ(process.wait_for_end().signal, SIGKILL);
    }
    ServerProcess process;
    std::uint16_t port;
  };
  std::vector<std::string> arguments(const std::string& enabled) {
    const auto file = directory_.file(enabled + ".json");
    write_file(file, R"({"delivery":{"enabled":")" + enabled + R"(","allow_private_networks":["127.0.0.0/8"]}})");
    auto all = ServerProcess::serve(database_);
    all.insert(all.end(), {"--config", file});
    return all;
  }
  void put_destinations(std::uint16_t port) {
    RawClient client(port);
    for (std::size_t n = 0; n < kDestinations; ++n) {
      const auto name = "d" + std::to_string(n);
      const nlohmann::json document{{"name", name},
                                    {"profile", "generic"},
                                    {"trigger", "click"},
                                    {"method", "GET"},
                                    {"url", receiver_.url("/" + name + "?click={clickid}")}};
      client.send(
          request_text("PUT", "/api/v1/destinations/" + name, testing::TestServer::kKeyHeader, document.dump()));
      const auto answer = client.read_response();
      ASSERT_EQ(answer.status, 201) << answer.body;
    }
  }
  void make_them_due() {
    Life life(arguments("off"));
    put_example_catalog(life.port);
    put_destinations(life.port);
    RawClient client(life.port);
    for (std::size_t n = 0; n < kClicks; ++n) {
      client.send(request_text("GET", "/c/summer"));
      ASSERT_EQ(client.read_response().status, 302);
    }
    life.kill();
  }
  /// Lets a life send `count` more, then kills it at some moment off the beat of the answers.
  void live_and_die(std::size_t count) {
    Life life(arguments("on"));
    const auto goal = receiver_.count() + count;
    EXPECT_TRUE(eventually([&] { return receiver_.count() >= goal; }, std::chrono::seconds{60})) << "it stands still";
    const auto moment = std::chrono::steady_clock::now() + std::chrono::microseconds{random_() % 3'000};
    while (std::chrono::steady_clock::now() < moment) std::this_thread::yield();
    life.kill();
  }
  std::size_t distinct_keys() const {
    std::set<std::string> keys;
    for (const auto& request : receiver_.requests()) keys.insert(request.header("Idempotency-Key"));
    return keys.size();
  }

  TemporaryDirectory directory_;
  const std::string database_ = directory_.file("store.db");
  DeliveryReceiver receiver_;
  std::mt19937_64 random_{printed_seed()};
};

TEST_F(DeliveryKill, EachArrivesAtLeastOnceUnderOneKey) {
  const auto rounds = number_from_environment("POSTBACKD_TEST_ROUNDS", 30);
  make_them_due();
  EXPECT_EQ(receiver_.count(), 0U);
  for (std::uint64_t round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    live_and_die(1 + random_() % (2 * kDeliveries / 3 / rounds));
  }
  Life life(arguments("on"));
  EXPECT_TRUE(eventually([&] { return receiver_.count() >= kDeliveries && distinct_keys() >= kDeliveries; },
                         std::chrono::seconds{120}));
  // What the last life had under way is answered; a repeat would come at once.
  life.process.signal(SIGTERM);
  EXPECT_EQ(life.process.wait_for_end().exit_code, 0);

  std::map<std::string, std::set<std::string>> keys_by_line;
  for (const auto& request : receiver_.requests()) keys_by_line[request.line].insert(request.header("Idempotency-Key"));
  EXPECT_EQ(distinct_keys(), kDeliveries) << "who deduplicates counts each once";
  EXPECT_EQ(keys_by_line.size(), kDeliveries) << "of each click to each destination";
  for (const auto& [line, keys] : keys_by_line) EXPECT_EQ(keys.size(), 1U) << line;
  std::cout << receiver_.count() - kDeliveries << " of them twice" << std::endl;
  EXPECT_LE(receiver_.count(), kDeliveries + rounds * 32) << "no more than were under way or not noted";
}

}  // namespace
}  // namespace postback::fault

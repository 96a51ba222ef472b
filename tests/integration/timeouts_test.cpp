// Deadlines: a peer that is too slow is told so or closed, and nobody else notices. Time is the test's own.
#include "support/eventually.hpp"
#include "support/fake_clock.hpp"
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace postback::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Timeouts : public ::testing::Test {
 protected:
  Timeouts() { server.example_catalog(); }
  /// Time passes once the server has seen what was sent.
  void pass(milliseconds time) {
    server.settle();
    clock.advance(time);
  }
  /// The figure `postbackd_connections_open`, which counts the asking connection too.
  static std::string open_connections(const TestServer& asked) {
    const auto body = asked.get("/metrics").body;
    const std::string name = "\npostbackd_connections_open ";
    const auto at = body.find(name) + name.size();
    return body.substr(at, body.find('\n', at) - at);
  }

  FakeClock clock;
  TestServer server{{}, &clock};
};

TEST_F(Timeouts, AHeaderThatDoesNotEndIsAnswered408) {
  auto client = server.connect();
  client.send("GET /c/summer HTTP/1.1\r\nHost: h\r\n");
  pass(seconds{10});
  const auto answer = client.read_response();
  EXPECT_EQ(answer.status, 408);
  EXPECT_EQ(answer.header("Connection"), "close");
  expect_well_formed(answer);
  EXPECT_TRUE(client.is_closed());
  expect_still_serving(server);
}

TEST_F(Timeouts, TheHeadersTimeIsAbsoluteNotPerRead) {
  auto slow = server.connect();
  slow.send("GET /c/summer HTTP/1.1\r\nHost: h\r\n");
  for (int second = 1; second < 10; ++second) {
    pass(seconds{1});
    slow.send("X");  // it keeps sending
  }
  server.settle();
  EXPECT_FALSE(slow.has_input());
  pass(seconds{1});
  EXPECT_EQ(slow.read_response().status, 408);
}

TEST_F(Timeouts, ABodyThatDoesNotEndIsAnswered408AndNotStored) {
  auto client = server.connect();
  client.send("POST /postback/acme HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\ntoken=");
  auto chunked = server.connect();
  chunked.send("POST /postback/acme HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ntoken\r\n");
  for (int i = 0; i < 29; ++i) {
    pass(seconds{1});
    client.send("x");
  }
  server.settle();
  EXPECT_FALSE(client.has_input());
  EXPECT_FALSE(chunked.has_input());
  pass(seconds{1});
  EXPECT_EQ(client.read_response().status, 408);
  EXPECT_EQ(chunked.read_response().status, 408);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(server.get_json("/api/v1/postbacks").at("items").size(), 0U);
}

TEST_F(Timeouts, ARequestMayTakeItsTime) {
  auto client = server.connect();
  client.send("GET /c/summer?zone=slow HTTP/1.1\r\n");
  pass(milliseconds{9'500});
  server.settle();
  client.send("Host: h\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 302);
}

TEST_F(Timeouts, IdleConnectionsAreClosedSilently) {
  auto used = server.connect();
  used.send(request_text("GET", "/c/summer"));
  EXPECT_EQ(used.read_response().status, 302);
  auto unused = server.connect();
  pass(seconds{10});
  EXPECT_TRUE(unused.is_closed()) << "a connection that never asked has the time of a header";
  used.send(request_text("GET", "/c/summer"));  // 10 s idle are fine
  EXPECT_EQ(used.read_response().status, 302);
  pass(seconds{60});
  EXPECT_TRUE(used.is_closed());
  expect_still_serving(server);
}

TEST_F(Timeouts, IdleConnectionsHaveASixthOfTheirTimeWhenMostAreTaken) {
  TestServer crowded([](AppOptions& options) { options.server.connections = 10; }, &clock);
  std::vector<RawClient> clients;
  for (int i = 0; i < 9; ++i) {
    clients.push_back(crowded.connect());
    clients.back().send(request_text("GET", "/healthz"));
    EXPECT_EQ(clients.back().read_response().status, 200);
  }
  crowded.settle();
  clock.advance(seconds{10});
  EXPECT_TRUE(clients.back().is_closed());
}

TEST_F(Timeouts, AClientThatDoesNotReadIsClosed) {
  // Only the time to take an answer runs out here.
  const auto wait_long = [](AppOptions& options) {
    options.server.header_timeout = options.server.idle_timeout = seconds{3600};
  };
  TestServer patient(wait_long, &clock);
  patient.example_catalog();
  auto filler = patient.connect();
  for (int i = 0; i < 100; ++i) {
    filler.send(request_text("GET", "/postback/acme?token=x&a=" + std::string(8000, 'a')));
    ASSERT_EQ(filler.read_response().status, 403);
  }
  std::string requests;  // 16 pages of about 800 KB are more than any socket buffer takes
  for (int i = 0; i < 16; ++i) requests += request_text("GET", "/api/v1/postbacks?limit=1000", TestServer::kKeyHeader);
  auto deaf = patient.connect();
  deaf.limit_receive_buffer(4096);
  deaf.send(requests);
  while (!deaf.has_input()) patient.settle();  // its answers are under way
  EXPECT_EQ(open_connections(patient), "3") << "filler, deaf and the asking one";
  clock.advance(seconds{10});
  eventually([&] { return open_connections(patient) == "2"; });
  EXPECT_EQ(open_connections(patient), "2");
  expect_still_serving(patient);
}

TEST_F(Timeouts, AnErrorAnswerIsFollowedByALimitedLinger) {
  auto client = server.connect();
  client.send("nonsense\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 400);
  EXPECT_TRUE(client.is_closed());
  client.send(std::string(1000, 'x'));  // read past, not answered
  pass(seconds{2});
  eventually([&] { return open_connections(server) == "1"; });
  EXPECT_EQ(open_connections(server), "1");
}

TEST_F(Timeouts, AClockThatJumpsBreaksNothing) {
  std::vector<std::string> ids{server.click()};
  const auto newest_time = [&] {
    return server.get_json("/api/v1/clicks/" + ids.back()).at("time").get<std::string>();
  };
  auto idle = server.connect();
  idle.send(request_text("GET", "/healthz"));
  EXPECT_EQ(idle.read_response().status, 200);
  for (const auto& [step, day] : std::vector<std::pair<std::chrono::hours, std::string>>{
           {std::chrono::hours{24 * 400}, "2027-02-19"}, {std::chrono::hours{-24 * 400 - 2}, "2026-01-15"}}) {
    clock.step(step);
    ids.push_back(server.click());
    // The spare node number is taken between batches, so the next IDs follow the clock at the latest.
    clock.advance(milliseconds{1100});
    for (int i = 0; i < 3; ++i) ids.push_back(server.click());
    EXPECT_EQ(newest_time().substr(0, 10), day);
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end());
  idle.send(request_text("GET", "/healthz"));  // deadlines run on the other clock
  EXPECT_EQ(idle.read_response().status, 200);
}

}  // namespace
}  // namespace postback::testing

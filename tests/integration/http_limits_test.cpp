// Limits: what is too long or too much gets its status and an end, what is just within them is served.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

class HttpLimits : public SharedServer<HttpLimits> {};

std::string click_with_target_length(std::size_t request_line_bytes) {
  const std::string start = "GET /c/summer?zone=";
  const std::string end = " HTTP/1.1";
  return start + std::string(request_line_bytes - start.size() - end.size(), 'x') + end + "\r\nHost: h\r\n\r\n";
}

/// A click whose header block, from the end of the request line to its empty line, has this length.
std::string click_with_header_bytes(std::size_t bytes) {
  const std::string start = "\r\nHost: h\r\nX-Long: ";
  const std::string end = "\r\n\r\n";
  return "GET /c/summer HTTP/1.1" + start + std::string(bytes - start.size() - end.size(), 'x') + end;
}

std::string click_with_fields(std::size_t fields) {
  std::string bytes = "GET /c/summer HTTP/1.1\r\nHost: h\r\n";
  for (std::size_t i = 1; i < fields; ++i) bytes += "X-" + std::to_string(i) + ": y\r\n";
  return bytes + "\r\n";
}

struct Row {
  const char* name;
  std::string bytes;
  int status;
  bool closes;
};

TEST_F(HttpLimits, OfRequestLineAndHeader) {
  const std::vector<Row> rows = {
      {"request line of 8 KiB", click_with_target_length(8192), 302, false},
      {"request line of 8 KiB + 1", click_with_target_length(8193), 414, true},
      {"target of 100 KB", click_with_target_length(100'000), 414, true},
      {"header of 16 KiB", click_with_header_bytes(16 * 1024), 302, false},
      {"header of 16 KiB + 1", click_with_header_bytes(16 * 1024 + 1), 431, true},
      {"header of 100 KB", click_with_header_bytes(100'000), 431, true},
      {"100 fields", click_with_fields(100), 302, false},
      {"101 fields", click_with_fields(101), 431, true},
      {"10,000 fields", click_with_fields(10'000), 431, true},
      {"method of 100 KB", std::string(100'000, 'M') + " / HTTP/1.1\r\nHost: h\r\n\r\n", 400, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    auto client = server().connect();
    client.send(row.bytes);
    const auto answer = client.read_response();
    EXPECT_EQ(answer.status, row.status) << answer.head.substr(0, 200) << answer.body;
    EXPECT_EQ(answer.header("Connection").value_or("") == "close", row.closes);
    expect_well_formed(answer);
    if (row.closes) {
      EXPECT_TRUE(client.is_closed());
    }
    expect_still_serving(server());
  }
}

TEST_F(HttpLimits, TooLongIsToldBeforeTheEndIsThere) {
  const std::vector<Row> rows = {
      {"request line without end", "GET /" + std::string(9000, 'x'), 414, true},
      {"header without end", "GET / HTTP/1.1\r\nX: " + std::string(17'000, 'x'), 431, true},
      {"no method", std::string(9000, 'x'), 400, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    auto client = server().connect();
    client.send(row.bytes);
    EXPECT_EQ(client.read_response().status, row.status);
    EXPECT_TRUE(client.is_closed());
  }
}

TEST_F(HttpLimits, OfBodies) {
  const auto chunked = [](std::size_t size) {
    char hex[20];
    std::snprintf(hex, sizeof hex, "%zx", size);
    return "POST /postback/acme HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
           "Content-Type: application/x-www-form-urlencoded\r\n\r\n" +
           std::string(hex) + "\r\n" + std::string(size, 'x') + "\r\n0\r\n\r\n";
  };
  const auto form = [](std::string_view target, std::size_t size) {
    return request_text("POST", target, "Content-Type: application/x-www-form-urlencoded\r\n", std::string(size, 'x'));
  };
  const auto key = TestServer::kKeyHeader;
  const std::vector<Row> rows = {
      {"postback of 64 KiB", form("/postback/acme", 65'536), 401, false},
      {"postback of 64 KiB + 1", form("/postback/acme", 65'537), 413, true},
      {"postback of 64 KiB + 1 to an unknown network", form("/postback/nobody", 65'537), 404, true},
      {"chunked postback of 64 KiB", chunked(65'536), 401, false},
      {"chunked postback of 64 KiB + 1", chunked(65'537), 413, true},
      {"announced, never sent", "POST /postback/acme HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999999\r\n\r\n", 413,
       true},
      {"object of 1 MiB", request_text("PUT", "/api/v1/networks/big", key, std::string(1 << 20, ' ')), 400, false},
      {"object of 1 MiB + 1", request_text("PUT", "/api/v1/networks/big", key, std::string((1 << 20) + 1, ' ')), 413,
       true},
      {"body where none belongs", request_text("GET", "/api/v1/networks", key, "x"), 413, true},
      {"body at no address", request_text("POST", "/nowhere", {}, "x"), 404, false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    auto client = server().connect();
    client.send(row.bytes);
    const auto answer = client.read_response();
    EXPECT_EQ(answer.status, row.status) << answer.body;
    EXPECT_EQ(answer.header("Connection").value_or("") == "close", row.closes);
    expect_well_formed(answer);
    expect_still_serving(server());
  }
}

TEST_F(HttpLimits, AContinueIsSentForABodyThatIsWelcome) {
  auto client = server().connect();
  const auto head = [](std::size_t length) {
    return "POST /postback/acme HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Type: "
           "application/x-www-form-urlencoded\r\nContent-Length: " +
           std::to_string(length) + "\r\n\r\n";
  };
  client.send(request_text("GET", "/c/summer") + head(7));
  EXPECT_EQ(client.read_response().status, 302);  // what came before is answered before
  EXPECT_EQ(client.read_response().status, 100);
  client.send("token=x");
  EXPECT_EQ(client.read_response().status, 403);
  client.send(head(100'000));
  EXPECT_EQ(client.read_response().status, 413);
  EXPECT_TRUE(client.is_closed());
}

TEST(HttpLimitsOfItsOwn, BeyondTheMostConnectionsTheIdleGiveWay) {
  TestServer server([](AppOptions& options) { options.server.connections = 8; });
  server.example_catalog();
  std::vector<RawClient> idle;
  for (int i = 0; i < 20; ++i) idle.push_back(server.connect());
  expect_still_serving(server);
}

TEST(HttpLimitsOfItsOwn, ManyIdleConnectionsDisturbNobody) {
  TestServer server;
  server.example_catalog();
  std::vector<RawClient> idle;
  for (int i = 0; i < 400; ++i) idle.push_back(server.connect());
  server.settle();
  EXPECT_NE(server.get("/metrics").body.find("\npostbackd_connections_open 401\n"), std::string::npos);
  expect_still_serving(server);
  for (auto& client : idle) {
    client.send(request_text("GET", "/c/summer"));
    ASSERT_EQ(client.read_response().status, 302);
  }
}

}  // namespace
}  // namespace postback::testing

// HttpClient's bounds: against the server, and against a peer that never answers.
#include "app/client/http_client.hpp"
#include "support/test_server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace postback::testing {
namespace {

/// Takes connections and says nothing.
class SilentPeer {
 public:
  SilentPeer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    auto* const place = reinterpret_cast<sockaddr*>(&address_);
    if (::bind(socket_, place, size) != 0 || ::listen(socket_, 8) != 0 || ::getsockname(socket_, place, &size) != 0)
      throw std::runtime_error("no silent peer");
  }
  ~SilentPeer() { ::close(socket_); }
  SilentPeer(const SilentPeer&) = delete;
  SilentPeer& operator=(const SilentPeer&) = delete;
  std::string url() const { return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }

 private:
  int socket_;
  sockaddr_in address_{};
};

TEST(HttpClient, TakesAnAnswerAsItIs) {
  const TestServer server;
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port());
  HttpClient client;
  for (int i = 0; i < 2; ++i) {  // the second over the same connection
    const auto answer = client.send({.url = url + "/healthz"});
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->status, 200);
    EXPECT_TRUE(answer->header("content-type"));
    EXPECT_FALSE(answer->header("Location"));
  }
  server.example_catalog();
  const auto redirect = client.send({.url = url + "/c/summer"});
  ASSERT_TRUE(redirect) << redirect.error().detail;
  EXPECT_EQ(redirect->status, 302) << "not followed";
  EXPECT_TRUE(redirect->header("LOCATION").value_or("").starts_with("https://offer.example/"));
  const auto posted = client.send({.method = "POST", .url = url + "/postback/none", .body = "a=1"});
  ASSERT_TRUE(posted) << posted.error().detail;
  EXPECT_EQ(posted->status, 404);
}

TEST(HttpClient, StaysWithinItsBounds) {
  const TestServer server;
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port());
  const SilentPeer silent;
  struct Row {
    const char* name;
    ClientLimits limits;
    ClientRequest request;
    ErrorCode code;
  };
  const Row rows[] = {
      {"too large", {.body_bytes = 10}, {.url = url + "/metrics"}, ErrorCode::io_failed},
      {"silent", {.total = std::chrono::milliseconds{100}}, {.url = silent.url()}, ErrorCode::deadline_exceeded},
      {"nobody", {}, {.url = "http://127.0.0.1:1"}, ErrorCode::io_failed},
      {"another scheme", {}, {.url = "file:///etc/hostname"}, ErrorCode::invalid_argument},
      {"no URL", {}, {.url = ""}, ErrorCode::invalid_argument},
      {"a line end", {}, {.url = url, .headers = {{"X-A", "1\r\nX-B: 2"}}}, ErrorCode::invalid_argument},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    HttpClient client(row.limits);
    const auto answer = client.send(row.request);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, row.code) << answer.error().detail;
    EXPECT_NE(answer.error().detail, "");
  }
}

}  // namespace
}  // namespace postback::testing

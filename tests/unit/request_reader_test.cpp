// Reading requests: heads that come in any pieces, what a good head says, and chunked bodies.
#include "net/request_reader.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback::net {
namespace {

const ServerLimits kLimits;

/// Feeds `bytes` one by one; the length found, or the status it was refused with, negative.
int find_bytewise(std::string_view bytes) {
  std::size_t searched = 0;
  for (std::size_t length = 1; length <= bytes.size(); ++length) {
    std::optional<Refusal> refusal;
    const auto found = find_head(bytes.substr(0, length), kLimits, searched, refusal);
    if (refusal) return -refusal->status;
    if (found > 0) return static_cast<int>(found);
  }
  return 0;
}

int find_at_once(std::string_view bytes) {
  std::size_t searched = 0;
  std::optional<Refusal> refusal;
  const auto found = find_head(bytes, kLimits, searched, refusal);
  return refusal ? -refusal->status : static_cast<int>(found);
}

TEST(FindHead, TheSameWhetherItComesAtOnceOrByteByByte) {
  struct Row {
    const char* name;
    std::string bytes;
    int bytewise;
    int at_once;
  };
  const std::string sound = "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n";
  const auto length = static_cast<int>(sound.size());
  const std::vector<Row> rows = {
      {"sound", sound, length, length},
      {"sound and more", sound + "GET / HT", length, length},
      {"incomplete", sound.substr(0, sound.size() - 1), 0, 0},
      {"nothing", "", 0, 0},
      {"bare line feed", "GET / HTTP/1.1\nHost", -400, -400},
      {"bare line feed in a header", "GET / HTTP/1.1\r\nHost: h\nA", -400, -400},
      {"bare carriage return", "GET / HTTP/1.1\r\nHost: h\rA", -400, -400},
      {"folded line", "GET / HTTP/1.1\r\nHost: h\r\n A", -400, -400},
      {"control byte", "GET / HTTP/1.1\r\nHost: \x01", -400, -400},
      {"byte beyond ASCII in the request line", "GET /\xC3", -400, -400},
      {"byte beyond ASCII in a header", "GET / HTTP/1.1\r\nHost: \xC3", 0, 0},
      {"no HTTP version", "GET /\r\n", -400, -400},
      {"other version", "GET / HTTP/3.0\r\n", -505, -505},
      {"long target", "GET /" + std::string(9000, 'x'), -414, -414},
      {"long method", std::string(9000, 'x'), -400, -400},
      {"long header", "GET / HTTP/1.1\r\nA: " + std::string(17'000, 'x'), -431, -431},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(find_bytewise(row.bytes), row.bytewise);
    EXPECT_EQ(find_at_once(row.bytes), row.at_once);
  }
}

TEST(ParseHead, SaysHowToGoOn) {
  struct Row {
    const char* head;
    bool keep_alive;
    bool version_1_0;
    bool chunked;
    std::size_t content_length;
    bool expects_continue;
    bool asterisk;
    const char* path;
    const char* query;
  };
  const std::vector<Row> rows = {
      {"GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n", true, false, false, 0, false, false, "/a", "b=c"},
      {"GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", false, false, false, 0, false, false, "/a", ""},
      {"GET /a? HTTP/1.0\r\n\r\n", false, true, false, 0, false, false, "/a", ""},
      {"GET /a?b?c HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true, true, false, 0, false, false, "/a", "b?c"},
      {"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\n", true, false, false, 12, false, false, "/a", ""},
      {"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n", true, false, true, 0, false, false, "/a",
       ""},
      {"POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n", true, false, false, 1, true,
       false, "/a", ""},
      {"POST /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", false, true, false, 1, false, false,
       "/a", ""},
      {"GET http://other:80/a?b HTTP/1.1\r\nHost: h\r\n\r\n", true, false, false, 0, false, false, "/a", "b"},
      {"GET http://other HTTP/1.1\r\nHost: h\r\n\r\n", true, false, false, 0, false, false, "/", ""},
      {"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", true, false, false, 0, false, true, "", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.head);
    http::Request request;
    RequestHead head;
    const auto refusal = parse_head(row.head, kLimits, request, head);
    ASSERT_FALSE(refusal) << refusal->detail;
    EXPECT_EQ(head.length, std::string_view(row.head).size());
    EXPECT_EQ(head.keep_alive, row.keep_alive);
    EXPECT_EQ(head.version_1_0, row.version_1_0);
    EXPECT_EQ(head.chunked, row.chunked);
    EXPECT_EQ(head.content_length, row.content_length);
    EXPECT_EQ(head.expects_continue, row.expects_continue);
    EXPECT_EQ(head.asterisk, row.asterisk);
    EXPECT_EQ(request.path, row.path);
    EXPECT_EQ(request.query, row.query);
  }
}

TEST(ParseHead, HeadersAreViewsWithoutTheSpaceAround) {
  http::Request request;
  RequestHead head;
  constexpr std::string_view kHead = "GET / HTTP/1.1\r\nhost: h\r\nX-A: \t b c \t\r\nX-Empty:\r\n\r\n";
  ASSERT_FALSE(parse_head(kHead, kLimits, request, head));
  EXPECT_EQ(request.header("Host"), "h");
  EXPECT_EQ(request.header("x-a"), "b c");
  EXPECT_EQ(request.header("X-Empty"), "");
  EXPECT_EQ(request.header("X-None"), std::nullopt);
  EXPECT_EQ(request.headers_text, "host: h\r\nX-A: \t b c \t\r\nX-Empty:\r\n");
}

TEST(ChunkedBody, IsDecodedWhateverThePieces) {
  using State = ChunkedBody::State;
  struct Row {
    const char* name;
    std::string bytes;
    State state;
    const char* body;
  };
  const std::vector<Row> rows = {
      {"two chunks", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", State::done, "hello world"},
      {"extension and trailer", "5;a=b;c=\"d\"\r\nhello\r\n0;x\r\nTrailer: y\r\n\r\n", State::done, "hello"},
      {"leading zeros", "0005\r\nhello\r\n000\r\n\r\n", State::done, "hello"},
      {"line ends within", "4\r\n\r\n\r\n\r\n0\r\n\r\n", State::done, "\r\n\r\n"},
      {"nothing in it", "0\r\n\r\n", State::done, ""},
      {"not over", "5\r\nhel", State::more, "hel"},
      {"sixteen bytes", "10\r\n0123456789abcdef\r\n0\r\n\r\n", State::done, "0123456789abcdef"},
      {"seventeen bytes", "11\r\n0123456789abcdefg\r\n0\r\n\r\n", State::too_large, ""},
      {"sixteen and one", "10\r\n0123456789abcdef\r\n1\r\nx\r\n0\r\n\r\n", State::too_large, "0123456789abcdef"},
      {"not a number", "x\r\n0\r\n\r\n", State::malformed, ""},
      {"chunk too long", "4\r\nhello\r\n0\r\n\r\n", State::malformed, "hell"},
      {"bare line feed behind the size", "5\nhello\r\n", State::malformed, ""},
      {"bare line feed in the trailer", "0\r\nX: y\n\n", State::malformed, ""},
      {"endless size", std::string(5000, '0'), State::malformed, ""},
  };
  for (const auto& row : rows) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, row.bytes.size()}) {
      SCOPED_TRACE(std::string(row.name) + " in pieces of " + std::to_string(piece));
      ChunkedBody chunked(16);
      std::string body;
      std::string waiting;
      State state = State::more;
      for (std::size_t at = 0; at < row.bytes.size() && state == State::more; at += piece) {
        waiting += row.bytes.substr(at, piece);
        std::size_t consumed = 0;
        state = chunked.feed(waiting, body, consumed);
        waiting.erase(0, consumed);
      }
      EXPECT_EQ(state, row.state);
      EXPECT_EQ(body, row.body);
    }
  }
}

}  // namespace
}  // namespace postback::net

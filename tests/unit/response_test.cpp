// Responses as bytes, and the process's end when a header value would break them.
#include "postback/http/response.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback::http {
namespace {

constexpr std::string_view kDate = "Thu, 01 Jan 2026 00:00:00 GMT";

TEST(Response, IsWrittenAsBytes) {
  struct Row {
    const char* name;
    int status;
    const char* connection;
    bool head;
    const char* body;
    const char* type;
    const char* expected;
  };
  const Row rows[] = {
      {"redirect", 302, "", false, "", "",
       "HTTP/1.1 302 Found\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nX-A: b\r\nContent-Length: 0\r\n\r\n"},
      {"body", 200, "", false, "{}", "application/json",
       "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nX-A: b\r\nContent-Type: application/json\r\n"
       "Content-Length: 2\r\n\r\n{}"},
      {"head", 200, "close", true, "{}", "application/json",
       "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nConnection: close\r\nX-A: b\r\n"
       "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n"},
      {"204 has no length", 204, "keep-alive", false, "", "",
       "HTTP/1.1 204 No Content\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nConnection: keep-alive\r\nX-A: b\r\n\r\n"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    std::string out;
    ResponseWriter(out, kDate, row.connection, row.head, row.status).header("X-A", "b").finish(row.body, row.type);
    EXPECT_EQ(out, row.expected);
  }
}

TEST(Response, AppendsToWhatIsThere) {
  std::string out = "before";
  ResponseWriter(out, kDate, "", false, 404).finish("no");
  EXPECT_TRUE(out.starts_with("beforeHTTP/1.1 404 Not Found\r\n"));
}

TEST(Response, EveryStatusThatIsAnsweredHasItsPhrase) {
  for (const int status :
       {200, 201, 204, 302, 400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 417, 422, 429, 431, 500, 501, 503, 505})
    EXPECT_NE(reason_phrase(status), reason_phrase(999)) << status;
}

TEST(ResponseDeathTest, AHeaderValueThatEndsTheLineIsABug) {
  for (const std::string& value : {std::string("a\rb"), std::string("a\nb"), std::string("a\0b", 3)}) {
    EXPECT_DEATH(
        {
          std::string out;
          ResponseWriter(out, kDate, "", false, 302).header("Location", value);
        },
        "header value");
  }
}

}  // namespace
}  // namespace postback::http

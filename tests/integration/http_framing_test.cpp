// Framing: what is not exactly one well-formed HTTP/1.x request is refused, and what follows it is never read.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace postback::testing {
namespace {

using namespace std::string_literals;

class HttpFraming : public SharedServer<HttpFraming> {};

constexpr std::string_view kSmuggled = "GET /c/summer?zone=smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

struct Refused {
  const char* name;
  std::string bytes;
  int status = 400;
};

/// A click with these header lines instead of a plain Host.
std::string with_lines(std::string_view lines) { return "GET /c/summer HTTP/1.1\r\n" + std::string(lines) + "\r\n"; }
/// A postback of five bytes with these header lines besides Host.
std::string post_with(std::string_view lines, std::string_view body = "a=b&c") {
  return "POST /postback/acme HTTP/1.1\r\nHost: h\r\n" + std::string(lines) + "\r\n" + std::string(body);
}
std::string request_line(std::string_view line) { return std::string(line) + "\r\nHost: h\r\n\r\n"; }

std::vector<Refused> refused_lengths() {
  return {
      {"CL and TE", post_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"TE and CL", post_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},
      {"two different CL", post_with("Content-Length: 5\r\nContent-Length: 10\r\n")},
      {"two equal CL", post_with("Content-Length: 5\r\nContent-Length: 5\r\n")},
      {"CL list", post_with("Content-Length: 5, 5\r\n")},
      {"CL with sign", post_with("Content-Length: +5\r\n")},
      {"negative CL", post_with("Content-Length: -5\r\n")},
      {"CL in hex", post_with("Content-Length: 0x5\r\n")},
      {"empty CL", post_with("Content-Length: \r\n")},
      {"CL beyond 64 bits", post_with("Content-Length: 99999999999999999999999\r\n")},
      {"CL of 2^64+5", post_with("Content-Length: 18446744073709551621\r\n")},
      {"TE xchunked", post_with("Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n")},
      {"TE pigeons", post_with("Transfer-Encoding: pigeons\r\nContent-Length: 5\r\n")},
      {"TE identity", post_with("Transfer-Encoding: identity\r\nContent-Length: 5\r\n")},
      {"empty TE", post_with("Transfer-Encoding: \r\nContent-Length: 5\r\n")},
      {"TE chunked, gzip", post_with("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n")},
      {"TE gzip, chunked", post_with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
      {"TE chunked twice", post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"TE with vertical tab", post_with("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n")},
      {"TE on HTTP/1.0", "POST /postback/acme HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
  };
}

std::vector<Refused> refused_header_lines() {
  return {
      {"folded line", with_lines("Host: h\r\nX-A: b\r\n c\r\n")},
      {"folded first line", with_lines(" X: y\r\nHost: h\r\n")},
      {"space before colon", with_lines("Host : h\r\n")},
      {"line without colon", with_lines("Host: h\r\nnonsense\r\n")},
      {"empty name", with_lines("Host: h\r\n: x\r\n")},
      {"space in name", with_lines("Host: h\r\nX A: b\r\n")},
      {"NUL in value", with_lines("Host: h\r\nX-A: a\0b\r\n"s)},
      {"control in value", with_lines("Host: h\r\nX-A: a\x01"
                                      "b\r\n")},
      {"DEL in value", with_lines("Host: h\r\nX-A: a\x7F"
                                  "b\r\n")},
      {"bare CR in value", with_lines("Host: h\r\nX-A: a\rb\r\n")},
      {"bare LF ends a line", with_lines("Host: h\nX-A: b\r\n")},
      {"bare LF everywhere", "GET /c/summer HTTP/1.1\nHost: h\n\n"},
  };
}

std::vector<Refused> refused_hosts() {
  return {
      {"no Host", with_lines("")},
      {"two Host, equal", with_lines("Host: h\r\nHost: h\r\n")},
      {"two Host, different", with_lines("Host: h\r\nHost: other\r\n")},
      {"empty Host", with_lines("Host: \r\n")},
      {"Host with user", with_lines("Host: user@h\r\n")},
      {"Host with path", with_lines("Host: h/path\r\n")},
      {"Host list", with_lines("Host: h, other\r\n")},
      {"Host with space", with_lines("Host: h other\r\n")},
      {"Host with two ports", with_lines("Host: h:1:2\r\n")},
      {"Host with word as port", with_lines("Host: h:http\r\n")},
      {"Host is a port only", with_lines("Host: :80\r\n")},
      {"Host with open bracket", with_lines("Host: [::1\r\n")},
  };
}

std::vector<Refused> refused_request_lines() {
  return {
      {"target *", request_line("GET * HTTP/1.1")},
      {"target without slash", request_line("GET c/summer HTTP/1.1")},
      {"no target", request_line("GET HTTP/1.1")},
      {"empty target", request_line("GET  HTTP/1.1")},
      {"space in target", request_line("GET /c/summer?a=b c HTTP/1.1")},
      {"raw UTF-8 in target", request_line("GET /c/summer?zone=\xC3\xA9 HTTP/1.1")},
      {"NUL in target", request_line("GET /c/summer?zone=a\0b HTTP/1.1"s)},
      {"control in target", request_line("GET /c/summer?zone=\x1F HTTP/1.1")},
      {"tab instead of space", request_line("GET\t/c/summer\tHTTP/1.1")},
      {"control in method", request_line("G\x01T /c/summer HTTP/1.1")},
      {"absolute form with user", request_line("GET http://u@h/c/summer HTTP/1.1")},
      {"absolute form, other scheme", request_line("GET ftp://h/c/summer HTTP/1.1")},
      {"lower-case version", request_line("GET /c/summer http/1.1")},
      {"HTTP/0.9", "GET /c/summer\r\n\r\n"},
      {"TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03\r\n\r\n"s},
      {"HTTP/1.2", request_line("GET /c/summer HTTP/1.2"), 505},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"unknown method", request_line("MKCOLA /c/summer HTTP/1.1"), 501},
      {"CONNECT", request_line("CONNECT other:443 HTTP/1.1"), 405},
      {"unknown expectation", with_lines("Host: h\r\nExpect: weird\r\n"), 417},
  };
}

std::vector<Refused> refused_chunks() {
  return {
      {"chunk size with sign", post_with("Transfer-Encoding: chunked\r\n", "+5\r\na=b&c\r\n0\r\n\r\n")},
      {"chunk size with 0x", post_with("Transfer-Encoding: chunked\r\n", "0x5\r\na=b&c\r\n0\r\n\r\n")},
      {"chunk size with space", post_with("Transfer-Encoding: chunked\r\n", "5 5\r\na=b&c\r\n0\r\n\r\n")},
      {"chunk size beyond 64 bits",
       post_with("Transfer-Encoding: chunked\r\n", "10000000000000005\r\na=b&c\r\n0\r\n\r\n")},
      {"empty chunk size", post_with("Transfer-Encoding: chunked\r\n", "\r\na=b&c\r\n0\r\n\r\n")},
      {"chunk longer than its size", post_with("Transfer-Encoding: chunked\r\n", "4\r\na=b&c\r\n0\r\n\r\n")},
      {"chunk header ends with LF", post_with("Transfer-Encoding: chunked\r\n", "5\na=b&c\r\n0\r\n\r\n")},
      {"trailer ends with LF", post_with("Transfer-Encoding: chunked\r\n", "5\r\na=b&c\r\n0\r\nX: y\n\n")},
      {"extension of 2 KiB",
       post_with("Transfer-Encoding: chunked\r\n", "5;e=" + std::string(2048, 'x') + "\r\na=b&c\r\n0\r\n\r\n")},
  };
}

TEST_F(HttpFraming, IsRefusedAndTheConnectionClosedWithoutReadingOn) {
  std::vector<Refused> rows;
  for (const auto& part :
       {refused_lengths(), refused_header_lines(), refused_hosts(), refused_request_lines(), refused_chunks()})
    rows.insert(rows.end(), part.begin(), part.end());
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto committed = clicks_committed();
    auto client = server().connect();
    client.send(row.bytes + std::string(kSmuggled));
    const auto answer = client.read_response();
    EXPECT_EQ(answer.status, row.status) << answer.body;
    EXPECT_EQ(answer.header("Connection"), "close");
    if (HasFailure()) continue;  // it would wait for an end that does not come
    EXPECT_EQ(client.read_to_close(), "");
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(nlohmann::json::parse(answer.body).at("status"), row.status);
    expect_well_formed(answer);
    EXPECT_EQ(clicks_committed(), committed) << "something was recorded";
    expect_still_serving(server());
  }
}

TEST_F(HttpFraming, ABadRequestIsAnsweredAfterTheGoodOnesBeforeIt) {
  auto client = server().connect();
  client.send(request_text("GET", "/c/summer?zone=before") + with_lines("Host: a\r\nHost: b\r\n") +
              std::string(kSmuggled));
  const auto answers = split_responses(client.read_to_close());
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].status, 302);
  EXPECT_EQ(answers[1].status, 400);
  const auto id = query_value(answers[0].header("Location").value_or(""), "sub1");
  EXPECT_EQ(server().get_json("/api/v1/clicks/" + id).at("sub1"), "before");
}

struct Served {
  const char* name;
  std::string bytes;
  int status = 302;
  const char* connection = nullptr;  ///< Null: the header is absent.
};

TEST_F(HttpFraming, WhatIsUnusualButWellFormedIsServed) {
  const std::vector<Served> rows = {
      {"HTTP/1.0 without Host", "GET /c/summer HTTP/1.0\r\n\r\n", 302, "close"},
      {"HTTP/1.0 with keep-alive", "GET /c/summer HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 302, "keep-alive"},
      {"Connection: close", with_lines("Host: h\r\nConnection: close\r\n"), 302, "close"},
      {"Connection: Close in a list", with_lines("Host: h\r\nConnection: te, Close\r\n"), 302, "close"},
      {"Host with port", with_lines("Host: h.example:8080\r\n")},
      {"Host with empty port", with_lines("Host: h.example:\r\n")},
      {"Host is an IPv6 address", with_lines("Host: [::1]:8080\r\n")},
      {"header names in capitals", with_lines("HOST: h\r\n")},
      {"value with bytes beyond ASCII", with_lines("Host: h\r\nReferer: http://\xC3\xA9/\r\n")},
      {"tab around a value", with_lines("Host:\th\t\r\n")},
      {"empty line before", "\r\n" + with_lines("Host: h\r\n")},
      {"absolute form", "GET http://other.example/c/summer?zone=a HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"absolute form in capitals", "GET HTTP://OTHER:80/c/summer HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"Range is ignored", with_lines("Host: h\r\nRange: bytes=0-,0-,0-\r\n")},
      {"click with a body", "GET /c/summer HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", 302, "close"},
      {"OPTIONS *", request_line("OPTIONS * HTTP/1.1"), 200},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto answer = server().exchange(row.bytes);
    EXPECT_EQ(answer.status, row.status) << answer.head << answer.body;
    EXPECT_EQ(answer.header("Connection"),
              row.connection == nullptr ? std::nullopt : std::optional<std::string>(row.connection));
    expect_well_formed(answer);
  }
  expect_still_serving(server());
}

TEST_F(HttpFraming, ARequestMayBeCutAnywhere) {
  const auto body = "token=" + token() + "&click_id=" + server().click() + "&txid=cut&payout=1";
  const auto bytes =
      request_text("POST", "/postback/acme", "Content-Type: application/x-www-form-urlencoded\r\n", body);
  auto client = server().connect();
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    client.send_split(bytes, {cut}, [] { server().settle(); });
    const auto answer = client.read_response();
    ASSERT_EQ(answer.status, 200) << "cut at byte " << cut << ": " << answer.body;
  }
}

TEST_F(HttpFraming, AChunkedBodyMayBeCutAnywhere) {
  const auto id = server().click();
  const auto first = "token=" + token() + "&click_id=";
  const std::string head =
      "POST /postback/acme?txid=chunks HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
      "Content-Type: application/x-www-form-urlencoded\r\n\r\n";
  const auto hex = [](std::size_t number) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    return std::string{kDigits[number / 16], kDigits[number % 16]};
  };
  const auto bytes = head + hex(first.size()) + ";name=value;other=\"quoted\"\r\n" + first + "\r\n1A\r\n" + id +
                     "\r\n000\r\nX-Trailer: dropped\r\n\r\n";
  auto client = server().connect();
  for (auto cut = head.size() - 4; cut < bytes.size(); ++cut) {
    client.send_split(bytes, {cut}, [] { server().settle(); });
    const auto answer = client.read_response();
    ASSERT_EQ(answer.status, 200) << "cut at byte " << cut << ": " << answer.body;
  }
  EXPECT_EQ(server().get_json("/api/v1/conversions?click_id=" + id).at("items").size(), 1U);
}

TEST_F(HttpFraming, ByteByByte) {
  const auto bytes = request_text("GET", "/c/summer?zone=bytewise");
  std::vector<std::size_t> cuts;
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) cuts.push_back(cut);
  auto client = server().connect();
  client.send_split(bytes, cuts, [] { server().settle(); });
  EXPECT_EQ(client.read_response().status, 302);
}

}  // namespace
}  // namespace postback::testing

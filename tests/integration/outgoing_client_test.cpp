// OutgoingClient against servers that answer, and servers that do everything else.
#include "support/outgoing_world.hpp"
#include "support/scripted_peer.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using End = http::OutgoingOutcome::End;
using namespace std::chrono_literals;
using namespace std::string_literals;

TEST(OutgoingClient, SendsTheRequestAsItIs) {
  const ScriptedPeer peer(ScriptedPeer::answering(answer_text("201 Created", "Retry-After: 7 \r\nX: y\r\n", "made")));
  OutgoingWorld world;
  const auto outcome = world.exchange({.method = "POST",
                                       .url = peer.url() + "/a/../b?x=%20{}&y=//z#fragment",
                                       .headers = {{"X-Key", " secret "}, {"X-Empty", ""}},
                                       .body = "hello"});
  EXPECT_EQ(outcome.end, End::answered) << outcome.error;
  EXPECT_EQ(outcome.status, 201);
  EXPECT_EQ(outcome.body, "made");
  EXPECT_EQ(outcome.retry_after, "7");
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.address, "127.0.0.1:" + std::to_string(peer.port()));
  ASSERT_EQ(peer.requests().size(), 1U);
  EXPECT_EQ(peer.requests()[0],
            "POST /a/../b?x=%20{}&y=//z HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(peer.port()) +
                "\r\nUser-Agent: postbackd\r\nAccept: */*\r\nX-Key: secret\r\nX-Empty:\r\n"
                "Content-Length: 5\r\n\r\nhello");
}

TEST(OutgoingClient, NothingOfOneRequestIsLeftInTheNext) {
  const ScriptedPeer peer([](PeerConnection& connection) {
    while (const auto request = connection.read_request()) {
      const bool head = request->starts_with("HEAD");
      const auto first = request->find("one") != std::string::npos;
      connection.send(head ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
                           : answer_text("200 OK", first ? "Retry-After: 1\r\n" : "", "body"));
    }
  });
  OutgoingWorld world;
  const auto host =
      "\r\nHost: 127.0.0.1:" + std::to_string(peer.port()) + "\r\nUser-Agent: postbackd\r\nAccept: */*\r\n";
  struct Row {
    std::string method;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string rest;
  };
  const Row kRows[] = {
      {"PUT", "one", {{"Content-Type", "text/plain"}}, "Content-Type: text/plain\r\nContent-Length: 3\r\n\r\none"},
      {"GET", "", {}, "\r\n"},
      {"POST", "", {}, "Content-Length: 0\r\n\r\n"},
      {"DELETE", "", {{"A", "b"}}, "A: b\r\n\r\n"},
      {"HEAD", "", {}, "\r\n"},
      {"DELETE", "x", {}, "Content-Length: 1\r\n\r\nx"},
      {"PATCH", std::string(100'000, 'p'), {}, "Content-Length: 100000\r\n\r\n" + std::string(100'000, 'p')},
      {"GET", "", {}, "\r\n"},
  };
  for (const auto& row : kRows) {
    const auto outcome =
        world.exchange({.method = row.method, .url = peer.url() + "/", .headers = row.headers, .body = row.body});
    EXPECT_EQ(outcome.end, End::answered) << row.method << " " << outcome.error;
    EXPECT_EQ(outcome.body, row.method == "HEAD" ? "" : "body");
    EXPECT_EQ(outcome.retry_after.has_value(), row.body == "one");
    EXPECT_EQ(peer.requests().back(), row.method + " / HTTP/1.1" + host + row.rest);
  }
  EXPECT_EQ(peer.connections(), 1U);
}

TEST(OutgoingClient, RefusesRequestsThatWouldNotBeWhatTheySay) {
  const ScriptedPeer peer(ScriptedPeer::answering(answer_text("200 OK")));
  OutgoingWorld world;
  const auto url = peer.url() + "/";
  std::vector<http::OutgoingRequest> wrong{
      {.method = "get", .url = url},   {.method = "", .url = url},          {.method = "CONNECT", .url = url},
      {.method = "TRACE", .url = url}, {.method = "GET /\r\n", .url = url}, {.url = "ftp://127.0.0.1/"},
      {.url = url + "\r\nX: y"},       {.url = "http://u@127.0.0.1/"},      {.url = ""}};
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"X", "a\r\nY: b"},
                                                                                    {"X", "a\nb"},
                                                                                    {"X", "a\0b"s},
                                                                                    {"X\r\nY", "a"},
                                                                                    {"", "a"},
                                                                                    {"X Y", "a"},
                                                                                    {"X:", "a"},
                                                                                    {"Host", "a"},
                                                                                    {"content-length", "1"},
                                                                                    {"Transfer-Encoding", "chunked"},
                                                                                    {"Connection", "close"},
                                                                                    {"Expect", "x"},
                                                                                    {"User-Agent", "x"},
                                                                                    {"Accept-Encoding", "gzip"},
                                                                                    {"X\0"s, "a"}})
    wrong.push_back({.url = url, .headers = {{name, value}}});
  wrong.push_back({.url = url, .headers = std::vector<std::pair<std::string, std::string>>(101, {"a", "b"})});
  wrong.push_back({.url = url, .headers = {{"a", std::string(33'000, 'x')}}});
  wrong.push_back({.method = "POST", .url = url, .body = std::string(1024 * 1024 + 1, 'x')});
  for (const auto& request : wrong) {
    const auto outcome = world.exchange(request);
    EXPECT_EQ(outcome.end, End::invalid_request) << request.method << " " << request.url;
    EXPECT_NE(outcome.error, "");
  }
  EXPECT_EQ(peer.connections(), 0U);
}

struct Trouble {
  const char* name;
  ScriptedPeer::Script script;
  End end;
  int status;
  std::string body{};
  std::chrono::milliseconds timeout{10'000};
  std::uint64_t taken = 4'000'000;  ///< Most bytes that the server may get rid of.
};

void first_read(PeerConnection& connection, const std::function<void()>& then) {
  if (connection.read_request()) then();
}

ScriptedPeer::Script sending(std::string bytes) {
  return [bytes = std::move(bytes)](PeerConnection& c) { first_read(c, [&] { c.send(bytes); }); };
}

ScriptedPeer::Script sending_then_hanging(std::string bytes) {
  return [bytes = std::move(bytes)](PeerConnection& c) {
    first_read(c, [&] {
      c.send(bytes);
      c.wait_for_end();
    });
  };
}

ScriptedPeer::Script sending_for_ever(std::string begin, std::string again) {
  return [begin = std::move(begin), again = std::move(again)](PeerConnection& c) {
    first_read(c, [&] {
      if (!c.send(begin)) return;
      for (std::uint64_t sent = 0; sent < 1'000'000'000 && c.send(again); sent += again.size()) {
      }
    });
  };
}

std::vector<Trouble> troubles() {
  const auto line = "X-Filler: " + std::string(90, 'x') + "\r\n";
  const std::string filler(64 * 1024, 'z');
  return {
      {"hangs before its head", sending_then_hanging(""), End::timeout, 0, "", 150ms},
      {"hangs within its head", sending_then_hanging("HTTP/1.1 200 OK\r\nX: "), End::timeout, 200, "", 150ms},
      {"hangs after an interim answer", sending_then_hanging("HTTP/1.1 100 Continue\r\n\r\n"), End::timeout, 0, "",
       150ms},
      {"hangs within its body", sending_then_hanging("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart"), End::timeout,
       200, "part", 150ms},
      {"drips",
       [](PeerConnection& c) {
         first_read(c, [&] {
           c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
           while (c.send("x")) c.pause(1ms);
         });
       },
       End::timeout, 200, "*", 150ms},
      {"resets at once", [](PeerConnection& c) { first_read(c, [&] { c.reset(); }); }, End::reset, 0},
      {"closes at once", sending(""), End::reset, 0},
      {"closes within its head", sending("HTTP/1.1 200 OK\r\nX: "), End::reset, 200},
      {"closes after a 200 head", sending("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), End::reset, 200},
      {"closes within its body", sending("HTTP/1.1 503 No\r\nContent-Length: 9\r\n\r\npart"), End::reset, 503, "part"},
      {"closes within its chunks", sending("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), End::reset,
       200, "ab"},
      {"ends by closing", sending("HTTP/1.1 200 OK\r\n\r\nall"), End::answered, 200, "all"},
      {"sends chunks", sending("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nall\r\n0\r\n\r\n"),
       End::answered, 200, "all"},
      {"sends no HTTP", sending("SSH-2.0-OpenSSH_9.2\r\n"), End::reset, 0},
      {"sends bad chunks", sending("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"), End::reset, 200},
      {"sends 64 KiB", sending(answer_text("200 OK", "", filler)), End::answered, 200, filler},
      {"sends one byte more", sending(answer_text("500 No", "", filler + "z")), End::answer_too_large, 500, filler},
      {"sends an endless body", sending_for_ever("HTTP/1.1 200 OK\r\n\r\n", filler), End::answer_too_large, 200,
       filler},
      {"sends endless chunks",
       sending_for_ever("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "10000\r\n" + filler + "\r\n"),
       End::answer_too_large, 200, filler},
      {"sends an endless chunk extension",
       sending_for_ever("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", filler), End::answer_too_large, 200,
       "", 10s, 16'000'000},
      {"sends endless trailers",
       sending_for_ever("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", line),
       End::answer_too_large, 200, "a"},
      {"sends an endless head", sending_for_ever("HTTP/1.1 200 OK\r\n", line), End::answer_too_large, 200},
      {"sends an endless line", sending_for_ever("HTTP/1.1 200 OK\r\nX: ", filler), End::answer_too_large, 200},
      {"sends endless interim answers", sending_for_ever("", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"),
       End::answer_too_large, 0},
      {"sends a compressed body", sending(answer_text("200 OK", "Content-Encoding: gzip\r\n", "\x1f\x8b\x08 bomb")),
       End::answered, 200, "\x1f\x8b\x08 bomb"},
      {"redirects", sending(answer_text("302 Found", "Location: /elsewhere\r\n")), End::answered, 302},
      {"gone", sending(answer_text("410 Gone")), End::answered, 410},
      {"no content", sending("HTTP/1.1 204 No Content\r\n\r\n"), End::answered, 204},
      {"HTTP/1.0", sending("HTTP/1.0 200 OK\r\n\r\nold"), End::answered, 200, "old"},
  };
}

/// Of this process, in KiB.
long resident_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  return 0;
}

TEST(OutgoingClient, TellsWhatWentWrong) {
  for (const auto& trouble : troubles()) {
    const ScriptedPeer peer(trouble.script);
    OutgoingWorld world;
    const auto memory = resident_memory();
    const auto outcome = world.get(peer.url() + "/", trouble.timeout);
    EXPECT_EQ(static_cast<int>(outcome.end), static_cast<int>(trouble.end)) << trouble.name << ": " << outcome.error;
    EXPECT_EQ(outcome.status, trouble.status) << trouble.name;
    if (trouble.body != "*") {
      EXPECT_EQ(outcome.body.substr(0, 50), trouble.body.substr(0, 50)) << trouble.name;
      EXPECT_EQ(outcome.body.size(), trouble.body.size()) << trouble.name;
    }
    EXPECT_EQ(outcome.error.empty(), trouble.end == End::answered) << trouble.name << ": " << outcome.error;
    EXPECT_EQ(peer.connections(), 1U) << trouble.name;
    EXPECT_LT(peer.sent(), trouble.taken) << trouble.name << ": more was taken than the bound and the system's buffers";
    EXPECT_LT(resident_memory() - memory, 8 * 1024) << trouble.name;
    EXPECT_LT(outcome.duration, 8s) << trouble.name;
    if (trouble.end == End::timeout) {
      EXPECT_GE(outcome.duration, trouble.timeout - 2ms);
    }
  }
}

TEST(OutgoingClient, ARefusedConnectionIsTold) {
  std::uint16_t port = 0;
  {
    const ScriptedPeer gone(ScriptedPeer::answering(""));
    port = gone.port();
  }
  OutgoingWorld world;
  const auto outcome = world.get("http://127.0.0.1:" + std::to_string(port) + "/");
  EXPECT_EQ(outcome.end, End::connect_failed) << outcome.error;
  EXPECT_EQ(outcome.status, 0);
}

TEST(OutgoingClient, ConnectionsAreUsedAgainForEachNameAndAddress) {
  const ScriptedPeer peer(ScriptedPeer::answering(answer_text("200 OK", "", "ok")));
  OutgoingWorld world;
  world.resolver.answers["one.example"] = {{"127.0.0.1"}};
  world.resolver.answers["two.example"] = {{"127.0.0.1"}};
  const auto port = std::to_string(peer.port());
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(world.get("http://one.example:" + port + "/").status, 200);
    EXPECT_EQ(world.get("http://TWO.example.:" + port + "/").status, 200);
  }
  EXPECT_EQ(peer.connections(), 2U);
  EXPECT_EQ(peer.requests().size(), 100U);
}

TEST(OutgoingClient, AConnectionThatTheServerClosedIsReplaced) {
  const ScriptedPeer peer(
      [](PeerConnection& connection) { first_read(connection, [&] { connection.send(answer_text("200 OK")); }); });
  OutgoingWorld world;
  for (int i = 0; i < 100; ++i) {
    const auto outcome = world.get(peer.url());
    EXPECT_EQ(outcome.end, End::answered) << outcome.error;
  }
  EXPECT_EQ(peer.connections(), 100U);
}

TEST(OutgoingClient, AServerThatWentAwayIsNotConnectedTo) {
  auto peer = std::make_unique<ScriptedPeer>(ScriptedPeer::answering(answer_text("200 OK")));
  OutgoingWorld world;
  const auto url = peer->url();
  EXPECT_EQ(world.get(url).end, End::answered);
  peer.reset();
  for (int i = 0; i < 2; ++i) EXPECT_EQ(world.get(url).end, End::connect_failed);
}

TEST(OutgoingClient, ManyRequestsAtOnceAllEnd) {
  const ScriptedPeer peer(ScriptedPeer::answering(answer_text("200 OK", "", "ok")));
  OutgoingWorld world;
  world.resolver.answers["many.example"] = {{"127.0.0.1"}};
  int left = 200;
  for (int i = 0; i < 200; ++i) {
    const auto host = i % 2 == 0 ? "many.example"s : "127.0.0.1"s;
    world.client.send({.url = "http://" + host + ":" + std::to_string(peer.port()) + "/"}, [&](auto outcome) {
      EXPECT_EQ(outcome.end, End::answered) << outcome.error;
      --left;
    });
  }
  EXPECT_EQ(left, 200) << "nothing is told before send returns";
  while (left > 0) world.context.run_one();
  EXPECT_EQ(peer.requests().size(), 200U);
}

TEST(OutgoingClient, AHangingHostDelaysNobody) {
  const ScriptedPeer hanging([](PeerConnection& connection) { connection.wait_for_end(); });
  const ScriptedPeer quick(ScriptedPeer::answering(answer_text("200 OK")));
  OutgoingWorld world;
  world.resolver.answers["slow.example"] = {};
  std::vector<End> ends;
  for (const std::string& url : {hanging.url(), "http://slow.example/"s})
    world.client.send({.url = url}, [&](auto outcome) { ends.push_back(outcome.end); });
  for (int i = 0; i < 10; ++i) EXPECT_EQ(world.get(quick.url()).status, 200);
  EXPECT_TRUE(ends.empty());
  world.client.stop();
  EXPECT_EQ(ends, (std::vector{End::cancelled, End::cancelled}));
}

TEST(OutgoingClient, EverythingUnderWayIsCancelledAtTheEnd) {
  const ScriptedPeer hanging([](PeerConnection& connection) { connection.wait_for_end(); });
  std::vector<End> ends;
  const auto note = [&](const http::OutgoingOutcome& outcome) { ends.push_back(outcome.end); };
  {
    OutgoingWorld world;
    world.resolver.answers["slow.example"] = {};
    world.client.send({.url = hanging.url()}, note);
    world.client.send({.url = "http://slow.example/"}, note);
    world.client.send({.url = "nonsense"}, note);
    world.context.poll();
    world.client.send({.url = hanging.url()}, note);
  }
  EXPECT_EQ(ends, (std::vector{End::invalid_request, End::cancelled, End::cancelled, End::cancelled}));
  ends.clear();
  OutgoingWorld world;
  world.resolver.answers["slow.example"] = {};
  world.client.send({.url = "http://slow.example/"}, note);
  world.client.stop();
  world.client.send({.url = hanging.url()}, note);
  EXPECT_EQ(ends, (std::vector{End::cancelled}));
  while (ends.size() < 2) world.context.run_one();
  EXPECT_EQ(ends.back(), End::cancelled);
  for (const auto& late : world.resolver.unanswered) late(std::vector{*parse_address("127.0.0.1")});
}

TEST(OutgoingClient, ANameThatIsNotResolvedIsTold) {
  OutgoingWorld world;
  world.resolver.answers["slow.example"] = {};
  const auto unknown = world.get("http://unknown.example/");
  EXPECT_EQ(unknown.end, End::name_not_resolved);
  EXPECT_NE(unknown.error.find("unknown.example"), std::string::npos) << unknown.error;
  const auto slow = world.get("http://slow.example/", 50ms);
  EXPECT_EQ(slow.end, End::timeout);
  EXPECT_NE(slow.error.find("slow.example was not resolved"), std::string::npos) << slow.error;
  world.resolver.unanswered.at(0)(std::vector{*parse_address("127.0.0.1")});  // too late
}

}  // namespace
}  // namespace postback::testing

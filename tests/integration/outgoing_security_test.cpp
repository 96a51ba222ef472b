// What the outgoing client must never do: connect to addresses that are not allowed, or trust a wrong certificate.
#include "net/outgoing_transfer.hpp"
#include "support/outgoing_world.hpp"
#include "support/scripted_peer.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using End = http::OutgoingOutcome::End;
using namespace std::chrono_literals;
using namespace std::string_literals;

TEST(OutgoingSecurity, NoNotationOfAPrivateAddressIsConnectedTo) {
  const ScriptedPeer peer(ScriptedPeer::answering(answer_text("200 OK")));
  const auto port = ":" + std::to_string(peer.port()) + "/";
  OutgoingWorld strict(std::vector<std::string>{});
  OutgoingWorld open({"127.0.0.0/8"});
  for (auto* world : {&strict, &open}) {
    world->resolver.answers["127.0.0.1.nip.example"] = {{"127.0.0.1"}};
    world->resolver.answers["localhost"] = {{"127.0.0.1"}};
  }
  for (const std::string host :
       {"127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.1.", "%31%32%37.0.0.1",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "127.0.0.1.nip.example", "LOCALHOST", "localhost."}) {
    const auto before = peer.connections();
    const auto refused = strict.get("http://" + host + port);
    EXPECT_EQ(refused.end, End::blocked_address) << host << " " << refused.error;
    EXPECT_NE(refused.error.find("delivery.allow_private_networks"), std::string::npos) << refused.error;
    EXPECT_EQ(peer.connections(), before) << host;
    const auto allowed = open.get("http://" + host + port);
    EXPECT_EQ(allowed.status, 200) << host << " " << allowed.error;
  }
}

TEST(OutgoingSecurity, EverySpecialAddressIsRefusedAsALiteralAndBehindAName) {
  OutgoingWorld world(std::vector<std::string>{});
  for (const std::string address :
       {"0.0.0.0",         "10.0.0.1",     "100.64.0.1",  "127.0.0.1",     "169.254.169.254",
        "172.16.0.1",      "192.0.0.1",    "192.0.2.1",   "192.88.99.1",   "192.168.0.1",
        "198.18.0.1",      "198.51.100.1", "203.0.113.1", "224.0.0.1",     "240.0.0.1",
        "255.255.255.255", "::",           "::1",         "::127.0.0.1",   "64:ff9b::a00:1",
        "64:ff9b:1::1",    "100::1",       "2001::1",     "2001:db8::1",   "2002:a00:1::",
        "3fff::1",         "5f00::1",      "fc00::1",     "fd00:ec2::254", "fe80::1",
        "ff02::1"}) {
    const bool v6 = address.find(':') != std::string::npos;
    EXPECT_EQ(world.get("http://" + (v6 ? "[" + address + "]" : address) + "/").end, End::blocked_address) << address;
    for (const auto& answer :
         std::vector<std::vector<std::string>>{{address}, {"8.8.8.8", address}, {address, "2001:4860:4860::8888"}}) {
      world.resolver.answers["name.example"] = {answer};
      const auto outcome = world.get("https://name.example/");
      EXPECT_EQ(outcome.end, End::blocked_address) << address;
      EXPECT_NE(outcome.error.find("name.example"), std::string::npos) << outcome.error;
    }
  }
  EXPECT_EQ(world.get("http://8.8.8.8:25/").end, End::blocked_address);
}

TEST(OutgoingSecurity, ANameThatChangesItsAddressLeadsNowhereElse) {
  const ScriptedPeer inside(ScriptedPeer::answering(answer_text("200 OK")));
  const ScriptedPeer outside(
      [](PeerConnection& connection) {
        if (connection.read_request()) connection.send(answer_text("200 OK", "Connection: close\r\n"));
      },
      {.address = "127.0.0.2", .port = inside.port()});
  OutgoingWorld world({"127.0.0.2"});
  world.resolver.answers["rebind.example"] = {{"127.0.0.2"}, {"127.0.0.1"}, {"127.0.0.2"}, {"127.0.0.2", "127.0.0.1"}};
  const auto url = "http://rebind.example:" + std::to_string(inside.port()) + "/";
  EXPECT_EQ(world.get(url).address, "127.0.0.2:" + std::to_string(inside.port()));
  EXPECT_EQ(world.resolver.look_ups["rebind.example"], 1) << "one look-up for a request";
  EXPECT_EQ(world.get(url).end, End::blocked_address);
  EXPECT_EQ(world.get(url).status, 200);
  EXPECT_EQ(world.get(url).end, End::blocked_address);
  EXPECT_EQ(inside.connections(), 0U);
  EXPECT_EQ(outside.connections(), 2U);
}

TEST(OutgoingSecurity, ANewAddressReplacesThePinnedOne) {
  const ScriptedPeer first(ScriptedPeer::answering(answer_text("200 OK", "Connection: close\r\n")));
  const ScriptedPeer second(ScriptedPeer::answering(answer_text("200 OK")),
                            {.address = "127.0.0.2", .port = first.port()});
  OutgoingWorld world;
  world.resolver.answers["moves.example"] = {{"127.0.0.1"}, {"127.0.0.2"}};
  const auto url = "http://moves.example:" + std::to_string(first.port()) + "/";
  for (int i = 0; i < 2; ++i) EXPECT_EQ(world.get(url).status, 200);
  EXPECT_EQ(first.connections(), 1U);
  EXPECT_EQ(second.connections(), 1U);
}

TEST(OutgoingSecurity, TheSecondAddressIsTriedWhereTheFirstRefuses) {
  const ScriptedPeer peer(ScriptedPeer::answering(answer_text("200 OK")), {.address = "127.0.0.2"});
  OutgoingWorld world;
  world.resolver.answers["two.example"] = {{"127.0.0.3", "127.0.0.2"}};
  const auto outcome = world.get("http://two.example:" + std::to_string(peer.port()) + "/");
  EXPECT_EQ(outcome.status, 200) << outcome.error;
  EXPECT_EQ(outcome.address, "127.0.0.2:" + std::to_string(peer.port()));
}

TEST(OutgoingSecurity, IPv6IsPinnedAndCheckedToo) {
  std::unique_ptr<ScriptedPeer> peer;
  try {
    peer = std::make_unique<ScriptedPeer>(ScriptedPeer::answering(answer_text("200 OK")),
                                          ScriptedPeer::Options{.address = "::1"});
  } catch (const std::runtime_error&) {
    GTEST_SKIP() << "this machine has no IPv6";
  }
  OutgoingWorld open({"::1"});
  OutgoingWorld strict({"127.0.0.0/8"});
  for (auto* world : {&strict, &open}) world->resolver.answers["six.example"] = {{"::1"}};
  const auto port = ":" + std::to_string(peer->port());
  for (const std::string host : {"[::1]", "[0:0:0:0:0:0:0:1]", "six.example"}) {
    EXPECT_EQ(strict.get("http://" + host + port).end, End::blocked_address) << host;
    const auto outcome = open.get("http://" + host + port);
    EXPECT_EQ(outcome.status, 200) << host << " " << outcome.error;
    EXPECT_EQ(outcome.address, "[::1]" + port);
  }
  EXPECT_EQ(peer->connections(), 2U) << "one for the literal, one for the name";
}

TEST(OutgoingSecurity, ANameWithVeryManyAddressesIsJudgedByAllOfThem) {
  const ScriptedPeer peer(ScriptedPeer::answering(answer_text("200 OK")));
  OutgoingWorld world({"127.0.0.0/8"});
  std::vector<std::string> many(1'000, "127.0.0.1");
  world.resolver.answers["many.example"] = {many};
  many.back() = "10.0.0.1";
  world.resolver.answers["mixed.example"] = {many};
  const auto port = ":" + std::to_string(peer.port());
  EXPECT_EQ(world.get("http://many.example" + port).status, 200);
  EXPECT_EQ(world.get("http://mixed.example" + port).end, End::blocked_address);
}

/// The socket's own check, where all before it has been got round.
TEST(OutgoingSecurity, TheSocketIsCheckedOnceMore) {
  const ScriptedPeer peer(ScriptedPeer::answering(answer_text("200 OK")));
  const net::AddressGuard guard{{}};
  const net::OutgoingSettings settings;
  boost::asio::io_context context;
  CURLM* const multi = curl_multi_init();
  const auto events = net::OutgoingEvents::create(context, multi, {});
  {
    net::OutgoingTransfer transfer(settings, guard, *events);
    for (const auto* host : {"name.example", "127.0.0.1", "localhost"}) {
      ASSERT_TRUE(transfer.begin({.url = "http://"s + host + ":" + std::to_string(peer.port())}, [](auto) {}));
      transfer.pin(std::vector{*parse_address("127.0.0.1")}, "");
      EXPECT_EQ(transfer.outcome(curl_easy_perform(transfer.handle())).end, End::blocked_address) << host;
      transfer.end();
    }
    // Without its pinned addresses libcurl would look the name up.
    ASSERT_TRUE(transfer.begin({.url = "http://localhost:81/"}, [](auto) {}));
    transfer.pin({}, "");
    curl_easy_setopt(transfer.handle(), CURLOPT_RESOLVE, nullptr);
    EXPECT_EQ(transfer.outcome(curl_easy_perform(transfer.handle())).end, End::name_not_resolved);
  }
  events->stop();
  curl_multi_cleanup(multi);
  EXPECT_EQ(peer.connections(), 0U);
}

TEST(OutgoingSecurity, RedirectsAreNotFollowed) {
  std::string location;
  const ScriptedPeer peer([&](PeerConnection& connection) {
    while (connection.read_request() && connection.send(answer_text("302 Found", location))) {
    }
  });
  const ScriptedPeer inside(ScriptedPeer::answering(answer_text("200 OK")));
  OutgoingWorld world;
  for (const auto& to : {peer.url() + "/again", inside.url(), "file:///etc/passwd"s, "/"s}) {
    location = "Location: " + to + "\r\n";
    const auto before = peer.requests().size();
    const auto outcome = world.get(peer.url());
    EXPECT_EQ(outcome.end, End::answered);
    EXPECT_EQ(outcome.status, 302);
    EXPECT_EQ(peer.requests().size(), before + 1) << to;
  }
  EXPECT_EQ(inside.connections(), 0U);
}

TEST(OutgoingSecurity, TheEnvironmentsProxyIsNotUsed) {
  const ScriptedPeer proxy(ScriptedPeer::answering(answer_text("200 OK", "", "proxy")));
  const ScriptedPeer peer(ScriptedPeer::answering(answer_text("200 OK", "Set-Cookie: a=b\r\n", "peer")));
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  ::setenv("ALL_PROXY", proxy.url().c_str(), 1);
  OutgoingWorld world;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(world.get(peer.url()).body, "peer");
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  EXPECT_EQ(proxy.connections(), 0U);
  for (const auto& request : peer.requests()) EXPECT_EQ(request.find("Cookie"), std::string::npos) << request;
}

TEST(OutgoingSecurity, NothingIsSentWithoutATrustedCertificate) {
  const TestAuthority known;
  const TestAuthority stranger("Stranger");
  const TemporaryDirectory directory;
  std::ofstream(directory.file("ca.pem")) << known.certificate();
  struct Row {
    const char* name;
    TestIdentity identity;
    End end;
  };
  auto old = known.issue();
  old.only_tls_1_0 = true;
  const Row kRows[] = {
      {"good", known.issue(), End::answered},
      {"self-signed", known.issue({.self_signed = true}), End::tls_failed},
      {"expired", known.issue({.expired = true}), End::tls_failed},
      {"wrong host", known.issue({.names = "DNS:other.example,IP:127.0.0.9"}), End::tls_failed},
      {"unknown authority", stranger.issue(), End::tls_failed},
      {"TLS 1.0", old, End::tls_failed},
  };
  for (const auto& row : kRows) {
    const ScriptedPeer peer(ScriptedPeer::answering(answer_text("200 OK", "", "ok")), {.tls = row.identity});
    OutgoingWorld world({"127.0.0.0/8"}, {.ca_file = directory.file("ca.pem")});
    world.resolver.answers["localhost"] = {{"127.0.0.1"}};
    for (const std::string host : {"127.0.0.1", "localhost"}) {
      const auto url = "https://" + host + ":" + std::to_string(peer.port()) + "/REQUEST-SENT";
      for (int i = 0; i < 3; ++i) {
        const auto outcome =
            world.exchange({.method = "POST", .url = url, .headers = {{"X", "REQUEST SENT"}}, .body = "REQUEST SENT"});
        EXPECT_EQ(outcome.end, row.end) << row.name << " " << outcome.error;
        EXPECT_EQ(outcome.error.empty(), row.end == End::answered) << outcome.error;
      }
    }
    const bool good = row.end == End::answered;
    EXPECT_EQ(peer.requests().size(), good ? 6U : 0U) << row.name;
    EXPECT_EQ(peer.connections(), good ? 2U : 6U) << row.name << ": a good connection is used again";
  }
  const ScriptedPeer peer(ScriptedPeer::answering(answer_text("200 OK")), {.tls = known.issue()});
  OutgoingWorld untold;
  EXPECT_EQ(untold.get(peer.url()).end, End::tls_failed) << "the authority is known where it is configured only";
}

TEST(OutgoingSecurity, AHandshakeThatStallsOrBreaksEnds) {
  struct Row {
    const char* name;
    std::chrono::milliseconds connect_timeout;
    ScriptedPeer::Script script;
    End end;
  };
  const Row kRows[] = {
      {"stalls", 150ms, [](PeerConnection& c) { c.wait_for_end(); }, End::connect_timeout},
      {"closes", 10s, [](PeerConnection& c) { c.wait_for_bytes(); }, End::tls_failed},
      {"resets", 10s,
       [](PeerConnection& c) {
         c.wait_for_bytes();
         c.reset();
       },
       End::tls_failed},
      {"speaks HTTP", 10s,
       [](PeerConnection& c) {
         c.send("HTTP/1.1 400 Bad Request\r\n\r\n");
         c.wait_for_end();
       },
       End::tls_failed},
  };
  for (const auto& row : kRows) {
    const ScriptedPeer peer(row.script);
    OutgoingWorld world({"127.0.0.0/8"}, {.connect_timeout = row.connect_timeout});
    const auto outcome = world.get("https" + peer.url().substr(4));
    EXPECT_EQ(outcome.end, row.end) << row.name << " " << outcome.error;
    EXPECT_LT(outcome.duration, 5s) << row.name;
    if (row.end == End::connect_timeout) {
      EXPECT_NE(outcome.error.find("SSL"), std::string::npos) << outcome.error;
    }
  }
}

TEST(OutgoingSecurity, TheCheckBeforehandSaysTheSame) {
  FakeResolver resolver;
  resolver.answers["inside.example"] = {{"10.0.0.1"}};
  resolver.answers["outside.example"] = {{"8.8.8.8"}};
  resolver.answers["mixed.example"] = {{"8.8.8.8", "::1"}};
  const net::AddressGuard guard{{}};
  net::OutgoingAddressCheck check(resolver, guard);
  for (const char* url : {"http://inside.example/", "https://mixed.example", "http://127.1/", "http://[::1]:8080/",
                          "http://2130706433", "ftp://outside.example/", "http://u@outside.example/", "nonsense", ""})
    EXPECT_TRUE(check.refusal(url)) << url;
  for (const char* url : {"http://outside.example/", "https://8.8.8.8/x", "http://unknown.example/"})
    EXPECT_FALSE(check.refusal(url)) << url;
}

}  // namespace
}  // namespace postback::testing

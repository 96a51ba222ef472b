// The real resolver against a name server on loopback.
#include "postback/net/resolver.hpp"
#include "postback/base/public_address.hpp"
#include "support/name_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <sstream>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using namespace std::chrono_literals;

class ResolverTest : public ::testing::Test {
 protected:
  std::unique_ptr<net::Resolver> make(net::ResolverSettings settings) const {
    settings.servers = server.address();
    return net::make_resolver(settings).value();
  }
  static std::future<net::Resolver::Answer> ask(net::Resolver& resolver, const std::string& name) {
    const auto promise = std::make_shared<std::promise<net::Resolver::Answer>>();
    resolver.resolve(name, [promise](const net::Resolver::Answer& answer) { promise->set_value(answer); });
    return promise->get_future();
  }
  static std::vector<std::string> texts(const net::Resolver::Answer& answer) {
    std::vector<std::string> all;
    if (answer)
      for (const auto& address : *answer) all.push_back(address_text(address));
    std::ranges::sort(all);
    return all;
  }
  NameServer server;
};

TEST_F(ResolverTest, FindsEveryAddressOfAName) {
  server.set("two.example", {"192.0.2.1", "192.0.2.2", "2001:db8::1"});
  server.set("four.example", {"192.0.2.3"});
  server.set("six.example", {"2001:db8::2"});
  server.set("none.example", {});
  const auto resolver = make({});
  EXPECT_EQ(texts(ask(*resolver, "two.example").get()),
            (std::vector<std::string>{"192.0.2.1", "192.0.2.2", "2001:db8::1"}));
  EXPECT_EQ(texts(ask(*resolver, "four.example").get()), std::vector<std::string>{"192.0.2.3"});
  EXPECT_EQ(texts(ask(*resolver, "six.example").get()), std::vector<std::string>{"2001:db8::2"});
  for (const char* name : {"none.example", "unknown.example"}) {
    const auto answer = ask(*resolver, name).get();
    ASSERT_FALSE(answer) << name;
    EXPECT_EQ(answer.error().code, ErrorCode::not_found) << answer.error().detail;
  }
}

TEST_F(ResolverTest, ASlowNameDelaysNoOther) {
  server.be_silent_about("slow.example");
  server.set("quick.example", {"192.0.2.1"});
  const auto resolver = make({.limit = 400ms});
  auto slow = ask(*resolver, "slow.example");
  EXPECT_TRUE(ask(*resolver, "quick.example").get());
  EXPECT_EQ(slow.wait_for(0s), std::future_status::timeout);
  const auto answer = slow.get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::deadline_exceeded) << answer.error().detail;
}

TEST_F(ResolverTest, AnswersAreUsedAgainForAWhile) {
  server.set("kept.example", {"192.0.2.1"});
  const auto resolver = make({.kept = 1h, .failure_kept = 1h, .most_kept = 2});
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(ask(*resolver, "kept.example").get());
    EXPECT_FALSE(ask(*resolver, "unknown.example").get());
  }
  EXPECT_EQ(server.queries("kept.example"), 2) << "A and AAAA, once";
  const auto failed = server.queries("unknown.example");
  EXPECT_FALSE(ask(*resolver, "third.example").get());  // the first gives way
  EXPECT_TRUE(ask(*resolver, "kept.example").get());
  EXPECT_EQ(server.queries("kept.example"), 4);
  EXPECT_EQ(server.queries("unknown.example"), failed);
  const auto forgetful = make({.kept = 0ms, .failure_kept = 0ms});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(ask(*forgetful, "kept.example").get());
  EXPECT_EQ(server.queries("kept.example"), 10);
}

TEST_F(ResolverTest, ThoseWhoAskMeanwhileShareOneLookUp) {
  server.be_silent_about("shared.example");
  server.be_silent_about("other.example");
  const auto resolver = make({.limit = 300ms, .most_under_way = 2});
  auto first = ask(*resolver, "shared.example");
  auto second = ask(*resolver, "shared.example");
  auto third = ask(*resolver, "other.example");
  const auto refused = ask(*resolver, "one.too.many.example").get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::io_failed) << refused.error().detail;
  for (auto* each : {&first, &second, &third}) EXPECT_FALSE(each->get());
}

TEST_F(ResolverTest, EverybodyIsToldAtTheEnd) {
  server.be_silent_about("slow.example");
  auto resolver = make({});
  auto slow = ask(*resolver, "slow.example");
  resolver.reset();
  const auto answer = slow.get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::io_failed);
}

TEST_F(ResolverTest, TheHostsFileComesFirst) {
  server.set("localhost", {"192.0.2.1"});
  const auto resolver = make({});
  std::ifstream hosts("/etc/hosts");
  int known = 0;
  for (std::string line; std::getline(hosts, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string address;
    std::string name;
    if (!(words >> address >> name) || !parse_address(address)) continue;
    const auto found = texts(ask(*resolver, name).get());
    EXPECT_NE(std::ranges::find(found, address_text(*parse_address(address))), found.end()) << line;
    EXPECT_EQ(server.queries(name), 0) << line;
    ++known;
  }
  if (known == 0) GTEST_SKIP() << "the hosts file names nobody";
}

}  // namespace
}  // namespace postback::testing

// What is told about visitors without a database: the memory of user agents, who was here before, recorded addresses.
#include "tracking/visitor_facts.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace postback {
namespace {

constexpr HashKey kKey{1, 2, 3};
constexpr TimeMs kNoon{std::chrono::hours{24 * 365 * 56}};
using std::chrono::hours;
using std::chrono::minutes;

constexpr UserAgentPattern kSystems[] = {{"Sys", "System"}};
constexpr UserAgentPatterns kPatterns{.bots = {},
                                      .browsers = {},
                                      .systems = kSystems,
                                      .devices = {},
                                      .browser_names = {},
                                      .system_names = {},
                                      .system_devices = {}};

class CachedUserAgents : public testing::Test {
 protected:
  UserAgentFacts find(UserAgentCache& cache, const std::string& text) {
    return cache.find(text, keyed_hash(kKey, text), parses_);
  }
  UserAgentParser parser_{kPatterns};
  std::atomic<std::uint64_t> parses_{0};
};

TEST_F(CachedUserAgents, AreParsedOnce) {
  UserAgentCache cache(parser_, 1000);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 100; ++i) EXPECT_EQ(find(cache, "Sys" + std::to_string(i)).os, "System");
    EXPECT_EQ(find(cache, "none").os, "Other");
    EXPECT_EQ(find(cache, "").os, "");
  }
  EXPECT_EQ(parses_, 101U);
}

TEST_F(CachedUserAgents, AFullTableKeepsMostOfARunLongerThanItself) {
  UserAgentCache cache(parser_, 1024);
  const auto run = [&](int texts) {
    const auto before = parses_.load();
    for (int i = 0; i < texts; ++i) EXPECT_EQ(find(cache, "Sys" + std::to_string(i)).os, "System");
    return parses_ - before;
  };
  run(1280);
  for (int round = 0; round < 20; ++round) run(1280);
  EXPECT_LT(run(1280), 480U) << "a table that drops the oldest would have kept none";
}

TEST_F(CachedUserAgents, AFullTableTakesInWhatIsAskedForOften) {
  UserAgentCache cache(parser_, 8);
  for (int i = 0; i < 100; ++i) find(cache, "Sys" + std::to_string(i));
  for (int i = 0; i < 200; ++i) find(cache, "often");
  const auto before = parses_.load();
  find(cache, "often");
  EXPECT_EQ(parses_, before);
}

TEST(KnownVisitors, AreNewAgainAfterADay) {
  KnownVisitors known(1000);
  constexpr std::uint64_t kVisitor = 0x1234'5678'9abc'def0;
  EXPECT_TRUE(known.first_visit(kVisitor, kNoon));
  EXPECT_FALSE(known.first_visit(kVisitor, kNoon));
  EXPECT_TRUE(known.first_visit(kVisitor + (std::uint64_t{1} << 40), kNoon)) << "another one";
  EXPECT_FALSE(known.first_visit(kVisitor, kNoon + hours{24} - minutes{1})) << "and this visit does not count anew";
  EXPECT_TRUE(known.first_visit(kVisitor, kNoon + hours{24}));
  EXPECT_FALSE(known.first_visit(kVisitor, kNoon + hours{25}));
  EXPECT_FALSE(known.first_visit(kVisitor, kNoon + hours{20})) << "the clock went back";
}

TEST(KnownVisitors, TheOldestOfAPlaceIsForgotten) {
  KnownVisitors known(8);
  const auto visitor = [](std::uint64_t n) { return n << 32; };
  for (std::uint64_t n = 1; n <= 9; ++n) EXPECT_TRUE(known.first_visit(visitor(n), kNoon + minutes{n}));
  for (std::uint64_t n = 2; n <= 9; ++n) EXPECT_FALSE(known.first_visit(visitor(n), kNoon + minutes{20})) << n;
  EXPECT_TRUE(known.first_visit(visitor(1), kNoon + minutes{20}));
}

TEST(KnownVisitors, ManyFitIn) {
  KnownVisitors known(100'000);
  int forgotten = 0;
  const auto visitor = [](int n) { return keyed_hash(kKey, std::to_string(n)); };
  for (int n = 0; n < 40'000; ++n) EXPECT_TRUE(known.first_visit(visitor(n), kNoon)) << n;
  for (int n = 0; n < 40'000; ++n) forgotten += known.first_visit(visitor(n), kNoon) ? 1 : 0;
  EXPECT_LT(forgotten, 400);
}

struct Recorded {
  AddressPrivacy privacy;
  const char* whole;
  const char* recorded;
};

TEST(RecordedAddresses, AsTheConfigurationSays) {
  const Recorded table[] = {
      {AddressPrivacy::whole, "203.0.113.77", "203.0.113.77"},
      {AddressPrivacy::whole, "2001:db8:1:2::3", "2001:db8:1:2::3"},
      {AddressPrivacy::truncated, "203.0.113.77", "203.0.113.0"},
      {AddressPrivacy::truncated, "2001:db8:1:2::3", "2001:db8:1::"},
      {AddressPrivacy::truncated, "::ffff:203.0.113.77", "203.0.113.0"},
      {AddressPrivacy::truncated, "no address", ""},
      {AddressPrivacy::hashed, "no address", ""},
  };
  for (const auto& [privacy, whole, recorded] : table) {
    std::string buffer;
    EXPECT_EQ(RecordedAddress(privacy, {}).of(whole, buffer), recorded) << whole;
  }
}

TEST(RecordedAddresses, OthersAreWhatAnotherSettingWouldHaveRecorded) {
  std::string buffer;
  for (const char* whole : {"192.0.2.7", "2001:db8:1:2::3", "2001:DB8:1:2:0::3", "::ffff:192.0.2.7"}) {
    std::vector<std::string> expected;
    for (const auto privacy : {AddressPrivacy::truncated, AddressPrivacy::hashed})
      expected.emplace_back(RecordedAddress(privacy, {1}).of(whole, buffer));
    for (const auto privacy : {AddressPrivacy::whole, AddressPrivacy::truncated, AddressPrivacy::hashed})
      EXPECT_EQ(RecordedAddress(privacy, {1}).others_of(whole), expected) << whole;
  }
  EXPECT_TRUE(RecordedAddress(AddressPrivacy::hashed, {}).others_of("nobody").empty());
}

TEST(RecordedAddresses, HashesDependOnTheSecretAndTheAddressAlone) {
  const RecordedAddress one(AddressPrivacy::hashed, {1});
  const RecordedAddress other(AddressPrivacy::hashed, {2});
  std::set<std::string> hashes;
  for (const auto* address : {"203.0.113.77", "203.0.113.78", "2001:db8::1"}) {
    for (const auto* hasher : {&one, &other}) {
      std::string buffer;
      hashes.emplace(hasher->of(address, buffer));
      EXPECT_EQ(buffer.size(), 32U);
      EXPECT_EQ(buffer.find_first_not_of("0123456789abcdef"), std::string::npos);
      std::string again;
      EXPECT_EQ(RecordedAddress(*hasher).of(address, again), buffer);
    }
  }
  EXPECT_EQ(hashes.size(), 6U);
  std::string plain;
  std::string mapped;
  EXPECT_EQ(one.of("203.0.113.77", plain), one.of("::ffff:203.0.113.77", mapped));
}

class FilledVisitor : public testing::Test {
 protected:
  http::Request request(std::string_view peer, std::string_view user_agent) {
    http::Request request;
    request.peer = peer;
    request.headers = {{"USER-AGENT", user_agent}, {"Accept-Language", "de-AT,de;q=0.9"}, {"Referer", "http://r/"}};
    return request;
  }
  Visitor visit(VisitorFacts& facts, const http::Request& request, EntityNumber campaign,
                std::optional<bool> cookie = {}) {
    Visitor visitor;
    facts.fill(request, kNoon, texts_, visitor);
    facts.count_visit(campaign, cookie, visitor);
    return visitor;
  }

  UserAgentParser parser_{kPatterns};
  GeoSlot geo_;
  KnownVisitors known_{1000};
  TrackingFigures figures_;
  VisitorServices services_{.user_agents = parser_,
                            .geo = geo_,
                            .known = known_,
                            .address = RecordedAddress(AddressPrivacy::truncated, {}),
                            .hash_key = kKey,
                            .cached_user_agents = 100};
  VisitorTexts texts_;
};

TEST_F(FilledVisitor, SeesTheWholeAddressAndRecordsWhatItMay) {
  VisitorFacts facts(&services_, figures_);
  const auto visitor = visit(facts, request("203.0.113.77", "Sys"), 1);
  EXPECT_EQ(visitor.ip, "203.0.113.77");
  EXPECT_EQ(visitor.os, "System");
  EXPECT_EQ(visitor.language, "de-AT");
  EXPECT_EQ(visitor.referrer, "http://r/");
  Click click;
  facts.record(visitor, texts_, click);
  EXPECT_EQ(click.ip, "203.0.113.0");
  EXPECT_EQ(click.os, "System");
  EXPECT_EQ(click.user_agent, "Sys");
  EXPECT_EQ(click.unique, true);
}

TEST_F(FilledVisitor, IsUniqueByAddressUserAgentAndCampaign) {
  VisitorFacts facts(&services_, figures_);
  EXPECT_EQ(visit(facts, request("192.0.2.1", "a"), 1).unique, true);
  EXPECT_EQ(visit(facts, request("192.0.2.1", "a"), 1).unique, false);
  EXPECT_EQ(visit(facts, request("192.0.2.2", "a"), 1).unique, true);
  EXPECT_EQ(visit(facts, request("192.0.2.1", "b"), 1).unique, true);
  EXPECT_EQ(visit(facts, request("192.0.2.1", "a"), 2).unique, true);
  VisitorFacts another_thread(&services_, figures_);
  EXPECT_EQ(visit(another_thread, request("192.0.2.1", "a"), 2).unique, false);
}

TEST_F(FilledVisitor, ACookieBeatsTheMemory) {
  VisitorFacts facts(&services_, figures_);
  EXPECT_EQ(visit(facts, request("192.0.2.1", "a"), 1, false).unique, false);
  EXPECT_EQ(visit(facts, request("192.0.2.1", "a"), 1).unique, false) << "noted all the same";
  EXPECT_EQ(visit(facts, request("192.0.2.1", "a"), 1, true).unique, true);
}

TEST_F(FilledVisitor, OfWhomNothingIsKnownIsNeitherNewNorReturning) {
  VisitorFacts facts(&services_, figures_);
  for (int visits = 0; visits < 3; ++visits) EXPECT_EQ(visit(facts, request("", ""), 1).unique, std::nullopt);
  EXPECT_EQ(visit(facts, request("", ""), 1, false).unique, false) << "but for what a cookie tells";
  EXPECT_EQ(visit(facts, request("192.0.2.1", ""), 1).unique, true) << "an address is enough";
  EXPECT_EQ(visit(facts, request("192.0.2.1", ""), 1).unique, false);
  EXPECT_EQ(visit(facts, request("", "a"), 1).unique, true) << "and so is a user agent";
  EXPECT_EQ(visit(facts, request("", "a"), 1).unique, false);
}

TEST_F(FilledVisitor, WithoutAMemoryOnlyTheCookieTells) {
  KnownVisitors none(0);
  VisitorServices services{parser_, geo_, none, RecordedAddress(AddressPrivacy::whole, {}), kKey, 100};
  VisitorFacts facts(&services, figures_);
  EXPECT_EQ(visit(facts, request("192.0.2.1", "a"), 1).unique, std::nullopt);
  EXPECT_EQ(visit(facts, request("192.0.2.1", "a"), 1, true).unique, true);
}

TEST_F(FilledVisitor, WithoutServicesTheHeadersTell) {
  VisitorFacts facts(nullptr, figures_);
  const auto visitor = visit(facts, request("192.0.2.1", "Sys"), 1);
  EXPECT_EQ(visitor.user_agent, "Sys");
  EXPECT_EQ(visitor.os, "");
  EXPECT_EQ(visitor.unique, std::nullopt);
  Click click;
  facts.record(visitor, texts_, click);
  EXPECT_EQ(click.ip, "192.0.2.1");
}

}  // namespace
}  // namespace postback

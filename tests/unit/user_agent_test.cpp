// User agents: the packaged patterns on texts of every kind, and what the parser does with patterns.
#include "postback/domain/user_agent.hpp"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <string>

namespace postback {
namespace {

const UserAgentParser& packaged() {
  static const UserAgentParser parser(packaged_user_agent_patterns());
  return parser;
}

UserAgentFacts parse(const UserAgentParser& parser, std::string_view text) {
  UserAgentParser::Scratch scratch;
  return parser.parse(text, scratch);
}

struct Known {
  const char* name;
  const char* text;
  UserAgentFacts facts;
};

class KnownUserAgents : public testing::TestWithParam<Known> {};

TEST_P(KnownUserAgents, AreRead) {
  const auto facts = parse(packaged(), GetParam().text);
  EXPECT_EQ(facts.device, GetParam().facts.device);
  EXPECT_EQ(facts.os, GetParam().facts.os);
  EXPECT_EQ(facts.browser, GetParam().facts.browser);
  EXPECT_EQ(facts.bot, GetParam().facts.bot);
  EXPECT_EQ(facts.preview, GetParam().facts.preview);
}

#define WEBKIT "AppleWebKit/537.36 (KHTML, like Gecko) "
INSTANTIATE_TEST_SUITE_P(
    Packaged, KnownUserAgents,
    testing::Values(
        Known{"ChromeWindows",
              "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " WEBKIT "Chrome/131.0.0.0 Safari/537.36",
              {"desktop", "Windows", "Chrome"}},
        Known{"EdgeWindows",
              "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " WEBKIT "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
              {"desktop", "Windows", "Edge"}},
        Known{"FirefoxUbuntu",
              "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
              {"desktop", "Ubuntu", "Firefox"}},
        Known{"ChromeLinux",
              "Mozilla/5.0 (X11; Linux x86_64) " WEBKIT "Chrome/131.0.0.0 Safari/537.36",
              {"desktop", "Linux", "Chrome"}},
        Known{"ChromeOs",
              "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " WEBKIT "Chrome/131.0.0.0 Safari/537.36",
              {"desktop", "Chrome OS", "Chrome"}},
        Known{"SafariMac",
              "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
              "Safari/605.1.15",
              {"desktop", "Mac OS X", "Safari"}},
        Known{"SafariIphone",
              "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
              "Version/18.1 Mobile/15E148 Safari/604.1",
              {"mobile", "iOS", "Mobile Safari"}},
        Known{"SafariIpad",
              "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 "
              "Mobile/15E148 Safari/604.1",
              {"tablet", "iOS", "Mobile Safari"}},
        Known{"ChromeAndroid",
              "Mozilla/5.0 (Linux; Android 10; K) " WEBKIT "Chrome/131.0.0.0 Mobile Safari/537.36",
              {"mobile", "Android", "Chrome Mobile"}},
        Known{"ChromeAndroidTablet",
              "Mozilla/5.0 (Linux; Android 11; SM-T510) " WEBKIT "Chrome/131.0.0.0 Safari/537.36",
              {"tablet", "Android", "Chrome"}},
        Known{"SamsungInternet",
              "Mozilla/5.0 (Linux; Android 14; SM-S918B) " WEBKIT
              "SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
              {"mobile", "Android", "Samsung Internet"}},
        Known{"InstagramInApp",
              "Mozilla/5.0 (Linux; Android 13; SM-A536B Build/TP1A.220624.014; wv) " WEBKIT
              "Version/4.0 Chrome/122.0.0.0 Mobile Safari/537.36 Instagram 320.0.0.32.118 Android (33/13; 450dpi)",
              {"mobile", "Android", "Instagram"}},
        Known{"FireTv",
              "Mozilla/5.0 (Linux; Android 9; AFTMM Build/PS7233; wv) " WEBKIT "Chrome/98.0.4758.101 Safari/537.36",
              {"tv", "Android", "Chrome Mobile WebView"}},
        Known{"SamsungTv",
              "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) " WEBKIT
              "SamsungBrowser/4.0 Chrome/76.0.3809.146 TV Safari/537.36",
              {"tv", "Tizen", "Samsung Internet"}},
        Known{"LgTv",
              "Mozilla/5.0 (Web0S; Linux/SmartTV) " WEBKIT "Chrome/79.0.3945.79 Safari/537.36 WebAppManager",
              {"tv", "Web0S", "Chrome"}},
        Known{"PlayStation",
              "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 "
              "Safari/605.1.15",
              {"console", "Other", "Safari"}},
        Known{"Xbox",
              "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) " WEBKIT "Chrome/90.0.4430.212 Safari/537.36 "
              "Edge/44.18363.8131",
              {"console", "Windows", "Edge"}},
        Known{"Googlebot",
              "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
              {"bot", "Other", "Googlebot", true}},
        Known{"Facebook",
              "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
              {"bot", "Other", "FacebookBot", true, true}},
        Known{"Curl", "curl/8.5.0", {"bot", "Other", "curl", true}},
        Known{"UnlistedCrawler",
              "Mozilla/5.0 (compatible; SomeNewCrawler/1.0; +http://crawler.example/)",
              {"bot", "Other", "Other", true}},
        Known{"Nonsense", "zzz", {"other", "Other", "Other"}},
        Known{"NotUtf8", "\xff\xfe Android 10; Mobile", {"mobile", "Android", "Android"}}, Known{"None", "", {}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(UserAgents, EveryPackagedPatternIsTaken) { EXPECT_EQ(packaged().left_out().size(), 0U); }

// RE2 counts to a bound in its automaton: a crawler took 30 µs and more, and 5 without.
TEST(UserAgents, NoPackagedPatternCountsFar) {
  const re2::RE2 bounded(R"(\{[01],\d{3,}\})");
  const auto patterns = packaged_user_agent_patterns();
  for (const auto list : {patterns.bots, patterns.browsers, patterns.systems, patterns.devices}) {
    for (const auto& each : list)
      EXPECT_FALSE(re2::RE2::PartialMatch(std::string(each.pattern), bounded)) << each.pattern;
  }
}

TEST(UserAgents, WhatStandsFarApartIsFound) {
  const std::string gap(300, 'x');
  EXPECT_EQ(parse(packaged(), "Mozilla/5.0 (compatible; " + gap + " SomeNewCrawler/1.0)").device, "bot");
  EXPECT_EQ(parse(packaged(), "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 " + gap +
                                  " (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1")
                .browser,
            "Mobile Safari");
}

constexpr UserAgentPattern kBots[] = {{"Robot", "bot"}, {"(?i)preview", "preview"}};
constexpr UserAgentPattern kBrowsers[] = {
    {"(?=look)ahead", "Never"}, {"(Alpha|Beta)/\\d", "$1 Browser", "Alpha\nBeta"}, {"x(\\w+)x", "$1"}, {"Zeta", "Eta"}};
constexpr UserAgentPattern kSystems[] = {{"Sys", "System"}};
constexpr UserAgentPattern kDevices[] = {{"Tele", "tv"}, {"Unclear", ""}, {"Sys", "other"}};
constexpr std::string_view kNames[] = {"Alpha Browser", "Beta Browser", "Gamma"};
constexpr DeviceOfSystem kDeviceOf[] = {{"System", "Hand", "mobile"}, {"System", "", "desktop"}};
constexpr UserAgentPatterns kPatterns{kBots, kBrowsers, kSystems, kDevices, kNames, {}, kDeviceOf};

TEST(UserAgents, TheFirstPatternCounts) {
  const UserAgentParser parser(kPatterns);
  EXPECT_EQ(parser.left_out(), std::vector<std::string_view>{"(?=look)ahead"}) << "RE2 has no look-ahead";
  EXPECT_EQ(parse(parser, "Alpha/1").browser, "Alpha Browser");
  EXPECT_EQ(parse(parser, "Alpha Beta/1").browser, "Beta Browser") << "both texts stand there, one was captured";
  EXPECT_EQ(parse(parser, "alpha/1").browser, "Other");
  EXPECT_EQ(parse(parser, "Zeta Beta/1").browser, "Beta Browser");
  EXPECT_EQ(parse(parser, "xGammax Zeta").browser, "Gamma");
  EXPECT_EQ(parse(parser, "xDeltax Zeta").browser, "Other") << "families are those that the patterns name";
  EXPECT_EQ(parse(parser, "Zeta").browser, "Eta");
}

TEST(UserAgents, TheDeviceIsThePatternsElseTheSystems) {
  const UserAgentParser parser(kPatterns);
  EXPECT_EQ(parse(parser, "Tele Sys").device, "tv");
  EXPECT_EQ(parse(parser, "Unclear Sys Hand").device, "mobile");
  EXPECT_EQ(parse(parser, "Unclear Sys").device, "desktop");
  EXPECT_EQ(parse(parser, "Sys").device, "other");
  EXPECT_EQ(parse(parser, "Unclear").device, "other");
  EXPECT_EQ(parse(parser, "Robot Tele").device, "bot");
}

TEST(UserAgents, PreviewsAreBots) {
  const UserAgentParser parser(kPatterns);
  EXPECT_TRUE(parse(parser, "PREVIEW").bot);
  EXPECT_TRUE(parse(parser, "PREVIEW").preview);
  EXPECT_FALSE(parse(parser, "Robot").preview);
  EXPECT_FALSE(parse(parser, "robot").bot);
}

TEST(UserAgents, OneScratchServesManyTexts) {
  UserAgentParser::Scratch scratch;
  const UserAgentParser parser(kPatterns);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(parser.parse("Alpha/1 Sys", scratch).browser, "Alpha Browser");
    EXPECT_EQ(parser.parse("nothing", scratch), (UserAgentFacts{"other", "Other", "Other"}));
    scratch.scan = 0xffff'ffff;  // the count of scans begins anew
  }
}

TEST(UserAgents, WithoutPatternsNothingIsKnown) {
  EXPECT_EQ(parse(UserAgentParser({}), "Mozilla/5.0"), (UserAgentFacts{"other", "Other", "Other"}));
}

}  // namespace
}  // namespace postback

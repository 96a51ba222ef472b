// The visitor's cookie: what is read from it, what is written, and that nothing of a stranger's gets through.
#include "tracking/visitor_cookie.hpp"

#include "postback/domain/snowflake.hpp"
#include "support/fake_clock.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

class VisitorCookie : public ::testing::Test {
 protected:
  ClickId click() { return keys_.sign(ids_.next()); }
  static std::string entry(const ClickId& id, unsigned campaign) {
    return to_string(id) + "." + std::to_string(campaign);
  }
  static http::Request request(std::vector<http::Header> headers) {
    http::Request made;
    made.headers = std::move(headers);
    return made;
  }
  std::string written(const CookieEntry& added, std::string_view before = {}, bool secure = false) const {
    std::string out;
    append_set_cookie(out, settings_, added, before, secure);
    return out;
  }

  FakeClock clock_;
  SnowflakeGenerator ids_{clock_, 1, 0};
  ClickIdKeys keys_{{{TimeMs{}, {1, 2, 3}}}};
  CookieSettings settings_{.name = "pb", .days = 2};
};

TEST_F(VisitorCookie, IsFoundByItsWholeName) {
  for (const auto& [header, value] : std::vector<std::pair<const char*, const char*>>{{"pb=x", "x"},
                                                                                      {"a=b; pb=x; c=d", "x"},
                                                                                      {"apb=1;pb=x", "x"},
                                                                                      {"pb=", ""},
                                                                                      {"pbb=x", ""},
                                                                                      {"a=pb=x", ""},
                                                                                      {"", ""},
                                                                                      {";;=; ", ""},
                                                                                      {"pb=x=y", "x=y"}}) {
    EXPECT_EQ(visitor_cookie(request({{"Cookie", header}}), settings_), value) << header;
  }
  EXPECT_EQ(visitor_cookie(request({{"Cookie", "a=b"}, {"cookie", "pb=x"}}), settings_), "x");
  EXPECT_EQ(visitor_cookie(request({}), settings_), "");
}

TEST_F(VisitorCookie, IsNotReadWhenTheBrowserAsksForPrivacy) {
  EXPECT_EQ(visitor_cookie(request({{"Cookie", "pb=x"}, {"Sec-GPC", "1"}}), settings_), "");
  EXPECT_EQ(visitor_cookie(request({{"Cookie", "pb=x"}, {"Sec-GPC", "0"}}), settings_), "x");
  EXPECT_TRUE(asks_for_privacy(request({{"sec-gpc", " 1 "}})));
  EXPECT_FALSE(asks_for_privacy(request({{"Sec-GPC", "11"}})));
}

TEST_F(VisitorCookie, TellsTheNewestClickOfAnyOrOfOneCampaign) {
  const auto first = click();
  const auto second = click();
  const auto cookie = entry(second, 7) + "~" + entry(first, 3);
  EXPECT_EQ(newest_entry(cookie, keys_)->id, second);
  EXPECT_EQ(newest_entry(cookie, keys_)->campaign, 7U);
  EXPECT_EQ(newest_entry(cookie, keys_, 3)->id, first);
  EXPECT_FALSE(newest_entry(cookie, keys_, 4));
}

TEST_F(VisitorCookie, BelievesNoIdThatIsNotOurs) {
  auto forged = click();
  ++forged.low;
  const auto own = click();
  EXPECT_FALSE(newest_entry(entry(forged, 7), keys_));
  EXPECT_EQ(newest_entry(entry(forged, 7) + "~" + entry(own, 7), keys_)->id, own);
  for (const auto& text :
       {std::string("~~~"), std::string(".1"), to_string(own), to_string(own) + ".", to_string(own) + ".0",
        to_string(own) + ".x", to_string(own) + ".99999999999", to_string(own) + ".1x", std::string(26, 'z') + ".1"}) {
    EXPECT_FALSE(newest_entry(text, keys_)) << text;
  }
}

TEST_F(VisitorCookie, RemembersTheNewClickFirstAndOnePerCampaign) {
  const auto old_of_seven = click();
  const auto of_three = click();
  const auto fresh = click();
  EXPECT_EQ(written({fresh, 7}), "pb=" + entry(fresh, 7) + "; Path=/; Max-Age=172800; HttpOnly; SameSite=Lax");
  EXPECT_EQ(
      written({fresh, 7}, entry(old_of_seven, 7) + "~" + entry(of_three, 3), true),
      "pb=" + entry(fresh, 7) + "~" + entry(of_three, 3) + "; Path=/; Max-Age=172800; HttpOnly; SameSite=None; Secure");
}

TEST_F(VisitorCookie, GrowsNoFurtherThanEightCampaigns) {
  std::string cookie;
  for (unsigned campaign = 1; campaign <= 20; ++campaign) {
    const auto set = written({click(), campaign}, cookie);
    cookie = set.substr(3, set.find(';') - 3);
  }
  EXPECT_EQ(std::count(cookie.begin(), cookie.end(), '~'), 7);
  EXPECT_TRUE(newest_entry(cookie, keys_, 13));
  EXPECT_FALSE(newest_entry(cookie, keys_, 12));
}

TEST_F(VisitorCookie, IsWrittenIntoMemoryThatIsThere) {
  std::string cookie;
  for (unsigned campaign = 1; campaign <= 8; ++campaign) {
    const auto set = written({click(), campaign}, cookie);
    cookie = set.substr(3, set.find(';') - 3);
  }
  const std::string header = "a=b; pb=" + cookie;
  const auto asked = request({{"Host", "x"}, {"Cookie", header}});
  std::string out;
  append_set_cookie(out, settings_, {click(), 9}, visitor_cookie(asked, settings_), true);
  const auto* const memory = out.data();
  out.clear();
  append_set_cookie(out, settings_, {click(), 10}, visitor_cookie(asked, settings_), true);
  EXPECT_EQ(out.data(), memory) << "a connection's second click allocates nothing";
}

TEST_F(VisitorCookie, PassesNothingOnThatIsNotAnEntry) {
  const auto fresh = click();
  EXPECT_EQ(written({fresh, 7}, "x; Domain=evil.example~<script>~" + to_string(fresh) + ".1; Secure"),
            written({fresh, 7}));
}

}  // namespace
}  // namespace postback

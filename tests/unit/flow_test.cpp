// Flows: which rule takes a visitor, landers on the way, and why.
#include "domain/visitor_fields.hpp"
#include "postback/domain/recorded_visitor.hpp"
#include "postback/domain/route_account.hpp"
#include "postback/domain/tested_headers.hpp"
#include "support/example_catalog.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>

namespace postback {
namespace {

std::string paths_to(const std::string& offer) { return R"([{"offers":[{"offer":")" + offer + R"("}]}])"; }

/// Offers a, b and c, landers l and m, and the campaign `summer` with these members besides default paths to a.
std::shared_ptr<const Catalog> catalog_with(const std::string& members) {
  auto documents = example_documents();
  documents.pop_back();
  for (const char* id : {"a", "b", "c"}) {
    documents.push_back(
        document_of(EntityKind::offer, id, R"({"name":"O","network":"acme","url":"https://o.example/"})"));
  }
  for (const char* id : {"l", "m"}) {
    documents.push_back(document_of(EntityKind::lander, id, R"({"name":"L","url":"https://l.example/"})"));
  }
  documents.push_back(document_of(EntityKind::campaign, "summer", R"({"name":"S","source":"adnet",)" + members + "}"));
  return catalog_of(std::move(documents));
}

std::string rule(const std::string& when, const std::string& offer, const std::string& more = "") {
  return R"({"when":)" + when + more + R"(,"paths":)" + paths_to(offer) + "}";
}
std::string test(const std::string& field, const std::string& op, const std::string& value) {
  return R"({"field":")" + field + R"(","op":")" + op + R"(","value":)" + value + "}";
}
std::string flow(const std::string& rules) { return R"("rules":[)" + rules + R"(],"paths":)" + paths_to("a"); }

class Headers final : public HeaderSource {
 public:
  explicit Headers(std::map<std::string, std::string> values) : values_(std::move(values)) {}
  std::string_view header(std::string_view name) const override {
    const auto found = values_.find(std::string(name));
    return found == values_.end() ? std::string_view{} : std::string_view(found->second);
  }

 private:
  std::map<std::string, std::string> values_;
};

TimeMs at(std::int64_t seconds) { return TimeMs{std::chrono::seconds{seconds}}; }
constexpr std::int64_t kMondayNoon = 1'767'614'400;  // 2026-01-05T12:00:00Z

struct FieldRow {
  std::string when;
  Visitor visitor;
  bool matches;
};

TEST(Flow, LooksAtEveryFact) {
  Parameters query;
  query.add_query("zone=z9&empty=");
  const Headers headers({{"x-app", "news"}, {"x-long", std::string(300, 'y')}});
  const std::vector<FieldRow> rows{
      {test("country", "is", R"("de")"), {.country = "DE"}, true},
      {test("region", "is", R"("BY")"), {.region = "BY"}, true},
      {test("city", "contains", R"("burg")"), {.city = "Hamburg"}, true},
      {test("device", "in", R"(["mobile","tablet"])"), {.device = "tablet"}, true},
      {test("os", "is", R"("iOS")"), {.os = "Android"}, false},
      {test("browser", "matches", R"("^Chrome")"), {.browser = "Chrome Mobile"}, true},
      {test("language", "is", R"("cs-CZ")"), {.language = "cs-CZ"}, true},
      {test("ip", "is", R"("192.0.2.0/24")"), {.ip = "192.0.2.9"}, true},
      {test("user_agent", "contains", R"("bot")"), {.user_agent = "SomeBot/1"}, true},
      {test("referrer", "contains", R"("news.example")"), {.referrer = "https://news.example/a"}, true},
      {test("query.zone", "is", R"("z9")"), {.query = &query}, true},
      {test("query.zone", "is", R"("z9")"), {}, false},
      {test("query.empty", "is", R"("")"), {.query = &query}, true},
      {test("header.x-app", "is", R"("news")"), {.headers = &headers}, true},
      {test("header.x-long", "matches", R"("^y{256}$")"), {.headers = &headers}, true},
      {test("header.x-app", "is", R"("news")"), {}, false},
      {test("weekday", "is", R"("mon")"), {.time = at(kMondayNoon)}, true},
      {test("weekday", "in", R"(["sat","sun"])"), {.time = at(kMondayNoon)}, false},
      {test("hour", "is", "12"), {.time = at(kMondayNoon)}, true},
      {test("hour", "less_than", "12"), {.time = at(kMondayNoon - 1)}, true},
      {test("visitor", "is", R"("unique")"), {.unique = true}, true},
      {test("visitor", "is", R"("returning")"), {.unique = false}, true},
      {test("visitor", "is", R"("returning")"), {}, false},
      {test("unique", "is", "true"), {.unique = true}, true},
      {test("unique", "is", "false"), {}, false},
      {test("bot", "is", "true"), {.bot = true}, true},
      {test("bot", "is", "false"), {}, true}};
  for (const FieldRow& row : rows) {
    const auto catalog = catalog_with(flow(rule(row.when, "b")));
    const Route route = choose_route(*catalog->campaign("summer"), {1, 1}, row.visitor);
    EXPECT_EQ(route.rule, row.matches ? 1U : 0U) << row.when;
    EXPECT_EQ(route.offer->id, row.matches ? "b" : "a") << row.when;
  }
}

TEST(Flow, WeekdaysAndHoursAreOfTheRulesTimeZone) {
  const std::string when = R"({"all":[)" + test("weekday", "is", R"("tue")") + "," + test("hour", "is", "0") + "]}";
  const std::string prague = R"(,"time_zone":"Europe/Prague")";
  const auto at_half_past_eleven = Visitor{.time = at(kMondayNoon + 11 * 3600 + 1800)};
  const auto in_utc = catalog_with(flow(rule(when, "b")));
  EXPECT_EQ(choose_route(*in_utc->campaign("summer"), {1, 1}, at_half_past_eleven).rule, 0U);
  const auto of_rule = catalog_with(flow(rule(when, "b", prague)));
  EXPECT_EQ(choose_route(*of_rule->campaign("summer"), {1, 1}, at_half_past_eleven).rule, 1U);
  const auto of_campaign = catalog_with(R"("time_zone":"Europe/Prague",)" + flow(rule(when, "b")));
  EXPECT_EQ(choose_route(*of_campaign->campaign("summer"), {1, 1}, at_half_past_eleven).rule, 1U);
  const auto of_both = catalog_with(R"("time_zone":"Europe/Prague",)" + flow(rule(when, "b", R"(,"time_zone":"UTC")")));
  EXPECT_EQ(choose_route(*of_both->campaign("summer"), {1, 1}, at_half_past_eleven).rule, 0U);
}

TEST(Flow, TheFirstRuleThatMatchesCounts) {
  const auto catalog = catalog_with(flow(rule(test("country", "is", R"("FR")"), "b") + "," +
                                         rule(test("device", "is", R"("mobile")"), "c") + "," + rule("{}", "b")));
  const Campaign& campaign = *catalog->campaign("summer");
  EXPECT_EQ(choose_route(campaign, {1, 1}, {.country = "FR", .device = "mobile"}).rule, 1U);
  EXPECT_EQ(choose_route(campaign, {1, 1}, {.country = "DE", .device = "mobile"}).rule, 2U);
  EXPECT_EQ(choose_route(campaign, {1, 1}, {.country = "DE"}).rule, 3U);
}

void expect_share(double got, double clicks, double share, const std::string& name) {
  EXPECT_NEAR(got, clicks * share, 4 * std::sqrt(clicks * share * (1 - share))) << name;
}

TEST(Flow, SharesConvergeAtEachLevelOfARule) {
  const auto catalog = catalog_with(
      R"("rules":[{"paths":[{"weight":3,"landers":[{"lander":"l","weight":1},{"lander":"m","weight":3}],)"
      R"("offers":[{"offer":"a","weight":2},{"offer":"b","weight":3}]},{"offers":[{"offer":"c"}]}]}],"paths":)" +
      paths_to("a"));
  constexpr int kClicks = 50'000;
  std::mt19937_64 random(20260101);
  std::map<std::string, int> shares;
  for (int n = 0; n < kClicks; ++n) {
    const Route route = choose_route(*catalog->campaign("summer"), {1, random()}, {});
    ++shares[std::to_string(route.path) + (route.lander != nullptr ? route.lander->id : "-") + route.offer->id];
  }
  EXPECT_EQ(shares.size(), 5U);
  expect_share(shares["0la"], kClicks, 0.75 * 0.25 * 0.4, "0la");
  expect_share(shares["0lb"], kClicks, 0.75 * 0.25 * 0.6, "0lb");
  expect_share(shares["0ma"], kClicks, 0.75 * 0.75 * 0.4, "0ma");
  expect_share(shares["0mb"], kClicks, 0.75 * 0.75 * 0.6, "0mb");
  expect_share(shares["1-c"], kClicks, 0.25, "1-c");
}

// Past choices must stay recomputable: these were recorded when landers were added.
TEST(Flow, LanderChoicesNeverChange) {
  const auto catalog =
      catalog_with(R"("paths":[{"landers":[{"lander":"l"},{"lander":"m"}],"offers":[{"offer":"a"},{"offer":"b"}]}])");
  std::string chosen;
  for (std::uint64_t low = 0; low < 16; ++low) {
    const Route route = choose_route(*catalog->campaign("summer"), {1, low * 0x0123456789ABCDEF}, {});
    chosen += route.lander->id + route.offer->id + " ";
  }
  EXPECT_EQ(chosen, "ma lb la mb ma la mb la lb ma lb ma la lb ma ma ");
}

TEST(Flow, LanderUrlsCarryTheClickId) {
  for (const auto& [url, compiled] :
       {std::pair{"https://l.example/", "https://l.example/?clickid={clickid}"},
        std::pair{"https://l.example/?a=1#x", "https://l.example/?a=1&clickid={clickid}#x"},
        std::pair{"https://l.example/#c={clickid}", "https://l.example/#c={clickid}"},
        std::pair{"https://l.example/{clickid}/x", "https://l.example/{clickid}/x"}}) {
    auto documents = example_documents();
    documents.push_back(document_of(EntityKind::lander, "l", std::string(R"({"name":"L","url":")") + url + "\"}"));
    EXPECT_EQ(catalog_of(documents)->lander("l")->url.text(), compiled);
  }
  auto documents = example_documents();
  documents.push_back(document_of(EntityKind::lander, "l", R"({"name":"L","url":"https://l.example/?clickid=5"})"));
  EXPECT_TRUE(has_fault(faults_of(documents), "landers/l: url", "that parameter carries the click ID"));
}

TEST(Flow, AnArchivedLanderIsRefused) {
  auto documents = example_documents();
  documents.push_back(document_of(EntityKind::lander, "l", R"({"name":"L","url":"https://l.example/"})"));
  documents.back().archived = true;
  documents[3].json = R"({"name":"S","paths":[{"landers":[{"lander":"l"}],"offers":[{"offer":"vpn"}]}]})";
  EXPECT_TRUE(has_fault(faults_of(documents), "campaigns/summer: paths[0].landers[0].lander", "is archived"));
}

TEST(Flow, AChangeOfALanderReachesItsCampaigns) {
  const auto before = catalog_with(R"("rules":[{"paths":[{"landers":[{"lander":"l"}],"offers":[{"offer":"a"}]}]}],)"
                                   R"("paths":)" +
                                   paths_to("a"));
  std::vector<EntityDocument> changed;
  for (const auto& document : before->documents()) changed.push_back(*document);
  for (auto& document : changed) {
    if (document.kind == EntityKind::lander && document.id == "l")
      document.json = R"({"name":"L","url":"https://new.example/{clickid}"})";
  }
  const auto after = catalog_of(changed);
  const Route route = choose_route(*after->campaign("summer"), {1, 1}, {});
  EXPECT_EQ(route.lander, after->lander("l"));
  EXPECT_EQ(route.lander->url.text(), "https://new.example/{clickid}");
}

TEST(Flow, RecordsTheHeadersThatRulesLookAt) {
  const auto catalog = catalog_with(flow(rule(test("header.X-App", "is", R"("news")"), "b") + "," +
                                         rule(R"({"none":[)" + test("header.x-b", "is", R"("")") + "]}", "c")));
  const Campaign& campaign = *catalog->campaign("summer");
  EXPECT_EQ(campaign.tested_headers, (std::vector<std::string>{"x-app", "x-b"}));
  const Headers headers({{"x-app", "news: 1"}, {"x-c", "no"}});
  std::string text = "old";
  write_tested_headers(campaign, {.headers = &headers}, text);
  EXPECT_EQ(text, "x-app: news: 1\n");
  EXPECT_EQ(find_tested_header(text, "X-APP"), "news: 1");
  EXPECT_EQ(find_tested_header(text, "x-b"), "");
}

TEST(Flow, IsRecomputedFromTheRecord) {
  const auto catalog = catalog_with(flow(
      rule(test("query.zone", "is", R"("z9")"), "b") + "," + rule(test("query.free", "is", R"("1 2")"), "b") + "," +
      rule(R"({"all":[)" + test("header.x-app", "is", R"("news")") + "," + test("ip", "is", R"("192.0.2.0/24")") + "," +
               test("query.cid", "is", R"("E1")") + "]}",
           "c")));
  const Campaign& campaign = *catalog->campaign("summer");
  StoredClick click;
  click.id = make_snowflake(at(kMondayNoon), 1, 0);
  click.ip = "192.0.2.5";
  click.sub[0] = "z8";
  click.external_id = "E1";
  click.extra = "free=1&other=x";
  click.tested_headers = "x-app: news\n";
  EXPECT_EQ(missing_facts(campaign, click), "");
  const RecordedVisitor recorded(click, campaign);
  const RouteAccount account = account_route(campaign, {click.id, 1}, recorded.visitor());
  EXPECT_EQ(account.route.rule, 3U);
  ASSERT_EQ(account.rules.size(), 3U);
  EXPECT_EQ(account.rules[0].why, R"(does not hold: query.zone is "z9": it was "z8")");
  EXPECT_EQ(account.rules[1].why, R"(does not hold: query.free is "1 2": it was "1")");
  EXPECT_TRUE(account.rules[2].matched);
  EXPECT_EQ(account.rules[2].why,
            R"(holds: header.x-app is "news": it was "news"; ip is "192.0.2.0/24": it was "192.0.2.5"; )"
            R"(query.cid is "E1": it was "E1")");
  EXPECT_EQ(account.offer.total, 1U);
  click.ip.clear();
  EXPECT_EQ(missing_facts(campaign, click), "") << "a server reported it without the address; what it said is there";
  click.ip = "0123456789abcdef0123456789abcdef";
  EXPECT_NE(missing_facts(campaign, click).find("hash"), std::string::npos);
  StoredClick forgotten;
  forgotten.id = click.id;
  forgotten.rule = 3;
  EXPECT_NE(missing_facts(campaign, forgotten).find("forgotten"), std::string::npos);
  const auto record = account_record(campaign, {click.id, 1}, forgotten);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->route.rule, 3U);
  EXPECT_EQ(record->route.offer, account.route.offer);
  EXPECT_EQ(record->rules.back().why, "");
  forgotten.rule = 4;
  EXPECT_FALSE(account_record(campaign, {click.id, 1}, forgotten)) << "there is no such rule";
}

TEST(Flow, ACostWhoseTextWasNotKeptIsNotLookedAt) {
  const auto catalog = catalog_with(flow(rule(test("query.bid", "is", R"("0.07")"), "b")));
  const Campaign& campaign = *catalog->campaign("summer");
  StoredClick click;
  click.id = make_snowflake(at(kMondayNoon), 1, 0);
  click.ip = "192.0.2.5";
  EXPECT_EQ(missing_facts(campaign, click), "");
  click.cost = 70'000;
  EXPECT_NE(missing_facts(campaign, click).find("kept the sum only"), std::string::npos);
  click.extra = "x=1&bid=0.07";
  EXPECT_EQ(missing_facts(campaign, click), "");
}

}  // namespace
}  // namespace postback

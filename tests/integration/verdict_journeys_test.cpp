// Every verdict code: provoked by raw HTTP, mended as its fix says, and judged again until the conversion counts.
#include "postback/domain/verdict.hpp"
#include "support/other_connection.hpp"
#include "support/test_server.hpp"

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

/// A server with the example catalog and one click, and what a network and an operator do to it.
struct World {
  TestServer server;
  std::string token = server.example_catalog();
  std::string click = server.click();

  json request(const std::string& text) const { return json::parse(server.exchange(text).body); }
  json get(const std::string& target) const { return request(request_text("GET", target)); }
  /// A postback of network acme that is right but for `query`.
  json send(const std::string& query) const { return get("/postback/acme?token=" + token + "&payout=9&" + query); }
  json send_id(const std::string& more = {}) const { return send("click_id=" + click + more); }

  void network(json change) const {
    json document = {{"name", "Acme"}, {"click_param", "sub1"}, {"currency", "USD"}, {"token", token}};
    document.merge_patch(change);
    const auto put = server.put("networks", "acme", document.dump());
    EXPECT_EQ(put.status, 200) << put.body;
  }
  void other_network(const std::string& id) const {
    const auto put = server.put("networks", id, json{{"name", id}, {"security", {{"token", false}}}}.dump());
    EXPECT_EQ(put.status, 201) << put.body;
  }
  void move_offer_to(const std::string& id) const {
    const json offer = {{"name", "VPN"}, {"network", id}, {"url", "https://offer.example/lp?sub1={clickid}"}};
    const auto put = server.put("offers", "vpn", offer.dump());
    EXPECT_EQ(put.status, 200) << put.body;
  }
  void import(const std::string& foreign_id, const std::string& time) const {
    const json clicks = {{"clicks", {{{"foreign_id", foreign_id}, {"campaign", "summer"}, {"time", time}}}}};
    const auto put = server.post("/api/v1/clicks/import", clicks.dump(), "application/json");
    EXPECT_EQ(put.status, 200) << put.body;
  }
  void sql(const std::string& statement) const { OtherConnection(server.store_file()).execute(statement); }
  /// `query`, which names its time, signed as docs/security.md says.
  json send_signed(const std::string& query, const std::string& secret) const {
    const std::string target = "/postback/acme?" + query;
    constexpr std::string_view kHashOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const std::string text = "GET\n" + target + "\n" + std::string(kHashOfNothing);
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    const std::vector<unsigned char> bytes(text.begin(), text.end());
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes.data(), bytes.size(), mac, &length);
    std::string sign;
    for (unsigned i = 0; i < length; ++i) {
      sign += "0123456789abcdef"[mac[i] >> 4];
      sign += "0123456789abcdef"[mac[i] & 15];
    }
    return get(target + "&sign=" + sign);
  }
};

constexpr const char* kSecret = "a-secret-of-thirty-two-characters";
const json kSigned = {{"security", {{"hmac", {{"secrets", {kSecret}}}}}}};
std::string hours_ago(int hours) {
  const auto then = std::chrono::system_clock::now() - std::chrono::hours(hours);
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(then.time_since_epoch()).count());
}

struct Journey {
  const char* code;
  std::function<json(World&)> provoke;  ///< Its last answer.
  std::function<void(World&)> mend;     ///< Empty: nothing that was logged can be mended; the request is sent right.
  const char* after = "converted";      ///< What the same row says when it was judged again.
};

std::vector<Journey> journeys_of_ids() {
  return {
      {"click_id_missing", [](World& w) { return w.send("cid=" + w.click); },
       [](World& w) {
         w.network({{"params", {{"click_id", "cid"}}}});
       }},
      {"click_id_unreplaced", [](World& w) { return w.send("click_id={sub1}"); }, {}},
      {"click_id_malformed", [](World& w) { return w.send("click_id=other-tracker-77"); },
       [](World& w) { w.import("other-tracker-77", "2026-01-02T03:04:05Z"); }},
      {"click_id_forged", [](World& w) { return w.send("click_id=01234567890123456789abcdef"); },
       [](World& w) { w.import("01234567890123456789abcdef", "2026-01-02T03:04:05Z"); }},
      {"click_unknown",
       [](World& w) {
         w.sql("UPDATE click SET id = -id");
         return w.send_id();
       },
       [](World& w) { w.sql("UPDATE click SET id = -id"); }},
      {"click_expired",
       [](World& w) {
         w.import("old", "2026-01-02T03:04:05Z");
         w.network({{"attribution_window_s", 3600}});
         return w.send("click_id=old");
       },
       [](World& w) {
         w.network({{"attribution_window_s", 0}});
       }},
  };
}

std::vector<Journey> journeys_of_values() {
  return {
      {"parameter_repeated", [](World& w) { return w.send_id("&payout=8"); }, {}},
      {"event_unknown",
       [](World& w) {
         w.network({{"events", {"sale"}}});
         return w.send_id("&event=signup");
       },
       [](World& w) {
         w.network({{"events", {"sale", "signup"}}});
       }},
      {"currency_unknown", [](World& w) { return w.send_id("&currency=USX"); }, {}},
      {"payout_invalid",
       [](World& w) { return w.get("/postback/acme?payout=1,234&token=" + w.token + "&click_id=" + w.click); },
       [](World& w) {
         w.network({{"payout", "fixed"}});
       }},
      {"unparseable",
       [](World& w) {
         return w.request(request_text("POST", "/postback/acme?token=" + w.token, "Content-Type: application/json\r\n",
                                       "{\"click_id\":"));
       },
       {}},
      {"too_large",
       [](World& w) {
         return w.request(request_text("POST", "/postback/acme?token=" + w.token, {}, std::string(70'000, 'x')));
       },
       {}},
      {"converted", [](World& w) { return w.send_id(); }, {}},
      {"updated",
       [](World& w) {
         w.send_id();
         return w.send_id("&status=rejected");
       },
       {}},
      {"added",
       [](World& w) {
         w.network({{"repeat", {{"*", "add"}}}});
         w.send_id("&txid=1");
         return w.send_id("&txid=1&amount=3");
       },
       {}},
      {"duplicate",
       [](World& w) {
         w.send_id();
         return w.send_id();
       },
       {}},
      {"ignored_by_rule",
       [](World& w) {
         const json small = {{"field", "payout"}, {"op", "less_than"}, {"value", "10"}};
         w.network({{"rules", {{{"name", "small"}, {"when", small}, {"action", "reject"}}}}});
         return w.send_id();
       },
       [](World& w) {
         w.network({{"rules", json::array()}});
       }},
      {"status_transition",
       [](World& w) {
         w.send_id("&status=sale");
         w.network({{"status_words", {{"sale", "approved"}}}});
         w.send_id("&status=sale");
         return w.send_id("&status=hold");
       },
       [](World& w) {
         w.network({{"status_words", {{"sale", "approved"}, {"hold", "approved"}}}});
       },
       "duplicate"},
  };
}

std::vector<Journey> journeys_of_senders() {
  return {
      {"token_missing", [](World& w) { return w.get("/postback/acme?payout=9&click_id=" + w.click); },
       [](World& w) {
         w.network({{"security", {{"token", false}}}});
       }},
      {"token_wrong", [](World& w) { return w.get("/postback/acme?token=not-the-token&click_id=" + w.click); },
       [](World& w) {
         w.network({{"token", "not-the-token"}});
       }},
      {"signature_missing",
       [](World& w) {
         w.network(kSigned);
         return w.send_id();
       },
       [](World& w) { w.network(json::object()); }},
      {"signature_wrong",
       [](World& w) {
         w.network(kSigned);
         return w.send_signed("token=" + w.token + "&click_id=" + w.click + "&ts=" + hours_ago(0), "another secret");
       },
       [](World& w) { w.network(json::object()); }},
      {"signature_stale",
       [](World& w) {
         w.network(kSigned);
         return w.send_signed("token=" + w.token + "&click_id=" + w.click + "&ts=" + hours_ago(1), kSecret);
       },
       [](World& w) {
         w.network({{"security", {{"hmac", {{"secrets", {kSecret}}, {"skew_s", 7200}}}}}});
       }},
      {"ip_not_allowed",
       [](World& w) {
         w.network({{"security", {{"allow_ips", {"192.0.2.0/24"}}}}});
         return w.send_id();
       },
       [](World& w) {
         w.network({{"security", {{"allow_ips", {"192.0.2.0/24", "127.0.0.1"}}}}});
       }},
      {"https_required",
       [](World& w) {
         w.network({{"security", {{"https_only", true}}}});
         return w.send_id();
       },
       [](World& w) { w.network(json::object()); }},
      {"network_disabled",
       [](World& w) {
         w.network({{"disabled", true}});
         return w.send_id();
       },
       [](World& w) { w.network(json::object()); }},
  };
}

std::vector<Journey> journeys_of_places() {
  return {
      {"rate_limited",
       [](World& w) {
         w.network({{"security", {{"requests_per_minute", 1}}}});
         w.send("click_id={sub1}");
         return w.send_id();
       },
       [](World& w) { w.network(json::object()); }},
      {"network_unknown", [](World& w) { return w.get("/postback/acmee?payout=9&click_id=" + w.click); },
       [](World& w) {
         w.other_network("acmee");
         w.move_offer_to("acmee");
       }},
      {"network_mismatch",
       [](World& w) {
         w.other_network("other");
         return w.get("/postback/other?payout=9&click_id=" + w.click);
       },
       [](World& w) { w.move_offer_to("other"); }},
      {"store_unavailable",
       [](World& w) {
         const OtherConnection locker(w.server.store_file());
         locker.execute("BEGIN IMMEDIATE");
         return w.send_id();
       },
       {}},
  };
}

std::vector<Journey> all_journeys() {
  auto all = journeys_of_ids();
  for (auto& journey : journeys_of_values()) all.push_back(std::move(journey));
  for (auto& journey : journeys_of_senders()) all.push_back(std::move(journey));
  for (auto& journey : journeys_of_places()) all.push_back(std::move(journey));
  return all;
}

TEST(VerdictJourneys, KnowEveryCode) {
  std::set<std::string> travelled;
  for (const auto& journey : all_journeys()) travelled.insert(journey.code);
  std::set<std::string> known;
  for (std::size_t code = 0; code < kVerdictCodeCount; ++code) known.emplace(to_string(static_cast<VerdictCode>(code)));
  EXPECT_EQ(travelled, known);
}

TEST(VerdictJourneys, LeadFromTheFaultThroughItsMendToTheConversion) {
  for (const auto& journey : all_journeys()) {
    SCOPED_TRACE(journey.code);
    World world;
    const json answer = journey.provoke(world);
    EXPECT_EQ(answer.at("code"), std::string(journey.code)) << answer;
    if (answer.at("code") != std::string(journey.code)) continue;
    if (!journey.mend) {
      const auto right = world.send_id("&txid=right-" + std::string(journey.code));
      EXPECT_EQ(right.at("code"), "converted") << right;
      continue;
    }
    const json row = world.server.get_json("/api/v1/postbacks?id=" + answer.at("postback_id").get<std::string>());
    EXPECT_NE(row.at("items").at(0).at("fix"), "") << "the operator is told what to do";
    journey.mend(world);
    const json wish = {{"ids", {answer.at("postback_id")}}};
    for (const char* const expected : {journey.after, journey.after}) {
      const auto replayed = world.server.post("/api/v1/postbacks/replay", wish.dump(), "application/json");
      EXPECT_EQ(replayed.status, 200) << replayed.body;
      const json after = world.server.get_json("/api/v1/postbacks?id=" + answer.at("postback_id").get<std::string>());
      EXPECT_EQ(after.at("items").at(0).at("code"), std::string(expected)) << after << replayed.body;
    }
    EXPECT_EQ(world.server.get_json("/api/v1/conversions").at("items").size(), 1U) << "the second replay adds nothing";
  }
}

}  // namespace
}  // namespace postback::testing

// Outgoing postbacks from end to end: a click, a postback, and what arrives at the other side.
#include "postback/domain/webhook_signature.hpp"
#include "support/delivery_receiver.hpp"
#include "support/eventually.hpp"
#include "support/fake_clock.hpp"
#include "support/metric_page.hpp"
#include "support/test_server.hpp"

#include <gtest/gtest.h>

#include <future>
#include <set>
#include <string>
#include <thread>

namespace postback::testing {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

class DeliveryJourney : public ::testing::Test {
 protected:
  static TestServer::Adjust adjusted() {
    return [](AppOptions& options) {
      options.delivery.allow_private_networks = {"127.0.0.0/8"};
      options.drain = 2s;
    };
  }

  void SetUp() override { token_ = server_.example_catalog(); }

  /// Lets time pass, more than a connection has for its first header: the server looks at its clock in ticks, and what
  /// connects before the next one would be too late at once.
  void pass(std::chrono::milliseconds time) {
    auto silent = server_.connect();
    server_.settle();
    clock_.advance(time);
    EXPECT_TRUE(silent.is_closed()) << "its time is over";
  }

  /// A destination that is told by GET; `more` in place of its defaults.
  json document(json more = json::object()) const {
    json made{{"name", "CRM"},
              {"profile", "generic"},
              {"method", "GET"},
              {"url", receiver_.url("/in?tx={txid}&st={status}")}};
    made.update(more);
    return made;
  }
  void put(const std::string& id, const json& destination) {
    const auto answer = server_.put("destinations", id, destination.dump());
    ASSERT_TRUE(answer.status == 201 || answer.status == 200) << answer.body;
  }
  void convert(const std::string& click, const std::string& txid, const std::string& status = "approved") {
    const auto answer = server_.get("/postback/acme?token=" + token_ + "&click_id=" + click +
                                    "&payout=12.50&currency=USD&txid=" + txid + "&status=" + status);
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  double metric(const std::string& name, const std::map<std::string, std::string>& labels = {}) const {
    return read_metric_page(server_.exchange(request_text("GET", "/metrics")).body).value(name, labels);
  }
  void wait_for_metric(const std::string& name, const std::map<std::string, std::string>& labels, double value) const {
    eventually([&] { return metric(name, labels) >= value; });
    ASSERT_EQ(metric(name, labels), value) << name;
  }
  void wait_for_results(const std::string& result, double count) const {
    wait_for_metric("postbackd_deliveries_total", {{"result", result}}, count);
  }

  FakeClock clock_;
  DeliveryReceiver receiver_;
  TestServer server_{adjusted(), &clock_};
  std::string token_;
};

TEST_F(DeliveryJourney, AConversionArrivesAsItsTemplateSays) {
  put("crm", {{"name", "CRM"},
              {"profile", "generic"},
              {"method", "POST"},
              {"url", receiver_.url("/in?cid={external_id}&zone={sub1}&id={delivery_id}")},
              {"headers", {{"X-Key", "key {txid}"}}},
              {"body", {{"txid", "{txid}"}, {"status", "{status}"}, {"payout", "{payout}"}}},
              {"payout_percent", "80"},
              {"signing", {{"secrets", {kSecret}}}}});
  convert(server_.click("cid=E%201&zone=z9"), "T1");
  const auto request = receiver_.wait_for(1).front();
  wait_for_results("delivered", 1);
  const auto id = request.header("Idempotency-Key");
  EXPECT_EQ(request.line, "POST /in?cid=E%201&zone=z9&id=" + id + " HTTP/1.1");
  EXPECT_TRUE(id.starts_with("dlv_")) << id;
  EXPECT_EQ(request.header("Host"), "127.0.0.1:" + std::to_string(receiver_.port()));
  EXPECT_EQ(request.header("X-Key"), "key T1");
  EXPECT_EQ(request.header("Content-Type"), "application/json");
  EXPECT_EQ(request.header("Content-Length"), std::to_string(request.body.size()));
  EXPECT_TRUE(request.header("User-Agent").starts_with("postbackd")) << request.header("User-Agent");
  const auto body = json::parse(request.body);
  EXPECT_EQ(body.at("txid"), "T1");
  EXPECT_EQ(body.at("status"), "approved");
  EXPECT_EQ(body.at("payout"), "10.00");
  EXPECT_EQ(request.header("webhook-id"), id);
  const std::vector keys{webhook_key(kSecret).value()};
  EXPECT_EQ(request.header("webhook-signature"),
            sign_webhook(keys, id, std::stoll(request.header("webhook-timestamp")), request.body));
  EXPECT_EQ(receiver_.count(), 1U);
  EXPECT_EQ(metric("postbackd_delivery_attempts_total", {{"reason", "delivered"}}), 1);
}

TEST_F(DeliveryJourney, ARetryEndsTheWaitThatAServerAskedFor) {
  receiver_.answer([](const auto&) {
    return "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 999999999\r\nContent-Length: 0\r\n\r\n";
  });
  put("crm", document());
  convert(server_.click(), "T1");
  wait_for_metric("postbackd_delivery_destinations_held", {}, 1);
  const auto state = [this] { return server_.get_json("/api/v1/destinations/crm/state"); };
  ASSERT_TRUE(eventually([&] { return state().at("wait_reason") == "retry_after"; })) << state();
  EXPECT_EQ(state().at("state"), "active");
  EXPECT_FALSE(state().at("waits_until").is_null());
  receiver_.answer("204 No Content");
  clock_.advance(1ms);  // a filter finds what is older than now
  const json wish{{"filter", {{"status", "pending"}}}};
  const auto retried = server_.post("/api/v1/deliveries/retry", wish.dump(), "application/json");
  EXPECT_EQ(json::parse(retried.body).at("changed"), 1) << retried.body;
  wait_for_results("delivered", 1);
  EXPECT_TRUE(state().at("waits_until").is_null()) << state();
  EXPECT_EQ(receiver_.count(), 2U);
}

TEST_F(DeliveryJourney, AChangeOfStatusFiresAgain) {
  put("first", document({{"when", {{"status", {"approved"}}}}}));
  put("changes", document({{"trigger", "status_change"}, {"url", receiver_.url("/change?st={status}")}}));
  const auto click = server_.click();
  convert(click, "T1", "pending");
  convert(click, "T1", "approved");
  convert(click, "T1", "rejected");
  convert(click, "T1", "rejected");
  const auto requests = receiver_.wait_for(3);
  wait_for_results("delivered", 3);
  std::vector<std::string> lines;
  for (const auto& request : requests) lines.push_back(request.line.substr(0, request.line.rfind(' ')));
  std::ranges::sort(lines);
  EXPECT_EQ(lines, (std::vector<std::string>{"GET /change?st=approved", "GET /change?st=rejected",
                                             "GET /in?tx=T1&st=approved"}));
  EXPECT_EQ(metric("postbackd_deliveries_planned_total"), 3);
}

TEST_F(DeliveryJourney, EachTriggerTellsOfItsOwn) {
  put("clicks", document({{"trigger", "click"}, {"url", receiver_.url("/click?id={clickid}")}}));
  const auto click = server_.click();
  EXPECT_EQ(receiver_.wait_for(1).front().line, "GET /click?id=" + click + " HTTP/1.1");
  convert(click, "T1");
  server_.click();
  receiver_.wait_for(2);
  wait_for_results("delivered", 2);
  EXPECT_EQ(receiver_.count(), 2U);
}

TEST_F(DeliveryJourney, AWithheldRowOfAFeedThatIsResentStandsThere) {
  put("ads", {{"name", "Ads"},
              {"profile", "google_ads_offline"},
              {"send_percent", "50"},
              {"settings", {{"conversion_name", "Sale"}, {"gclid", "{external_id}"}}}});
  convert(server_.click("cid=GCLID-1"), "T1");
  wait_for_results("withheld", 1);
  const auto withheld = server_.get_json("/api/v1/deliveries?status=withheld").at("items").at(0).at("id");
  const json wish{{"ids", {withheld}}};
  const auto answer = server_.post("/api/v1/deliveries/resend", wish.dump(), "application/json");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const std::string made = json::parse(answer.body).at("items").at(0).at("new_id");
  wait_for_results("listed", 1);
  EXPECT_EQ(server_.get_json("/api/v1/deliveries/" + made).at("status"), "listed");
}

TEST_F(DeliveryJourney, WhatIsWithheldIsCounted) {
  put("half", document({{"send_percent", "50"}}));
  const auto click = server_.click();
  for (int n = 0; n < 10; ++n) convert(click, "T" + std::to_string(n));
  wait_for_results("delivered", 5);
  EXPECT_EQ(metric("postbackd_deliveries_total", {{"result", "withheld"}}), 5);
  EXPECT_EQ(receiver_.count(), 5U);
}

TEST_F(DeliveryJourney, TheEndOfAHoldAndACorrectionFire) {
  auto network = json::parse(server_.get("/api/v1/networks/acme").body);
  for (const char* const member : {"id", "revision", "updated", "archived", "warnings"}) network.erase(member);
  network["rules"] = {{{"name", "all"}, {"action", "hold"}, {"hold_s", 600}}};
  ASSERT_EQ(server_.put("networks", "acme", network.dump()).status, 200);
  put("first", document({{"when", {{"status", {"approved"}}}}}));
  put("changes",
      document({{"trigger", "status_change"}, {"when", {{"status", {"rejected"}}}}, {"url", receiver_.url("/no")}}));
  const auto click = server_.click();
  convert(click, "T1");
  EXPECT_EQ(receiver_.count(), 0U);
  clock_.step(10min);
  EXPECT_EQ(receiver_.wait_for(1).front().line, "GET /in?tx=T1&st=approved HTTP/1.1");
  const auto corrected = server_.exchange(request_text(
      "PATCH", "/api/v1/conversions/" + click + "-1",
      std::string(TestServer::kKeyHeader) + "Content-Type: application/json\r\n", R"({"status":"rejected"})"));
  ASSERT_EQ(corrected.status, 200) << corrected.body;
  EXPECT_EQ(receiver_.wait_for(2).back().line, "GET /no HTTP/1.1");
}

TEST_F(DeliveryJourney, AFailureIsTriedAgainWithTheSameKey) {
  put("crm", document());
  receiver_.answer("500 Internal Server Error");
  convert(server_.click(), "T1");
  receiver_.wait_for(1);
  wait_for_metric("postbackd_delivery_attempts_total", {{"reason", "wrong_status"}}, 1);
  receiver_.answer("200 OK");
  pass(1min);
  const auto requests = receiver_.wait_for(2);
  wait_for_results("delivered", 1);
  EXPECT_EQ(requests[0].header("Idempotency-Key"), requests[1].header("Idempotency-Key"));
  EXPECT_EQ(requests[0].line, requests[1].line);
}

TEST_F(DeliveryJourney, ARedirectIsNotFollowed) {
  put("crm", document());
  receiver_.answer(
      [this](const auto&) { return answer_text("302 Found", "Location: " + receiver_.url("/elsewhere") + "\r\n"); });
  convert(server_.click(), "T1");
  wait_for_metric("postbackd_delivery_attempts_total", {{"reason", "redirect_not_followed"}}, 1);
  EXPECT_EQ(receiver_.count(), 1U);
}

TEST_F(DeliveryJourney, GonePausesTheDestination) {
  put("crm", document());
  receiver_.answer("410 Gone");
  const auto click = server_.click();
  convert(click, "T1");
  wait_for_metric("postbackd_delivery_destinations_held", {}, 1);
  convert(click, "T2");
  pass(3h);
  wait_for_metric("postbackd_deliveries_planned_total", {}, 2);
  EXPECT_EQ(receiver_.count(), 1U);
}

TEST_F(DeliveryJourney, AServerThatHangsDelaysNoOther) {
  DeliveryReceiver silent;
  silent.answer([](const auto&) { return std::nullopt; });
  put("silent", document({{"url", silent.url()}}));
  put("crm", document());
  const auto click = server_.click();
  for (int n = 0; n < 50; ++n) convert(click, "T" + std::to_string(n));
  wait_for_results("delivered", 50);
  EXPECT_EQ(receiver_.count(), 50U);
  EXPECT_LE(silent.count(), 2U);
  EXPECT_EQ(server_.get("/readyz").status, 200) << "destinations do not make the server unready";
  EXPECT_EQ(server_.get_json("/readyz").at("deliveries_in_flight"), silent.count());
}

TEST_F(DeliveryJourney, WhatWasUnderWayAtTheEndIsSentAgain) {
  put("crm", document());
  receiver_.answer([](const auto&) { return std::nullopt; });
  convert(server_.click(), "T1");
  receiver_.wait_for(1);
  ASSERT_TRUE(server_.stop().has_value());
  receiver_.answer("200 OK");
  server_.restart();
  const auto requests = receiver_.wait_for(2);
  wait_for_results("delivered", 1);
  EXPECT_EQ(requests[0].header("Idempotency-Key"), requests[1].header("Idempotency-Key"));
}

TEST_F(DeliveryJourney, WhatIsAnsweredInTimeAtTheEndIsNoted) {
  put("crm", document());
  std::promise<void> stopping;
  receiver_.answer([told = stopping.get_future().share()](const auto&) {
    told.wait();
    return answer_text("200 OK");
  });
  convert(server_.click(), "T1");
  receiver_.wait_for(1);
  std::thread stop([this] { EXPECT_TRUE(server_.stop().has_value()); });
  stopping.set_value();
  stop.join();
  server_.restart();
  convert(server_.click(), "T2");
  EXPECT_EQ(receiver_.wait_for(2).back().line, "GET /in?tx=T2&st=approved HTTP/1.1") << "T1 was noted";
}

TEST(DeliveryGuard, APrivateAddressIsNotConnectedTo) {
  DeliveryReceiver receiver;
  bool allowed = true;
  TestServer server([&allowed](AppOptions& options) {
    if (allowed) options.delivery.allow_private_networks = {"127.0.0.0/8"};
  });
  const auto token = server.example_catalog();
  const json crm{{"name", "CRM"}, {"profile", "generic"}, {"method", "GET"}, {"url", receiver.url()}};
  ASSERT_EQ(server.put("destinations", "crm", crm.dump()).status, 201);
  allowed = false;
  server.restart();
  ASSERT_EQ(server.get("/postback/acme?token=" + token + "&click_id=" + server.click() + "&txid=T1").status, 200);
  const auto failed = [&] {
    return read_metric_page(server.exchange(request_text("GET", "/metrics")).body)
        .value("postbackd_deliveries_total", {{"result", "failed"}});
  };
  eventually([&] { return failed() >= 1; });
  EXPECT_EQ(failed(), 1);
  EXPECT_EQ(receiver.count(), 0U);
}

/// Nothing is sent at first.
class DeliverySwitch : public ::testing::Test {
 protected:
  void switch_on() {
    enabled = "on";
    server.restart();
  }

  std::string enabled = "off";  ///< From the next start on.
  DeliveryReceiver receiver;
  TestServer server{[this](AppOptions& options) {
    options.delivery.allow_private_networks = {"127.0.0.0/8"};
    options.delivery.enabled = enabled;
  }};
  const std::string token = server.example_catalog();
};

TEST_F(DeliverySwitch, OffKeepsWhatWouldBeSent) {
  const json crm{{"name", "CRM"}, {"profile", "generic"}, {"method", "GET"}, {"url", receiver.url()}};
  ASSERT_EQ(server.put("destinations", "crm", crm.dump()).status, 201);
  const auto click = server.click();
  for (int n = 0; n < 5; ++n) {
    ASSERT_EQ(server.get("/postback/acme?token=" + token + "&click_id=" + click + "&txid=T" + std::to_string(n)).status,
              200);
  }
  EXPECT_EQ(receiver.count(), 0U);
  switch_on();
  receiver.wait_for(5);
}

/// Who is told of something is decided by the catalog of that moment, however late it is planned.
TEST_F(DeliverySwitch, WhatHappenedConcernsTheDestinationsOfThatMoment) {
  const auto put = [&](const std::string& id, const json& more, int status) {
    json document{{"name", "CRM"}, {"url", receiver.url("/" + id + "?tx={txid}")}};
    document.merge_patch(more);
    ASSERT_EQ(server.put("destinations", id, document.dump()).status, status);
  };
  const auto click = server.click();
  const auto convert = [&](const std::string& txid) {
    ASSERT_EQ(server.get("/postback/acme?token=" + token + "&click_id=" + click + "&txid=" + txid).status, 200);
  };
  convert("nobody");
  put("edited", json::object(), 201);
  put("deleted", json::object(), 201);
  convert("both");
  put("edited", {{"when", {{"status", {"rejected"}}}}}, 200);
  const auto revision = server.get_json("/api/v1/revisions?limit=1").at("items").at(0).at("id").get<std::string>();
  ASSERT_EQ(server.exchange(request_text("DELETE", "/api/v1/destinations/deleted", TestServer::kKeyHeader)).status,
            200);
  put("later", json::object(), 201);
  convert("last");
  switch_on();
  const auto deliveries = [&](const std::string& filter) {
    return server.get_json("/api/v1/deliveries?" + filter).at("items").size();
  };
  EXPECT_TRUE(eventually([&] { return deliveries("status=delivered") == 2; }));
  std::set<std::string> lines;
  for (const auto& request : receiver.requests()) lines.insert(request.line);
  EXPECT_EQ(lines, (std::set<std::string>{"GET /edited?tx=both HTTP/1.1", "GET /later?tx=last HTTP/1.1"}));
  EXPECT_EQ(deliveries("destination=deleted&status=pending"), 1U) << "it waits for its destination";
  const json wanted{{"entities", {"destinations/deleted"}}};
  ASSERT_EQ(server.post("/api/v1/revisions/" + revision + "/restore", wanted.dump(), "application/json").status, 200);
  EXPECT_TRUE(eventually([&] { return deliveries("destination=deleted&status=delivered") == 1; }));
}

}  // namespace
}  // namespace postback::testing

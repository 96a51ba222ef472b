// Feeds: who may fetch them, and which conversions stand there.
#include "support/api_world.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include <string>

namespace postback::testing::api {
namespace {

using nlohmann::json;

constexpr SnowflakeId kClick = make_snowflake(kNow, 1, 7);

std::string basic(const std::string& login) {
  std::string text(sodium_base64_ENCODED_LEN(login.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(login.data()), login.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // the final NUL
  return "Basic " + text;
}

class ApiFeed : public ::testing::Test {
 protected:
  ApiFeed() {
    const auto put = world_.put("/api/v1/destinations/ads",
                                R"({"name":"Ads","profile":"google_ads_offline","feed_token":"FEED-TOKEN-12345678",
            "settings":{"conversion_name":"Sale","gclid":"{external_id}"}})");
    EXPECT_EQ(put.status, 201) << put.body();
    delivery_.id = make_snowflake(kNow, 1, 9);
    delivery_.destination = world_.slot.current()->document(EntityKind::destination, "ads")->number;
    delivery_.click = kClick;
    delivery_.conversion = make_snowflake(kNow, 1, 8);
    delivery_.conversion_number = 1;
    delivery_.conversion_revision = 1;
    delivery_.state = DeliveryState::listed;
    delivery_.created = kNow;
    StoredConversion conversion;
    conversion.id = delivery_.conversion;
    conversion.click = kClick;
    conversion.number = 1;
    conversion.event = "sale";
    conversion.payout = 12'500'000;
    conversion.currency = "USD";
    conversion.time = kNow;
    conversion.revision = 1;
    world_.shelf.conversion = conversion;
    world_.shelf.delivery_facts.conversion = conversion;
    world_.shelf.delivery_facts.click.emplace();
    world_.shelf.delivery_facts.click->id = kClick;
    world_.shelf.delivery_facts.click->external_id = "GCLID-1";
    world_.shelf.delivery_facts.click->external_name = "gclid";
    world_.shelf.deliveries.rows = {delivery_};
  }

  CapturedAnswer fetch(const std::string& login, const std::string& target = "/feeds/ads.csv") {
    Sent sent{.target = target, .headers = {}};
    if (!login.empty()) sent.headers.emplace_back("Authorization", login);
    return world_.send(sent);
  }
  CapturedAnswer fetch_rightly() { return fetch(basic("ads:FEED-TOKEN-12345678")); }

  ApiWorld world_;
  Delivery delivery_;
};

TEST_F(ApiFeed, IsFetchedWithItsOwnNameAndToken) {
  const auto answer = fetch_rightly();
  ASSERT_EQ(answer.status, 200) << answer.body();
  EXPECT_EQ(answer.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_NE(answer.body().find("GCLID-1"), std::string::npos) << answer.body();
  const auto& asked = world_.shelf.asked;
  EXPECT_EQ(asked.from, kNow - std::chrono::hours{90 * 24});
  ASSERT_EQ(asked.filters.size(), 2U);
  EXPECT_EQ(asked.filters[0].value, (decltype(LogFilter::value)(std::int64_t{delivery_.destination})));
  EXPECT_EQ(asked.filters[1].value, (decltype(LogFilter::value)(std::int64_t{5})));
}

TEST_F(ApiFeed, RefusesEverybodyElse) {
  for (const auto& login :
       {std::string(), std::string("Bearer k1"), basic("ads:FEED-TOKEN-12345679"), basic("crm:FEED-TOKEN-12345678"),
        basic("FEED-TOKEN-12345678"), basic("ads:"), std::string("Basic ***")}) {
    const auto answer = fetch(login);
    EXPECT_EQ(answer.status, 401) << login;
    EXPECT_TRUE(answer.header("WWW-Authenticate").starts_with("Basic realm=")) << login;
    EXPECT_EQ(json::parse(answer.body()).at("type"), "/problems/feed-login");
  }
  ASSERT_EQ(
      world_.put("/api/v1/destinations/crm", R"({"name":"CRM","url":"https://crm.example/?c={external_id}"})").status,
      201);
  for (const auto* const id : {"crm", "nobody"})
    EXPECT_EQ(fetch(basic(std::string(id) + ":"), "/feeds/" + std::string(id) + ".csv").status, 401)
        << "what is no feed has no password";
}

TEST_F(ApiFeed, BoundsWhatIsTried) {
  for (unsigned i = 0; i < postback::api::BadKeys::kAllowed; ++i) EXPECT_EQ(fetch(basic("ads:x")).status, 401);
  const auto refused = fetch(basic("ads:x"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_FALSE(refused.header("Retry-After").empty());
  EXPECT_EQ(fetch_rightly().status, 200) << "the right one works all the same";
}

TEST_F(ApiFeed, LeavesOutWhatIsNoLongerAsItWasListed) {
  world_.shelf.conversion->status = ConversionStatus::rejected;
  EXPECT_EQ(fetch_rightly().body().find("GCLID-1"), std::string::npos);
  world_.shelf.delivery_facts.conversion->status = ConversionStatus::rejected;
  EXPECT_NE(fetch_rightly().body().find("GCLID-1"), std::string::npos) << "listed as rejected, and still is";
  world_.shelf.conversion.reset();
  EXPECT_EQ(fetch_rightly().body().find("GCLID-1"), std::string::npos) << "no longer known";
}

TEST_F(ApiFeed, HasAtMostSoManyRows) {
  world_.shelf.deliveries.next = 5;  // the same page again and again
  world_.shelf.deliveries.rows.assign(500, delivery_);
  const auto body = fetch_rightly().body();
  std::size_t rows = 0;
  for (auto at = body.find("GCLID-1"); at != std::string::npos; at = body.find("GCLID-1", at + 1)) ++rows;
  EXPECT_EQ(rows, 10'000U);
}

TEST_F(ApiFeed, AnArchivedOneIsGone) {
  ASSERT_EQ(world_.send({.method = http::Method::delete_, .target = "/api/v1/destinations/ads"}).status, 200);
  EXPECT_EQ(fetch_rightly().status, 401);
}

}  // namespace
}  // namespace postback::testing::api

// Which of this server's public URLs links are built on.
#include "support/api_world.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback::testing::api {
namespace {

using nlohmann::json;

class ApiLinks : public ::testing::Test {
 protected:
  ApiLinks() {
    put("networks/acme", R"({"name":"Acme","click_param":"sub1"})");
    put("offers/vpn", R"({"name":"VPN","network":"acme","url":"https://offer.example/?s={clickid}"})");
    put("campaigns/summer", R"({"name":"Summer","paths":[{"weight":1,"offers":[{"offer":"vpn","weight":1}]}]})");
    world.services.public_url = "https://t.example";
    world.services.tracking_urls = {"https://Go.example/", "http://go2.example:8443/in"};
  }

  json ask(json request, int status = 200) {
    const auto answer = world.send({.method = http::Method::post,
                                    .target = "/api/v1/links",
                                    .body = request.dump(),
                                    .headers = {{"Authorization", "Bearer " + std::string(kKey)},
                                                {"Content-Type", "application/json"},
                                                {"Host", "asked.example"}}});
    EXPECT_EQ(answer.status, status) << answer.body();
    return json::parse(answer.body());
  }

  void expect_all_on(const json& links, const std::string& base) {
    for (const char* url : {"tracking_link", "test_link", "postback_url", "test_postback"}) {
      EXPECT_TRUE(links.at(url).get<std::string>().starts_with(base)) << links.at(url) << " is not on " << base;
    }
    EXPECT_TRUE(links.at("postbacks").at(0).at("postback_url").get<std::string>().starts_with(base));
    EXPECT_EQ(links.at("notes").dump().find("Host header"), std::string::npos);
  }

  ApiWorld world;

 private:
  void put(const std::string& path, const std::string& body) {
    const auto answer = world.put("/api/v1/" + path, body);
    EXPECT_EQ(answer.status, 201) << answer.body();
  }
};

TEST_F(ApiLinks, AreBuiltOnTheDomainThatIsAskedFor) {
  expect_all_on(ask({{"campaign", "summer"}}), "https://t.example/");
  expect_all_on(ask({{"campaign", "summer"}, {"domain", "t.example"}}), "https://t.example/");
  expect_all_on(ask({{"campaign", "summer"}, {"domain", "GO.example"}}), "https://Go.example/");
  expect_all_on(ask({{"campaign", "summer"}, {"domain", "go2.example:8443"}}), "http://go2.example:8443/in/");
  world.services.public_url.clear();
  expect_all_on(ask({{"campaign", "summer"}, {"domain", "go.example"}}), "https://Go.example/");
  EXPECT_TRUE(
      ask({{"campaign", "summer"}}).at("tracking_link").get<std::string>().starts_with("http://asked.example/"));
}

TEST_F(ApiLinks, ADomainThatIsNoneIsRefusedWithThoseThatAre) {
  const json twice = ask({{"campaign", "winter"}, {"domain", "go2.example"}}, 400).at("errors");
  ASSERT_EQ(twice.size(), 2U) << "each fault is listed";
  EXPECT_EQ(twice.at(0).at("field"), "campaign");
  EXPECT_EQ(twice.at(1).at("field"), "domain");
  EXPECT_EQ(twice.at(1).at("expected"), "one of: t.example, go.example, go2.example:8443");
  EXPECT_EQ(ask({{"campaign", "summer"}, {"domain", 5}}, 400).at("errors").at(0).at("field"), "domain");
  world.services.public_url.clear();
  world.services.tracking_urls.clear();
  const json none = ask({{"campaign", "summer"}, {"domain", "asked.example"}}, 400).at("errors");
  EXPECT_NE(none.at(0).at("expected").get<std::string>().find("http.tracking_urls"), std::string::npos);
}

}  // namespace
}  // namespace postback::testing::api

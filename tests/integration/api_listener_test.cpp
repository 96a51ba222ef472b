// A listener of its own for the API: what each of the two serves, and how both stop.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace postback::testing {
namespace {

void listen_for_api(AppOptions& options) { options.api_listen = {"127.0.0.1:0"}; }

RawResponse ask(std::uint16_t port, std::string_view target) {
  RawClient client(port);
  client.send(request_text("GET", target, TestServer::kKeyHeader));
  return client.read_response();
}

/// Puts a campaign through the API's listener, so that the public one has something to serve.
void put_campaign(std::uint16_t api_port) {
  const std::pair<const char*, const char*> documents[] = {
      {"networks/acme", R"({"name":"Acme","click_param":"sub1","currency":"USD","token":"t0k3n-of-acme"})"},
      {"offers/vpn", R"({"name":"VPN","network":"acme","url":"https://offer.example/lp?sub1={clickid}"})"},
      {"sources/adnet", R"({"name":"AdNet"})"},
      {"campaigns/summer", R"({"name":"Summer","source":"adnet","paths":[{"offers":[{"offer":"vpn"}]}]})"}};
  for (const auto& [path, body] : documents) {
    RawClient client(api_port);
    client.send(request_text("PUT", std::string("/api/v1/") + path, TestServer::kKeyHeader, body));
    const auto answer = client.read_response();
    ASSERT_EQ(answer.status, 201) << path << ": " << answer.body;
  }
}

TEST(ApiListener, EachServesItsOwnRoutes) {
  const TestServer server(listen_for_api);
  ASSERT_NE(server.api_port(), server.port());
  put_campaign(server.api_port());
  struct Row {
    const char* target;
    int on_public;
    int on_api;
  };
  const Row rows[] = {
      {"/healthz", 200, 200},          {"/readyz", 200, 200},
      {"/metrics", 404, 200},          {"/api/v1/networks", 404, 200},
      {"/api/v1/postbacks", 404, 200}, {"/%61pi/v1/networks", 404, 200},
      {"/c/summer", 302, 404},         {"/postback/acme?token=t0k3n-of-acme", 400, 404},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(ask(server.port(), row.target).status, row.on_public) << row.target << " on the public listener";
    EXPECT_EQ(ask(server.api_port(), row.target).status, row.on_api) << row.target << " on the API's listener";
  }
}

TEST(ApiListener, WithoutOneThePublicListenerServesAll) {
  TestServer server;
  EXPECT_TRUE(server.app().api_addresses().empty());
  for (const auto* target : {"/healthz", "/readyz", "/metrics", "/api/v1/networks"})
    EXPECT_EQ(ask(server.port(), target).status, 200) << target;
}

TEST(ApiListener, MetricsCountTheConnectionsOfBoth) {
  const TestServer server(listen_for_api);
  RawClient visitor(server.port());
  visitor.send(request_text("GET", "/healthz"));
  ASSERT_EQ(visitor.read_response().status, 200);
  const auto page = ask(server.api_port(), "/metrics").body;
  EXPECT_NE(page.find("\npostbackd_connections_open 2\n"), std::string::npos) << page;
}

TEST(ApiListener, StopLetsRequestsOfBothFinish) {
  TestServer server(listen_for_api);
  put_campaign(server.api_port());
  // A body under way on each: the server waits for its rest.
  RawClient api(server.api_port());
  const std::string body = R"({"name":"Autumn","source":"adnet","paths":[{"offers":[{"offer":"vpn"}]}]})";
  const auto put = request_text("PUT", "/api/v1/campaigns/autumn", TestServer::kKeyHeader, body);
  api.send(put.substr(0, put.size() - 5));
  RawClient network(server.port());
  const auto post = request_text("POST", "/postback/acme?token=t0k3n-of-acme", "", "txid=1");
  network.send(post.substr(0, post.size() - 2));
  // Both connections are known to the server once a later one was answered.
  ASSERT_EQ(ask(server.port(), "/healthz").status, 200);
  ASSERT_EQ(ask(server.api_port(), "/healthz").status, 200);
  std::thread stopping([&server] { EXPECT_TRUE(server.stop()); });
  api.send(put.substr(put.size() - 5));
  network.send(post.substr(post.size() - 2));
  EXPECT_EQ(api.read_response().status, 201);
  EXPECT_EQ(network.read_response().status, 400);
  stopping.join();
  server.restart();
  EXPECT_EQ(ask(server.api_port(), "/api/v1/campaigns/autumn").status, 200);
}

TEST(ApiListener, AnAddressInUseIsNamedAndNothingStarts) {
  const TestServer other;
  const auto address = "127.0.0.1:" + std::to_string(other.port());
  try {
    const TestServer server([&](AppOptions& options) { options.api_listen = {address}; });
    FAIL() << "it started";
  } catch (const std::runtime_error& failure) {
    EXPECT_NE(std::string(failure.what()).find("bind " + address + ": Address already in use"), std::string::npos);
  }
}

}  // namespace
}  // namespace postback::testing

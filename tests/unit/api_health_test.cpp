// Health checks and the metrics page.
#include "support/api_world.hpp"
#include "support/metric_page.hpp"

#include <gtest/gtest.h>

namespace postback::testing::api {
namespace {

using http::Method;
using nlohmann::json;

TEST(ApiHealth, SaysUpAndReady) {
  ApiWorld world;
  EXPECT_EQ(world.get("/healthz").body(), R"({"status":"up"})");
  const auto ready = world.get("/readyz");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(ready.body(),
            R"({"ready":true,"store":"available","spool":0,"queue":0,"lookup_queue":0,"api_queue":0,"log_queue":0,)"
            R"("delivery_queue":0,"deliveries_in_flight":0})");
}

TEST(ApiHealth, SaysWhenTheStoreRefuses) {
  ApiWorld world;
  world.store.failure = Error{ErrorCode::store_full, "disk full"};
  ASSERT_EQ(world.put("/api/v1/networks/acme", R"({"name":"Acme"})").status, 503);
  const auto ready = world.get("/readyz");
  EXPECT_EQ(ready.status, 503);
  const auto body = json::parse(ready.body());
  EXPECT_EQ(body["ready"], false);
  EXPECT_EQ(body["store"], "refusing");
  EXPECT_EQ(world.get("/healthz").status, 200);
}

TEST(ApiHealth, MetricsFollowTheTextFormat) {
  ApiWorld world;
  world.services.further_metrics = [](MetricText& text) { text.gauge("postbackd_extra", "Text.", 1); };
  ASSERT_EQ(world.put("/api/v1/networks/acme", R"({"name":"Acme"})").status, 201);
  const auto answer = world.send({.method = Method::get, .target = "/metrics", .headers = {}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  const auto body = answer.body();
  for (const auto& finding : lint_metrics(body)) ADD_FAILURE() << finding;
  for (const auto* expected : {
           "postbackd_build_info{version=\"1.2.3\",commit=\"abc123\"} 1\n",
           "# TYPE postbackd_clicks_total counter\npostbackd_clicks_total 0\n",
           "# TYPE postbackd_spool_clicks gauge\npostbackd_spool_clicks 0\n",
           "postbackd_batches_total 1\n",
           "postbackd_batch_items_total 1\n",
           "postbackd_batch_size_items_bucket{le=\"1\"} 1\n",
           "postbackd_commit_duration_seconds_bucket{le=\"0.00005\"} 1\n",
           "postbackd_commit_duration_seconds_count 1\n",
           "postbackd_items_refused_total 0\n",
           "postbackd_items_rejected_total 0\n",
           "postbackd_postbacks_total{code=\"converted\"} 0\n",
           "postbackd_postbacks_total{code=\"store_unavailable\"} 0\n",
           "postbackd_extra 1\n",
       }) {
    EXPECT_NE(body.find(expected), std::string::npos) << expected;
  }
  for (const auto* name : {"clicks_spooled_total", "clicks_unrecorded_total", "commit_duration_seconds", "queue_items",
                           "wal_bytes", "checkpoints_total"}) {
    EXPECT_NE(body.find("# TYPE postbackd_" + std::string(name) + " "), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace postback::testing::api

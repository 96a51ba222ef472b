// The OpenAPI document against the tables of routes, in both directions.
#include "postback/tracking/tracking.hpp"
#include "support/api_description.hpp"
#include "support/api_world.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace postback::testing {
namespace {

using MethodAndPath = std::pair<std::string, std::string>;

/// A path that takes all the rest stands for what is described below it.
const std::string kPostbacks = "/postback/{*}";
const std::set<std::string> kPostbackPaths = {"/postback", "/postback/{}", "/postback/{}/{}"};

std::set<MethodAndPath> described_routes() {
  const ApiDescription description;
  std::set<MethodAndPath> all;
  for (const auto& operation : description.operations())
    EXPECT_TRUE(all.emplace(operation.method, operation.pattern()).second) << operation.path << " is there twice";
  return all;
}

std::vector<http::Route> every_route(api::ApiWorld& world, TrackingFigures& figures) {
  RequestCounts counts{PostbackLimits()};
  RefusalLog refusals(world.clock);
  TrackingServices tracking{.clock = world.clock,
                            .catalog = world.slot,
                            .keys = world.keys,
                            .ids = world.ids,
                            .recorder = world.recorder,
                            .lookups = world.readers,
                            .figures = figures,
                            .counts = counts,
                            .refusals = refusals};
  auto all = tracking_routes(tracking);
  for (auto& route : postback::api::routes(world.services)) all.push_back(std::move(route));
  for (auto& route : postback::api::health_routes(world.services)) all.push_back(std::move(route));
  for (auto& route : postback::api::feed_routes(world.services)) all.push_back(std::move(route));
  return all;
}

TEST(OpenApi, DescribesEveryRouteAndNoOther) {
  api::ApiWorld world;
  TrackingFigures figures;
  std::set<MethodAndPath> routed;
  for (const auto& route : every_route(world, figures)) {
    const std::string method(to_string(route.method));
    if (route.pattern != kPostbacks) {
      routed.emplace(method, route.pattern);
      continue;
    }
    for (const auto& path : kPostbackPaths) routed.emplace(method, path);
  }
  EXPECT_EQ(described_routes(), routed);
}

TEST(OpenApi, GivesEveryOperationANameTextsAndSecurity) {
  const ApiDescription description;
  std::set<std::string> names;
  for (const auto& operation : description.operations()) {
    SCOPED_TRACE(operation.id);
    EXPECT_TRUE(names.insert(operation.id).second);
    EXPECT_FALSE(operation.described.at("summary").get<std::string>().empty());
    EXPECT_FALSE(operation.described.at("description").get<std::string>().empty());
    EXPECT_TRUE(operation.responses.contains("default"));
    EXPECT_EQ(operation.role == "none", operation.described.at("security").empty());
    for (const auto& parameter : operation.parameters) EXPECT_FALSE(parameter.description.empty()) << parameter.name;
  }
}

TEST(OpenApi, CanBeCheckedInEveryPart) {
  const ApiDescription description;
  for (const auto& [name, schema] : description.document().at("components").at("schemas").items()) {
    SCOPED_TRACE(name);
    const JsonSchema checked(description.document(), schema);
    for (const auto& example : schema.value("examples", nlohmann::json::array()))
      for (const auto& fault : checked.faults(example)) ADD_FAILURE() << fault;
  }
}

}  // namespace
}  // namespace postback::testing

// `simulate`: its steps against servers that work, and against some that do not.
#include "support/client_world.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace postback::testing {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The ID of what was made.
std::string made_id(const std::string& out) {
  std::smatch found;
  return std::regex_search(out, found, std::regex("simulate-[0-9a-f]{8}")) ? found.str() : "none";
}

TEST(Simulate, PassesAndCleansUpBehindItself) {
  const ClientWorld world;
  const auto ended = world.run({"simulate"});
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  EXPECT_TRUE(has(ended.out, "\n11 of 11 steps passed.\n")) << ended.out;
  EXPECT_TRUE(has(ended.out, "\nNext: ")) << ended.out;
  for (const char* const collection : {"networks", "offers", "sources", "campaigns"})
    EXPECT_TRUE(world.server.get_json("/api/v1/" + std::string(collection)).at("items").empty()) << collection;
  EXPECT_EQ(world.server.get_json("/api/v1/postbacks").at("items").size(), 3U);
}

TEST(Simulate, KeepsWhatItMadeWhenAsked) {
  const ClientWorld world;
  const auto ended = world.run({"simulate", "--keep"});
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  EXPECT_TRUE(has(ended.out, "\n10 of 10 steps passed.\n")) << ended.out;
  EXPECT_EQ(world.server.get("/api/v1/campaigns/" + made_id(ended.out)).status, 200);
}

TEST(Simulate, TakesACampaignAndANetworkThatAreThere) {
  const ClientWorld world;
  world.server.example_catalog();
  const auto campaign = world.run({"simulate", "--campaign", "summer"});
  EXPECT_EQ(campaign.status, 0) << campaign.out << campaign.err;
  EXPECT_TRUE(has(campaign.out, "network acme")) << campaign.out;
  const auto network = world.run({"simulate", "--network", "acme"});
  EXPECT_EQ(network.status, 0) << network.out << network.err;
  EXPECT_EQ(world.server.get_json("/api/v1/networks").at("items").size(), 1U);
  EXPECT_EQ(world.server.get_json("/api/v1/conversions").at("items").size(), 2U);
}

TEST(Simulate, ReachesListenersOfTheirOwn) {
  const ClientWorld world([](AppOptions& options) { options.api_listen = {"127.0.0.1:0"}; });
  const auto api = "http://127.0.0.1:" + std::to_string(world.server.api_port());
  const auto ended = world.run({"simulate", "--server", api, "--public", world.url()});
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  const auto swapped = world.run({"simulate", "--server", world.url()});
  EXPECT_EQ(swapped.status, 1);
  EXPECT_TRUE(has(swapped.out, "FAILED")) << swapped.out;
}

TEST(Simulate, NamesTheStepThatFails) {
  const ClientWorld world;
  world.server.example_catalog();
  auto paused = world.server.get_json("/api/v1/campaigns/summer");
  paused["state"] = "paused";
  ASSERT_EQ(world.server.put("campaigns", "summer", paused.dump()).status, 200);
  struct Row {
    const char* name;
    std::vector<std::string> arguments;
    const char* said;
  };
  const Row rows[] = {
      {"paused", {"simulate", "--campaign", "summer"}, "click is redirected     the tracking link answers 404"},
      {"no campaign", {"simulate", "--campaign", "none"}, "catalog has a campaign"},
      {"no network", {"simulate", "--network", "none"}, "there is no network"},
      {"no server", {"simulate", "--server", "http://127.0.0.1:1"}, "server is ready         cannot ask"},
      {"wrong key", {"simulate", "--key-file", world.write("key", "pbk_other")}, "came from the file"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto ended = world.run(row.arguments);
    EXPECT_EQ(ended.status, 1) << ended.err;
    EXPECT_TRUE(has(ended.out, row.said)) << ended.out;
    EXPECT_TRUE(has(ended.out, "FAILED") && has(ended.out, "left out")) << ended.out;
    EXPECT_TRUE(has(ended.out, "Next: mend the first step that failed")) << ended.out;
  }
}

}  // namespace
}  // namespace postback::testing

// Routing: a pure function of the click ID whose shares converge to the weights.
#include "postback/domain/catalog.hpp"
#include "support/example_catalog.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>

namespace postback {
namespace {

constexpr int kClicks = 100'000;

std::shared_ptr<const Catalog> catalog_with_paths(const std::string& paths) {
  auto documents = example_documents();
  documents.pop_back();
  for (const char* id : {"a", "b", "c"}) {
    documents.push_back(
        document_of(EntityKind::offer, id, R"({"name":"O","network":"acme","url":"https://o.example/"})"));
  }
  documents.push_back(document_of(EntityKind::campaign, "summer", R"({"name":"S","paths":)" + paths + "}"));
  return catalog_of(std::move(documents));
}

/// How often each path and offer was chosen, as `0/a`, for click IDs with random signatures or with counted ones.
std::map<std::string, int> shares_of(const std::string& paths, bool random_signatures) {
  const auto catalog = catalog_with_paths(paths);
  std::mt19937_64 random(20250101);
  std::map<std::string, int> shares;
  for (std::uint64_t n = 0; n < kClicks; ++n) {
    const Route route = choose_route(*catalog->campaign("summer"), {n, random_signatures ? random() : n}, Visitor{});
    ++shares[std::to_string(route.path) + "/" + route.offer->id];
  }
  return shares;
}

void expect_share(const std::map<std::string, int>& shares, const std::string& name, double share) {
  const auto found = shares.find(name);
  const double got = found == shares.end() ? 0 : found->second;
  const double deviation = std::sqrt(kClicks * share * (1 - share));
  EXPECT_NEAR(got, kClicks * share, 4 * deviation) << name;
}

TEST(ChooseRoute, SharesConvergeToTheWeights) {
  for (const bool random_signatures : {true, false}) {
    const auto shares = shares_of(R"([{"weight":3,"offers":[{"offer":"a","weight":1},{"offer":"b","weight":4}]},
                                      {"weight":1,"offers":[{"offer":"b","weight":1},{"offer":"c","weight":1}]}])",
                                  random_signatures);
    EXPECT_EQ(shares.size(), 4U);
    // The levels are independent: each share is the product of both weights.
    expect_share(shares, "0/a", 0.75 * 0.2);
    expect_share(shares, "0/b", 0.75 * 0.8);
    expect_share(shares, "1/b", 0.25 * 0.5);
    expect_share(shares, "1/c", 0.25 * 0.5);
  }
}

TEST(ChooseRoute, ReachesTheSmallestAndTheLargestWeight) {
  const auto shares = shares_of(
      R"([{"offers":[{"offer":"a","weight":1},{"offer":"b","weight":1000000},{"offer":"c","weight":999}]}])", true);
  expect_share(shares, "0/a", 1.0 / 1001000);
  expect_share(shares, "0/b", 1000000.0 / 1001000);
  expect_share(shares, "0/c", 999.0 / 1001000);
}

TEST(ChooseRoute, IsAPureFunctionOfTheSignature) {
  const std::string paths = R"([{"offers":[{"offer":"a"},{"offer":"b"}]},{"offers":[{"offer":"c"},{"offer":"a"}]}])";
  const auto first = catalog_with_paths(paths);
  const auto second = catalog_with_paths(paths);
  for (std::uint64_t low = 0; low < 1000; ++low) {
    const Route route = choose_route(*first->campaign("summer"), {1, low}, Visitor{});
    const Route again = choose_route(*second->campaign("summer"), {2, low}, Visitor{});
    EXPECT_EQ(route.path, again.path);
    EXPECT_EQ(route.offer->id, again.offer->id);
  }
}

TEST(ChooseRoute, TheOnlyOfferGetsEveryClick) {
  const auto catalog = example_catalog();
  for (const std::uint64_t low : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
    const Route route = choose_route(*catalog->campaign("summer"), {1, low}, Visitor{});
    EXPECT_EQ(route.path, 0U);
    EXPECT_EQ(route.offer, catalog->offer(1));
  }
}

// Past choices must stay recomputable: these were recorded when the function was written.
TEST(ChooseRoute, NeverChangesBetweenVersions) {
  const auto catalog =
      catalog_with_paths(R"([{"offers":[{"offer":"a"},{"offer":"b"}]},{"offers":[{"offer":"c"},{"offer":"a"}]}])");
  std::string chosen;
  for (std::uint64_t low = 0; low < 16; ++low) {
    const Route route = choose_route(*catalog->campaign("summer"), {1, low * 0x0123456789ABCDEF}, Visitor{});
    chosen += std::to_string(route.path) + route.offer->id + " ";
  }
  EXPECT_EQ(chosen, "1c 0b 1c 0b 0a 1c 1a 0a 0b 1c 0b 0a 0a 0b 1c 1c ");
}

}  // namespace
}  // namespace postback

// Which offer a CTA leads to, in the catalog of its click and in one that has changed since.
#include "tracking/cta_choice.hpp"

#include "support/example_catalog.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

/// Offers a (1) to d (4), of which `archived` is; campaign c with these paths.
std::shared_ptr<const Catalog> catalog_with(const std::string& paths, std::string_view archived = {}) {
  std::vector<EntityDocument> documents{document_of(EntityKind::network, "n", R"({"name":"N","token":"T0KEN-n-n"})")};
  for (const std::string id : {"a", "b", "c", "d"}) {
    documents.push_back(document_of(EntityKind::offer, id,
                                    R"({"name":"O","network":"n","url":"https://)" + id + R"(.example/{clickid}"})"));
    documents.back().archived = id == archived;
  }
  documents.push_back(document_of(EntityKind::campaign, "c", R"({"name":"C","paths":)" + paths + "}"));
  return catalog_of(documents);
}

std::string chosen(const Catalog& catalog, const StoredClick& click, std::size_t wanted) {
  const Offer* const offer = choose_cta_offer(catalog, catalog.campaign("c"), click, ClickId{click.id, 77}, wanted);
  return offer == nullptr ? "" : offer->id;
}

StoredClick click_on(std::uint32_t path, EntityNumber offer) {
  StoredClick click;
  click.id = 1;
  click.campaign = 1;
  click.path = path;
  click.offer = offer;
  return click;
}

constexpr const char* kTwoPaths =
    R"([{"offers":[{"offer":"a"},{"offer":"b"}]},{"offers":[{"offer":"c"},{"offer":"d"}]}])";

TEST(CtaChoice, FollowsTheRecordedPath) {
  const auto catalog = catalog_with(kTwoPaths);
  EXPECT_EQ(chosen(*catalog, click_on(0, 2), 0), "b") << "the one chosen by weight at the click";
  EXPECT_EQ(chosen(*catalog, click_on(0, 2), 1), "a");
  EXPECT_EQ(chosen(*catalog, click_on(0, 2), 2), "b");
  EXPECT_EQ(chosen(*catalog, click_on(0, 2), 3), "b") << "there is no third";
  EXPECT_EQ(chosen(*catalog, click_on(1, 3), 2), "d");
}

TEST(CtaChoice, FindsAPathThatMoved) {
  const auto catalog =
      catalog_with(R"([{"offers":[{"offer":"c"},{"offer":"d"}]},{"offers":[{"offer":"a"},{"offer":"b"}]}])");
  EXPECT_EQ(chosen(*catalog, click_on(0, 1), 2), "b");
  EXPECT_EQ(chosen(*catalog, click_on(7, 4), 1), "c");
}

TEST(CtaChoice, KeepsTheRecordedOfferWhenItsPathIsGone) {
  const auto catalog = catalog_with(R"([{"offers":[{"offer":"c"}]}])");
  EXPECT_EQ(chosen(*catalog, click_on(0, 1), 0), "a");
  EXPECT_EQ(chosen(*catalog, click_on(0, 1), 1), "c") << "the n-th of the campaign's choice of today";
}

TEST(CtaChoice, LeavesArchivedOffers) {
  const auto catalog = catalog_with(R"([{"offers":[{"offer":"c"}]}])", "a");
  EXPECT_EQ(chosen(*catalog, click_on(0, 1), 0), "c");
  EXPECT_EQ(chosen(*catalog, click_on(0, 99), 0), "c") << "an offer that is not there at all";
  EXPECT_EQ(choose_cta_offer(*catalog, nullptr, click_on(0, 1), ClickId{}, 0), nullptr);
}

TEST(CtaChoice, WithoutARowTakesTheChoiceForTheId) {
  const auto catalog = catalog_with(kTwoPaths);
  const Campaign& campaign = *catalog->campaign("c");
  for (std::uint64_t low = 0; low < 20; ++low) {
    const ClickId id{1, low};
    const Route route = choose_route(campaign, id, Visitor{});
    EXPECT_EQ(choose_cta_offer(*catalog, campaign, id, 0), route.offer);
    EXPECT_EQ(choose_cta_offer(*catalog, campaign, id, 2), campaign.paths[route.path].offers[1].offer);
  }
}

}  // namespace
}  // namespace postback

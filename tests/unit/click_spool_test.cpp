// ClickSpool: what destinations may have to be told of waits with the visit.
#include "store/click_spool.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

template <class Base>
struct Idle : Base {
  void run() noexcept override {}
};

Idle<ImpressionItem> impression(bool told, const std::string& detail = {}) {
  Idle<ImpressionItem> item;
  item.impressions = {5, impression_bucket(TimeMs{std::chrono::hours{9}}), 1};
  item.told = told;
  item.told_time = TimeMs{std::chrono::hours{9} + std::chrono::minutes{7}};
  item.told_detail = detail;
  return item;
}

std::vector<const ImpressionItem*> impressions(ClickSpool& spool) {
  std::vector<const ImpressionItem*> found;
  for (const Item* item : spool.oldest(1'000)) {
    if (item->kind == ItemKind::impression) found.push_back(static_cast<const ImpressionItem*>(item));
  }
  return found;
}

TEST(ClickSpool, KeepsWhetherClicksAndCtasAreTold) {
  ClickSpool spool(100, 1 << 20);
  for (const bool told : {false, true}) {
    Idle<ClickItem> click;
    click.told = told;
    Idle<CtaItem> cta;
    cta.told = told;
    ASSERT_TRUE(spool.add(click) && spool.add(cta));
  }
  const auto items = spool.oldest(10);
  ASSERT_EQ(items.size(), 4U);
  EXPECT_FALSE(static_cast<const ClickItem*>(items[0])->told);
  EXPECT_FALSE(static_cast<const CtaItem*>(items[1])->told);
  EXPECT_TRUE(static_cast<const ClickItem*>(items[2])->told);
  EXPECT_TRUE(static_cast<const CtaItem*>(items[3])->told);
}

TEST(ClickSpool, AnImpressionThatIsToldIsAnEntryOfItsOwn) {
  ClickSpool spool(100, 1 << 20);
  for (const bool told : {true, false, true, false}) ASSERT_TRUE(spool.add(impression(told, "{}")));
  const auto found = impressions(spool);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_TRUE(found[0]->told);
  EXPECT_EQ(found[0]->told_detail, "{}");
  EXPECT_EQ(found[0]->told_time, impression(true).told_time);
  EXPECT_EQ(found[0]->impressions.count, 1U);
  EXPECT_FALSE(found[1]->told);
  EXPECT_EQ(found[1]->impressions.count, 2U);
  EXPECT_TRUE(found[2]->told);
}

TEST(ClickSpool, ImpressionsThatAreToldNeverTakeTheClicksPlace) {
  ClickSpool by_number(10, 1 << 20);
  ClickSpool by_size(1'000, 100'000);
  for (ClickSpool* const spool : {&by_number, &by_size}) {
    const std::string detail(spool == &by_size ? 10'000 : 2, 'x');
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(spool->add(impression(true, detail))) << i;
    EXPECT_LE(spool->size(), 6U);
    EXPECT_GE(spool->size(), 5U);
    std::uint64_t counted = 0;
    for (const auto* item : impressions(*spool)) {
      counted += item->impressions.count;
      EXPECT_EQ(item->told_detail.empty(), !item->told);
    }
    EXPECT_EQ(counted, 100U) << "the others are counted all the same";
    Idle<ClickItem> click;
    EXPECT_TRUE(spool->add(click));
  }
}

}  // namespace
}  // namespace postback::testing

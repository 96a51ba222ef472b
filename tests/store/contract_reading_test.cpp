// Every store: what readers see, pages, filters and time budgets.
#include "contract_fixture.hpp"

namespace postback {
namespace {

TEST_P(StoreContract, ReadersSeeOnlyWhatIsCommitted) {
  auto second = store_->open_reader();
  ASSERT_OK(second);
  ClickItem& click = world_.click();
  EXPECT_FALSE(has(click));
  ASSERT_OK(commit({&click}));
  EXPECT_TRUE(has(click));
  EXPECT_TRUE((*second)->click(click.click.id.high).value().has_value());
  EXPECT_FALSE((*second)->click(click.click.id.high + 1).value().has_value());
}

TEST_P(StoreContract, PagesNewestFirst) {
  std::vector<SnowflakeId> ids;
  for (int n = 0; n < 25; ++n) {
    world_.clock.advance(std::chrono::milliseconds{10});
    ClickItem& click = world_.click();
    ids.push_back(click.click.id.high);
    ASSERT_OK(commit({&click}));
  }
  std::vector<SnowflakeId> seen;
  LogQuery query;
  query.limit = 10;
  for (int pages = 1;; ++pages) {
    const auto page = reader_->clicks(query);
    ASSERT_OK(page);
    for (const auto& row : page->rows) seen.push_back(row.id);
    if (page->next == 0) {
      EXPECT_EQ(pages, 3);
      break;
    }
    EXPECT_EQ(page->rows.size(), 10U);
    EXPECT_EQ(page->next, page->rows.back().id);
    EXPECT_EQ(page->searched_to, snowflake_time(page->next));
    query.before = page->next;
  }
  EXPECT_EQ(seen, std::vector<SnowflakeId>(ids.rbegin(), ids.rend()));

  LogQuery all;
  all.limit = 25;
  EXPECT_EQ(reader_->clicks(all)->next, 0U) << "a full page that is the last one";
  EXPECT_EQ(reader_->clicks(all)->searched_to, snowflake_time(0)) << "the beginning of all IDs";
  LogQuery range;
  range.from = snowflake_time(ids[5]);
  range.to = snowflake_time(ids[8]);
  const auto ranged = reader_->clicks(range);
  ASSERT_OK(ranged);
  ASSERT_EQ(ranged->rows.size(), 3U);
  EXPECT_EQ(ranged->rows[0].id, ids[7]);
  EXPECT_EQ(ranged->rows[2].id, ids[5]);
  EXPECT_EQ(ranged->searched_to, range.from);
  LogQuery one;
  one.row = ids[3];
  ASSERT_EQ(reader_->clicks(one)->rows.size(), 1U);
  EXPECT_EQ(reader_->clicks(one)->rows[0].id, ids[3]);
}

TEST_P(StoreContract, TimesBeyondWhatIdsCanExpressAreNoTrap) {
  ClickItem& click = world_.click();
  ASSERT_OK(commit({&click}));
  LogQuery query;
  query.from = TimeMs{std::chrono::milliseconds{-1}};
  query.to = TimeMs{std::chrono::milliseconds{std::int64_t{1} << 60}};
  EXPECT_EQ(reader_->clicks(query)->rows.size(), 1U);
  query.to = TimeMs{};
  EXPECT_EQ(reader_->clicks(query)->rows.size(), 0U);
  query.to.reset();
  query.from = TimeMs{std::chrono::milliseconds{std::int64_t{1} << 60}};
  EXPECT_EQ(reader_->clicks(query)->rows.size(), 0U);
}

TEST_P(StoreContract, FiltersPostbacks) {
  ClickItem& one = world_.click();
  ClickItem& two = world_.click();
  std::vector<Item*> items{&one, &two};
  for (int n = 0; n < 6; ++n) {
    items.push_back(&world_.postback((n % 2 ? one : two).click.id, "&payout=1&txid=" + std::to_string(n / 4)));
  }
  ASSERT_OK(commit(items));
  LogQuery query;
  query.filters = {{"code", "duplicate"}};
  EXPECT_EQ(reader_->postbacks(query)->rows.size(), 2U);
  query.click = one.click.id.high;
  const auto page = reader_->postbacks(query);
  ASSERT_EQ(page->rows.size(), 1U);
  EXPECT_EQ(page->rows[0].click, one.click.id.high);
  EXPECT_EQ(page->next, 0U);
  query.filters = {{"code", "no_such_code"}};
  EXPECT_TRUE(reader_->postbacks(query)->rows.empty());
  EXPECT_EQ(conversions_of(two.click.id.high).size(), 2U);
  EXPECT_EQ(reader_->conversions({})->rows.size(), 4U);
}

/// A clock on which each look costs a millisecond.
class CostlyClock final : public Clock {
 public:
  TimeMs wall() const override { return FakeClock::kStart; }
  std::chrono::milliseconds steady() const override { return std::chrono::milliseconds{++looks_}; }

 private:
  mutable std::atomic<int> looks_{0};
};

TEST_P(StoreContract, ARareFilterEndsItsPageWithTheBudgetAndGoesOn) {
  ASSERT_OK(store_->close());
  const CostlyClock costly;
  reader_.reset();
  store_ = factory_->open(costly, world_.entropy).value();
  reader_ = store_->open_reader().value();
  ClickItem& click = world_.click();
  std::vector<Item*> items{&click, &world_.postback(click.click.id)};
  for (int n = 0; n < 2000; ++n) items.push_back(&world_.raw_postback("token=wrong"));
  ASSERT_OK(commit(items));
  LogQuery query;
  query.filters = {{"code", "converted"}};
  query.budget = std::chrono::milliseconds{2};
  std::size_t found = 0;
  int pages = 0;
  do {
    const auto page = reader_->postbacks(query);
    ASSERT_OK(page);
    found += page->rows.size();
    if (page->next != 0) {
      EXPECT_TRUE(query.before == 0 || page->next < query.before) << "no progress";
      EXPECT_EQ(page->searched_to, snowflake_time(page->next));
    }
    query.before = page->next;
    ++pages;
  } while (query.before != 0 && pages < 100);
  EXPECT_EQ(found, 1U);
  EXPECT_EQ(pages, 4) << "2,001 rows, 512 within each budget";
}

}  // namespace
}  // namespace postback

// StoreContract: CTAs and the ledger of spend.
#include "contract_fixture.hpp"
#include "postback/store/visit_items.hpp"

namespace postback {
namespace {

class Cleared final : public ChangeItem {
 public:
  void run() noexcept override {}
};

class VisitContract : public StoreContract {
 protected:
  CtaItem& cta(const ClickItem& click, EntityNumber offer) {
    auto& item = ctas_.emplace_back();
    item.cta = {.click = click.click.id.high, .time = world_.clock.wall(), .offer = offer};
    return item;
  }
  Result<void> add_spend(std::vector<SpendEntry>& entries) {
    OperatorChange change;
    change.spend = entries;
    Cleared item;
    item.change = &change;
    return commit({&item});
  }

  std::deque<Idle<CtaItem>> ctas_;
};

TEST_P(VisitContract, ACtaIsNumberedWithinItsClickAndTheLastOneCounts) {
  auto& click = world_.click();
  auto& other = world_.click();
  ASSERT_OK(commit({&click, &other, &cta(click, 2)}));
  ASSERT_OK(commit({&cta(other, 5), &cta(click, 3)}));
  const auto found = reader_->ctas(click.click.id.high, 10).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].number, 2U);
  EXPECT_EQ(found[0].offer, 3U);
  EXPECT_EQ(found[0].time, world_.clock.wall());
  EXPECT_EQ(found[1].number, 1U);
  EXPECT_EQ(reader_->ctas(click.click.id.high, 1).value().size(), 1U);
  EXPECT_EQ(reader_->click_facts(click.click.id.high).value()->offer, 3U);
  EXPECT_EQ(reader_->click_facts(other.click.id.high).value()->offer, 5U);
  EXPECT_EQ(stored(click.click.id.high).offer, 1U) << "the click's row is never changed";
}

TEST_P(VisitContract, ACtaMayComeBeforeItsClick) {
  auto& click = world_.click();
  ASSERT_OK(commit({&cta(click, 2)}));
  EXPECT_FALSE(reader_->click_facts(click.click.id.high).value());
  ASSERT_OK(commit({&click}));
  EXPECT_EQ(reader_->click_facts(click.click.id.high).value()->offer, 2U);
}

TEST_P(VisitContract, AConversionInTheSameBatchSeesTheCta) {
  auto& click = world_.click();
  ASSERT_OK(commit({&click}));
  auto& postback = world_.postback(click.click.id, "&payout=1");
  // Offer 2 is not in the catalog, so its network cannot be compared: the warning shows which offer was looked at.
  ASSERT_OK(commit({&cta(click, 2), &postback}));
  ASSERT_FALSE(postback.judgement.verdict.warnings.empty());
  EXPECT_NE(postback.judgement.verdict.warnings.front().find("no offer"), std::string::npos);
}

TEST_P(VisitContract, SpendIsKeptAndFoundByCampaignAndTime) {
  const auto hour = [](int n) { return TimeMs{std::chrono::hours{n}}; };
  std::vector<SpendEntry> entries(3);
  entries[0] = {.campaign = 1,
                .from = hour(1),
                .to = hour(2),
                .amount = 1'500'000,
                .currency = "USD",
                .note = "a",
                .time = hour(9),
                .actor = "k"};
  entries[1] = {.campaign = 2,
                .from = hour(2),
                .to = hour(4),
                .amount = -5,
                .currency = "EUR",
                .note = {},
                .time = hour(9),
                .actor = "k"};
  entries[2] = {.campaign = 1,
                .from = hour(5),
                .to = hour(6),
                .amount = 7,
                .currency = "USD",
                .note = {},
                .time = hour(9),
                .actor = "k"};
  ASSERT_OK(add_spend(entries));
  EXPECT_LT(entries[0].id, entries[1].id);
  const auto found = reader_->spend({}).value();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[2].id, entries[0].id);
  EXPECT_EQ(found[2].amount, 1'500'000);
  EXPECT_EQ(found[2].note, "a");
  EXPECT_EQ(found[2].from, hour(1));
  EXPECT_EQ(found[1].amount, -5);
  EXPECT_EQ(reader_->spend({.campaign = 1}).value().size(), 2U);
  EXPECT_EQ(reader_->spend({.limit = 2}).value().size(), 2U);
  EXPECT_EQ(reader_->spend({.before = entries[2].id}).value().size(), 2U);
  EXPECT_EQ(reader_->spend({.from = hour(2)}).value().size(), 2U) << "one that ends at from is over";
  EXPECT_EQ(reader_->spend({.from = hour(2), .to = hour(5)}).value().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Stores, VisitContract,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}),
                         [](const auto& tested) { return std::string(tested.param.first); });

}  // namespace
}  // namespace postback

// Every store: conversions of offers are counted in the conversion's transaction, in memory and in the store.
#include "contract_fixture.hpp"

namespace postback {
namespace {

TEST_P(StoreContract, CountsConversionsOfOffers) {
  const auto counts = [this] {
    EXPECT_NE(store_->offer_counter(), nullptr);
    return store_->offer_counter()->counts(1, world_.clock.wall());
  };
  ClickItem& click = world_.click();
  PostbackItem& first = world_.postback(click.click.id, "&txid=A1");
  PostbackItem& resend = world_.postback(click.click.id, "&txid=A1");
  PostbackItem& second = world_.postback(click.click.id, "&txid=A2&status=pending");
  PostbackItem& born_rejected = world_.postback(click.click.id, "&txid=A3&status=rejected");
  ASSERT_OK(commit({&click, &first, &resend, &second, &born_rejected}));
  EXPECT_EQ(counts().day, 2U);
  EXPECT_EQ(counts().month, 2U);
  EXPECT_EQ(counts().total, 2U);
  PostbackItem& reversed = world_.postback(click.click.id, "&txid=A1&status=rejected");
  ASSERT_OK(commit({&reversed}));
  EXPECT_EQ(counts().total, 1U);
  PostbackItem& reinstated = world_.postback(click.click.id, "&txid=A1&status=approved");
  PostbackItem& again = world_.postback(click.click.id, "&txid=A2&status=rejected");
  ASSERT_OK(commit({&reinstated, &again}));
  EXPECT_EQ(counts().total, 1U);
  PostbackItem& lost = world_.postback(click.click.id, "&txid=A9");
  EXPECT_ERROR(commit({&lost, &click}), ErrorCode::store_rejected);
  EXPECT_EQ(counts().total, 1U) << "what was rolled back does not count";
  ASSERT_OK(store_->close());
  open();
  EXPECT_EQ(counts().day, 1U);
  EXPECT_EQ(counts().total, 1U);
}

}  // namespace
}  // namespace postback

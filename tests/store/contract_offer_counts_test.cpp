// Every store: conversions of offers are counted in the conversion's transaction, in memory and in the store.
#include "contract_fixture.hpp"

#include <memory>
#include <utility>

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

/// The logged postback judged again with today's `catalog`.
Idle<PostbackItem> replayed(const PostbackItem& first, std::shared_ptr<const Catalog> catalog, const World& world) {
  Idle<PostbackItem> item;
  item.postback = first.postback;
  item.postback.authenticated = first.reading.authentication;
  item.reading = read(item.postback, std::move(catalog), world.keys);
  item.judged_again = first.postback_id;
  item.cause = "replay";
  return item;
}

TEST_P(StoreContract, AWordThatIsKnownNowCountsOnce) {
  ClickItem& click = world_.click();
  PostbackItem& paid = world_.postback(click.click.id, "&txid=A1&status=fee");
  PostbackItem& void_one = world_.postback(click.click.id, "&txid=A2&status=void");
  ASSERT_OK(commit({&click, &paid, &void_one}));
  const auto total = [this] { return store_->offer_counter()->counts(1, world_.clock.wall()).total; };
  EXPECT_EQ(total(), 2U) << "pending ones count";
  // The words stand for another event, under which nothing is stored.
  const auto taught = catalog_of(patched_example(EntityKind::network,
                                                 R"({"status_words":{"fee":{"status":"approved","event":"rebill"},)"
                                                 R"("void":{"status":"rejected","event":"refund"}}})"));
  auto now_paid = replayed(paid, taught, world_);
  ASSERT_OK(commit({&now_paid}));
  EXPECT_TRUE(now_paid.changed);
  EXPECT_EQ(total(), 2U) << "it was counted already";
  auto now_void = replayed(void_one, taught, world_);
  ASSERT_OK(commit({&now_void}));
  EXPECT_TRUE(now_void.changed);
  EXPECT_EQ(total(), 1U);
  ASSERT_OK(store_->close());
  open();
  EXPECT_EQ(total(), 1U);
}

}  // namespace
}  // namespace postback

// Late matches over a store that rejects some of them: they are told of and passed over, and nothing else stops.
#include "postback/store/housekeeping.hpp"
#include "store_fixture.hpp"
#include "support/eventually.hpp"
#include "support/other_connection.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace postback {
namespace {

/// A store that takes everything but postbacks judged again with such a transaction ID, and what retention wants.
class PickyStore final : public Store {
 public:
  explicit PickyStore(std::unique_ptr<Store> real) : real_(std::move(real)) {}
  Result<StoreIdentity> identity() override { return real_->identity(); }
  Result<unsigned> reserve_node() override { return real_->reserve_node(); }
  Result<std::vector<EntityDocument>> catalog_documents(std::uint64_t& revision) override {
    return real_->catalog_documents(revision);
  }
  Result<std::vector<StoredKey>> keys() override { return real_->keys(); }
  Result<void> maintain(bool idle) override { return real_->maintain(idle); }
  StoreGauges gauges() const override { return real_->gauges(); }
  Result<std::unique_ptr<Reader>> open_reader() override { return real_->open_reader(); }
  Result<void> close() override { return real_->close(); }
  Result<void> commit(std::span<Item* const> items, SnowflakeGenerator& ids) override {
    for (const Item* item : items) {
      if (is_unwanted(*item)) return Error{ErrorCode::store_rejected, "scripted"};
    }
    return real_->commit(items, ids);
  }

  /// Set before the recorder starts.
  std::set<std::string> unwanted;
  std::optional<ForgetTable> kept;

 private:
  bool is_unwanted(const Item& item) const {
    if (item.kind == ItemKind::forget) return kept == static_cast<const ForgetItem&>(item).table;
    if (item.kind != ItemKind::postback) return false;
    const auto& postback = static_cast<const PostbackItem&>(item);
    return postback.judged_again != 0 && unwanted.contains(postback.reading.txid);
  }
  std::unique_ptr<Store> real_;
};

class LateMatches : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = factory_.open(world_.clock, world_.entropy);
    ASSERT_OK(opened);
    store_ = std::make_unique<PickyStore>(std::move(*opened));
    reader_ = store_->open_reader().value();
    // Three postbacks before their click, and one behind it.
    lost_ = world_.click().click.id;
    ClickItem& click = world_.click();
    click.click.ip = "192.0.2.1";
    click_ = click.click.id.high;
    for (const char* txid : {"A", "B", "C"}) {
      ASSERT_OK(commit(*store_, world_, {&world_.postback(click.click.id, std::string("&payout=1&txid=") + txid)}));
    }
    ASSERT_OK(commit(*store_, world_, {&click}));
  }
  void start() {
    recorder_.emplace(*store_, world_.ids, world_.clock, RecorderLimits{}, [](const Error&) {}).start();
    items_.emplace(*recorder_);
    replayer_.emplace(slot_, world_.keys, *items_);
    matcher_.emplace(*replayer_);
  }
  void TearDown() override {
    if (recorder_) recorder_->stop();
  }
  std::set<std::string> converted() {
    std::set<std::string> txids;
    LogQuery query;
    query.click = click_;
    for (const auto& row : reader_->conversions(query).value().rows) txids.insert(row.txid);
    return txids;
  }
  std::size_t waiting() { return reader_->waiting({}, 100).value().size(); }

  World world_;
  SqliteFactory factory_;
  CatalogSlot slot_{world_.catalog};
  std::unique_ptr<PickyStore> store_;
  std::unique_ptr<Reader> reader_;
  SnowflakeId click_ = 0;
  ClickId lost_{};  ///< Of a click that is not stored.
  std::optional<Recorder> recorder_;
  std::optional<ItemWaiter> items_;
  std::optional<Replayer> replayer_;
  std::optional<LateMatcher> matcher_;
};

using Texts = std::set<std::string>;

TEST_F(LateMatches, WhatTheStoreRejectsIsPassedOver) {
  store_->unwanted = {"B"};
  start();
  const auto more = matcher_->step(*reader_);
  ASSERT_OK(more);
  EXPECT_FALSE(*more);
  EXPECT_EQ(converted(), (Texts{"A", "C"}));
  EXPECT_EQ(waiting(), 1U) << "it may be looked at again";
  EXPECT_EQ(recorder_->figures().items_rejected.load(), 1U);
  ASSERT_OK(matcher_->step(*reader_));
  EXPECT_EQ(recorder_->figures().items_rejected.load(), 1U) << "not before clicks arrive again";
}

TEST_F(LateMatches, WhatCanNeverBeMatchedWaitsNoLonger) {
  OtherConnection other(factory_.options.path);
  other.execute("UPDATE postback SET headers = NULL WHERE txid = 'A'");
  other.execute("UPDATE postback SET target = replace(target, 'txid=B', 'txid=***') WHERE txid = 'B'");
  start();
  ASSERT_OK(matcher_->step(*reader_));
  EXPECT_EQ(converted(), (Texts{"C"}));
  EXPECT_EQ(waiting(), 0U) << "nothing is to come that they could wait for";
  LogQuery query;
  query.filters.push_back({"code", "click_unknown"});
  EXPECT_EQ(reader_->postbacks(query).value().rows.size(), 2U) << "their rows stay as they are";
}

TEST_F(LateMatches, ARequestWithoutHeadersIsToldFromOneThatWasEmptied) {
  PostbackItem& bare = world_.raw_postback("token=T0KEN-acme&click_id=" + to_string(lost_) + "&txid=D");
  bare.postback.headers = {};
  bare.reading = read(bare.postback, world_.catalog, world_.keys);
  ASSERT_OK(commit(*store_, world_, {&bare}));
  ASSERT_EQ(to_string(bare.judgement.verdict.code), "click_unknown");
  ClickItem& click = world_.click();
  click.click.id = lost_;
  ASSERT_OK(commit(*store_, world_, {&click}));
  click_ = lost_.high;
  start();
  ASSERT_OK(matcher_->step(*reader_));
  EXPECT_EQ(converted(), (Texts{"D"}));
}

TEST_F(LateMatches, AReplaySaysWhatTheStoreRejects) {
  store_->unwanted = {"B"};
  start();
  LogQuery query;
  query.oldest_first = true;
  auto rows = reader_->postbacks(query).value().rows;
  const auto replayed = replayer_->replay(*reader_, {rows.begin(), rows.end()}, {});
  ASSERT_OK(replayed);
  ASSERT_EQ(replayed->size(), 3U);
  using enum ReplayedRow::Outcome;
  EXPECT_EQ((*replayed)[0].outcome, changed);
  EXPECT_EQ((*replayed)[1].outcome, refused);
  EXPECT_NE((*replayed)[1].message.find("does not take"), std::string::npos);
  EXPECT_EQ((*replayed)[1].code, "click_unknown");
  EXPECT_EQ((*replayed)[2].outcome, changed);
}

TEST_F(LateMatches, RetentionGoesOnBehindOneThatIsRejected) {
  store_->unwanted = {"A", "B", "C"};
  world_.clock.advance(std::chrono::hours{24 * 9});
  ASSERT_OK(commit(*store_, world_, {&world_.click()}));
  start();
  Retention retention({.click_days = 8, .most_percent = 100}, world_.clock, *items_);
  Housekeeping housekeeping(*matcher_, retention, store_->open_reader().value());
  housekeeping.start();
  EXPECT_TRUE(eventually([&] { return retention.figures().clicks_forgotten.load() == 1; }));
  housekeeping.stop();
  EXPECT_EQ(converted(), Texts{});
}

TEST_F(LateMatches, RetentionGoesOnWhileMatchingFails) {
  world_.clock.advance(std::chrono::hours{24 * 9});
  start();
  Retention retention({.click_days = 8, .most_percent = 100}, world_.clock, *items_);
  Housekeeping housekeeping(*matcher_, retention, store_->open_reader().value());
  // Whatever looks for postbacks that wait fails from now on.
  OtherConnection(factory_.options.path).execute("ALTER TABLE waiting RENAME TO hidden");
  EXPECT_ERROR(matcher_->step(*reader_), ErrorCode::io_failed);
  housekeeping.start();
  EXPECT_TRUE(eventually([&] { return retention.figures().clicks_forgotten.load() == 1; }));
  housekeeping.stop();
}

TEST_F(LateMatches, RetentionOfOneTableGoesOnBesideTheOther) {
  store_->kept = ForgetTable::click;
  world_.clock.advance(std::chrono::hours{24 * 9});
  start();
  Retention retention({.click_days = 8, .postback_days = 8, .most_percent = 100}, world_.clock, *items_);
  EXPECT_ERROR(retention.step(*reader_), ErrorCode::store_rejected);
  EXPECT_EQ(retention.figures().postbacks_forgotten.load(), 3U);
}

}  // namespace
}  // namespace postback

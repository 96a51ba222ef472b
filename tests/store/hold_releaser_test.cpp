// Ending holds over a store that rejects one of them: it is left aside for a while, and the others end.
#include "postback/store/hold_releaser.hpp"

#include "store_fixture.hpp"
#include "support/other_connection.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>

namespace postback {
namespace {

class HoldReleases : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = factory_.open(world_.clock, world_.entropy);
    ASSERT_OK(opened);
    store_ = std::move(*opened);
    reader_ = store_->open_reader().value();
    world_.catalog = catalog_of(patched_example(EntityKind::network, R"({"rules":[{"name":"all","when":{},)"
                                                                     R"("action":"hold","hold_s":60}]})"));
    ClickItem& click = world_.click();
    click_ = click.click.id.high;
    ASSERT_OK(commit(*store_, world_, {&click}));
    for (const char* txid : {"A", "B", "C", "D"}) {
      ASSERT_OK(commit(*store_, world_, {&world_.postback(click.click.id, std::string("&payout=1&txid=") + txid)}));
      world_.clock.advance(std::chrono::seconds{1});
    }
    world_.clock.advance(std::chrono::minutes{1});
    recorder_.emplace(*store_, world_.ids, world_.clock, RecorderLimits{}, [](const Error&) {}).start();
    items_.emplace(*recorder_);
    releaser_.emplace(*items_, store_->open_reader().value(), world_.clock);
  }
  void TearDown() override {
    if (recorder_) recorder_->stop();
  }
  void execute(const char* sql) { OtherConnection(factory_.options.path).execute(sql); }
  std::set<std::string> held() {
    std::set<std::string> txids;
    LogQuery query;
    query.click = click_;
    for (const auto& row : reader_->conversions(query).value().rows) {
      if (row.status == ConversionStatus::pending) txids.insert(row.txid);
    }
    return txids;
  }

  World world_;
  SqliteFactory factory_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
  SnowflakeId click_ = 0;
  std::optional<Recorder> recorder_;
  std::optional<ItemWaiter> items_;
  std::optional<HoldReleaser> releaser_;
};

using Texts = std::set<std::string>;

TEST_F(HoldReleases, OneThatTheStoreRejectsHoldsUpNoOther) {
  execute(
      "CREATE TRIGGER picky BEFORE UPDATE ON conversion WHEN old.txid IN ('A', 'C') "
      "BEGIN SELECT RAISE(ABORT, 'scripted'); END");
  EXPECT_EQ(releaser_->release_due().value(), 2U);
  EXPECT_EQ(held(), (Texts{"A", "C"}));
  const auto rejected = recorder_->figures().items_rejected.load();
  EXPECT_EQ(releaser_->release_due().value(), 0U);
  EXPECT_EQ(recorder_->figures().items_rejected.load(), rejected) << "not at every look";

  execute("DROP TRIGGER picky");
  EXPECT_EQ(releaser_->release_due().value(), 0U);
  world_.clock.advance(HoldReleaser::kPause);
  EXPECT_EQ(releaser_->release_due().value(), 2U);
  EXPECT_EQ(held(), Texts{});
}

}  // namespace
}  // namespace postback

// The recorder while the store refuses: clicks that wait in memory can be looked up; lost ones stand in the log.
#include "postback/store/recorder.hpp"
#include "postback/store/visit_items.hpp"
#include "support/eventually.hpp"
#include "support/fake_clock.hpp"
#include "support/log_capture.hpp"
#include "support/scripted_store.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <string>

namespace postback::testing {
namespace {

using std::chrono::milliseconds;

template <class Base>
struct Idle final : Base {
  void run() noexcept override {}
};

class RecorderSpool : public ::testing::Test {
 protected:
  ~RecorderSpool() override {
    store.release();
    if (recorder) recorder->stop();
  }
  void start() {
    recorder = std::make_unique<Recorder>(store, ids, clock, limits, [](const Error&) {});
    recorder->start();
  }
  ClickItem& click(SnowflakeId id) {
    auto& item = clicks.emplace_back();
    item.click.id = {id, 1};
    item.click.external_id = "E";
    item.sink = &sink;
    return item;
  }
  /// Submits this many clicks and waits until each was handed back.
  void click_often(std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) {
      recorder->submit(click(++last_id));
      sink.wait_for(++settled);
    }
  }
  void recover() {
    store.recover();
    clock.advance(limits.retry_interval);
  }

  LogCapture log;
  FakeClock clock;
  ScriptedStore store;
  SnowflakeGenerator ids{clock, 1, 0};
  RecorderLimits limits{.queue_items = 1000,
                        .spool_clicks = 1000,
                        .retry_interval = milliseconds{1},
                        .maintain_interval = milliseconds{1}};
  RecordingSink sink;
  std::deque<Idle<ClickItem>> clicks;
  SnowflakeId last_id = 0;
  std::size_t settled = 0;
  std::unique_ptr<Recorder> recorder;
};

TEST_F(RecorderSpool, AClickIsFoundThereUntilItIsCommitted) {
  store.fail_with(ErrorCode::store_busy);
  start();
  EXPECT_FALSE(recorder->spooled_click(1));
  click_often(3);
  clicks.clear();
  ASSERT_TRUE(recorder->spooled_click(2));
  EXPECT_EQ(recorder->spooled_click(2)->id, 2U);
  EXPECT_EQ(recorder->spooled_click(2)->external_id, "E");
  EXPECT_FALSE(recorder->spooled_click(4));

  store.hold();
  const auto attempts = store.attempts();
  recover();
  store.wait_for_attempts(attempts + 1);
  EXPECT_TRUE(recorder->spooled_click(2)) << "its commit has not returned";
  store.release();
  store.wait_for_items(3);
  EXPECT_TRUE(eventually([&] { return !recorder->spooled_click(2); })) << "it is in the store";
}

TEST_F(RecorderSpool, AClickThatTheStoreRejectsIsNotFoundThereAnyMore) {
  store.fail_with(ErrorCode::store_busy);
  store.poison("E");
  start();
  click_often(1);
  EXPECT_TRUE(recorder->spooled_click(1));
  recover();
  EXPECT_TRUE(eventually([&] { return !recorder->spooled_click(1); }));
}

TEST_F(RecorderSpool, ALossIsToldAtItsBeginningAndSummedUpAtItsEnd) {
  limits.spool_clicks = 2;
  start();
  for (int round = 1; round <= 2; ++round) {
    SCOPED_TRACE(round);
    const auto times = static_cast<std::size_t>(round);
    store.fail_with(ErrorCode::store_full);
    click_often(2);
    EXPECT_EQ(log.lines("recorder.losing_visits").size(), times - 1) << "none is lost yet";
    click_often(3);
    Idle<CtaItem> cta;
    cta.sink = &sink;
    recorder->submit(cta);
    sink.wait_for(++settled);
    EXPECT_EQ(log.lines("error recorder.losing_visits").size(), times);
    EXPECT_EQ(log.lines("recorder.visits_lost").size(), times - 1);
    recover();
    EXPECT_TRUE(eventually([&] {
      clock.advance(limits.maintain_interval);
      return log.lines("recorder.visits_lost").size() == times;
    }));
    EXPECT_EQ(log.lines("error recorder.visits_lost clicks=3 ctas=1 impressions=0").size(), times);
    EXPECT_TRUE(recorder->available());
  }
  EXPECT_EQ(recorder->figures().clicks_unrecorded, 6U);
}

TEST_F(RecorderSpool, AVisitThatAFullQueueLosesIsToldAndTheRecorderIsNotReady) {
  limits.queue_items = 1;
  limits.spool_clicks = 0;
  start();
  store.hold();
  ASSERT_EQ(recorder->submit(click(1)), SubmitResult::queued);
  EXPECT_TRUE(recorder->available());
  for (const SnowflakeId id : {2U, 3U}) EXPECT_EQ(recorder->submit(click(id)), SubmitResult::refused);
  EXPECT_EQ(log.lines("recorder.losing_visits").size(), 1U);
  EXPECT_FALSE(recorder->available());
  store.release();
  EXPECT_TRUE(eventually([&] {
    clock.advance(limits.maintain_interval);
    return recorder->available();
  }));
  EXPECT_TRUE(eventually([&] { return log.lines("recorder.visits_lost clicks=2 ").size() == 1; }));
}

TEST_F(RecorderSpool, ALossThatLastsUntilTheEndIsSummedUpThere) {
  limits.spool_clicks = 0;
  limits.busy_wait = milliseconds{0};
  store.fail_with(ErrorCode::store_full);
  start();
  click_often(2);
  recorder->stop();
  EXPECT_EQ(log.lines("recorder.visits_lost clicks=2 ").size(), 1U);
}

TEST_F(RecorderSpool, APostbackThatIsRefusedIsNoLoss) {
  store.fail_with(ErrorCode::store_full);
  start();
  Idle<PostbackItem> postback;
  postback.sink = &sink;
  recorder->submit(postback);
  sink.wait_for(1);
  recorder->stop();
  EXPECT_TRUE(log.lines("recorder.losing_visits").empty());
}

}  // namespace
}  // namespace postback::testing

// The recorder: group commit, and what becomes of each item when the store refuses, lies or dies.
#include "postback/store/recorder.hpp"

#include "postback/store/visit_items.hpp"
#include "support/fake_clock.hpp"
#include "support/scripted_store.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace postback::testing {
namespace {

using std::chrono::milliseconds;
using Names = std::vector<std::string>;
using Batches = std::vector<Names>;

class Click final : public ClickItem {
 public:
  void run() noexcept override {}
  std::string name;
};
class Sale final : public PostbackItem {
 public:
  void run() noexcept override {}
};

class Cta final : public CtaItem {
 public:
  void run() noexcept override {}
};
class Impression final : public ImpressionItem {
 public:
  void run() noexcept override {}
};

class RecorderTest : public ::testing::Test {
 protected:
  ~RecorderTest() override {
    store.release();
    if (recorder) recorder->stop();
  }
  void start() {
    recorder = std::make_unique<Recorder>(store, ids, clock, limits, [this](const Error& error) {
      fatal_code = error.code;
      ++fatal_calls;
    });
    recorder->start();
  }
  Click& click(const std::string& name, RecordingSink* to = nullptr) {
    auto& item = clicks.emplace_back();
    item.name = name;
    item.click.external_id = item.name;
    item.sink = to != nullptr ? to : &sink;
    return item;
  }
  Sale& sale(const std::string& name) {
    auto& item = sales.emplace_back();
    item.reading.txid = name;
    item.sink = &sink;
    return item;
  }
  SubmitResult submit(Item& item) { return recorder->submit(item); }
  /// Makes the recorder wait within a commit of one click, named `first`.
  void hold_in_a_commit() {
    store.hold();
    ASSERT_EQ(submit(click("first")), SubmitResult::queued);
    store.wait_for_attempts(1);
  }
  /// Lets the time of the next attempt come and waits until it was made.
  void next_attempt(milliseconds time) {
    const auto attempts = store.attempts();
    clock.advance(time);
    store.wait_for_attempts(attempts + 1);
    store.wait_for_a_turn();
  }
  const RecorderFigures& figures() const { return recorder->figures(); }

  FakeClock clock;
  ScriptedStore store;
  SnowflakeGenerator ids{clock, 1, 0};
  RecorderLimits limits{.batch_items = 1000,
                        .queue_items = 1000,
                        .spool_clicks = 1000,
                        .busy_wait = milliseconds{2000},
                        .retry_interval = milliseconds{1},
                        .maintain_interval = milliseconds{1}};
  RecordingSink sink;
  RecordingSink other_sink;
  std::deque<Click> clicks;
  std::deque<Sale> sales;
  std::atomic<int> fatal_calls{0};
  std::atomic<ErrorCode> fatal_code{ErrorCode::not_found};
  std::unique_ptr<Recorder> recorder;
};

TEST_F(RecorderTest, WhatArrivesDuringACommitFormsTheNextBatchInOrder) {
  start();
  hold_in_a_commit();
  submit(click("a"));
  submit(click("b", &other_sink));
  submit(sale("c"));
  submit(click("d", &other_sink));
  store.release();
  sink.wait_for(3);
  other_sink.wait_for(2);
  EXPECT_EQ(store.batches(), (Batches{{"first"}, {"a", "b", "c", "d"}}));
  EXPECT_EQ(sink.names(), (Names{"first", "a", "c"}));
  EXPECT_EQ(sink.posts(), 2U) << "one post per sink and batch";
  EXPECT_EQ(other_sink.names(), (Names{"b", "d"}));
  EXPECT_EQ(other_sink.posts(), 1U);
  for (const auto& item : clicks) EXPECT_EQ(item.outcome, ItemOutcome::committed);
  EXPECT_EQ(figures().clicks_committed, 4U);
  EXPECT_EQ(figures().batches, 2U);
  EXPECT_EQ(figures().batch_items, 5U);
}

TEST_F(RecorderTest, NothingIsHandedBackBeforeTheCommitReturned) {
  start();
  hold_in_a_commit();
  EXPECT_EQ(sink.posts(), 0U);
  EXPECT_EQ(clicks.front().outcome, ItemOutcome::none);
  store.release();
  sink.wait_for(1);
  EXPECT_EQ(clicks.front().outcome, ItemOutcome::committed);
}

TEST_F(RecorderTest, ABatchIsBounded) {
  limits.batch_items = 3;
  start();
  hold_in_a_commit();
  for (const auto* name : {"a", "b", "c", "d", "e", "f", "g"}) submit(click(name));
  store.release();
  sink.wait_for(8);
  EXPECT_EQ(store.batches(), (Batches{{"first"}, {"a", "b", "c"}, {"d", "e", "f"}, {"g"}}));
}

TEST_F(RecorderTest, APoisonousItemHurtsOnlyItself) {
  store.poison("bad");
  start();
  hold_in_a_commit();
  for (const auto* name : {"a", "bad", "b"}) submit(click(name));
  submit(sale("c"));
  store.release();
  sink.wait_for(5);
  EXPECT_EQ(store.batches(), (Batches{{"first"}, {"a"}, {"b"}, {"c"}}));
  EXPECT_EQ(sink.names(), (Names{"first", "a", "bad", "b", "c"}));
  EXPECT_EQ(sink.posts(), 2U);
  for (const auto& item : clicks)
    EXPECT_EQ(item.outcome, item.name == "bad" ? ItemOutcome::rejected : ItemOutcome::committed) << item.name;
  EXPECT_EQ(figures().clicks_unrecorded, 1U);
  EXPECT_EQ(figures().items_rejected, 1U);
  EXPECT_TRUE(recorder->available());

  submit(click("alone"));
  sink.wait_for(6);
  EXPECT_EQ(clicks.back().outcome, ItemOutcome::committed) << "the store goes on";
}

TEST_F(RecorderTest, APoisonousItemAloneIsRefused) {
  store.poison("bad");
  start();
  submit(sale("bad"));
  sink.wait_for(1);
  EXPECT_EQ(sales.back().outcome, ItemOutcome::rejected);
  EXPECT_EQ(figures().items_refused, 1U);
  EXPECT_EQ(figures().items_rejected, 1U);
}

TEST_F(RecorderTest, AFullStoreSpoolsClicksAndRefusesPostbacksAtOnce) {
  store.fail_with(ErrorCode::store_full);
  start();
  submit(click("a"));
  submit(sale("s"));
  sink.wait_for(2);  // although no time passes
  EXPECT_EQ(clicks.back().outcome, ItemOutcome::spooled);
  EXPECT_EQ(sales.back().outcome, ItemOutcome::unavailable);
  EXPECT_FALSE(recorder->available());
  EXPECT_EQ(figures().clicks_spooled, 1U);
  EXPECT_EQ(figures().items_refused, 1U);
  submit(click("b"));
  sink.wait_for(3);
  EXPECT_EQ(clicks.back().outcome, ItemOutcome::spooled);
  EXPECT_EQ(store.attempts(), 1U) << "it is not tried again for every item";

  clicks.clear();  // the spool has copies
  store.recover();
  clock.advance(limits.retry_interval);
  store.wait_for_items(2);
  submit(click("c"));
  sink.wait_for(4);
  EXPECT_EQ(store.batches(), (Batches{{"a", "b"}, {"c"}})) << "what waited goes first";
  EXPECT_EQ(clicks.back().outcome, ItemOutcome::committed);
  EXPECT_TRUE(recorder->available());
  EXPECT_EQ(figures().clicks_committed, 3U);
  EXPECT_EQ(figures().spool_length, 0U);
}

TEST_F(RecorderTest, ABusyStoreLetsPostbacksWaitForAWhile) {
  store.fail_with(ErrorCode::store_busy);
  start();
  submit(sale("s"));
  submit(click("a"));
  sink.wait_for(1);
  EXPECT_EQ(sink.names(), (Names{"a"}));
  EXPECT_EQ(clicks.back().outcome, ItemOutcome::spooled) << "a visitor waits for nothing";
  next_attempt(milliseconds{1999});
  EXPECT_EQ(sink.posts(), 1U);
  next_attempt(milliseconds{1});  // the wait is over
  sink.wait_for(2);
  EXPECT_EQ(sales.back().outcome, ItemOutcome::unavailable);
  EXPECT_EQ(figures().items_refused, 1U);
}

TEST_F(RecorderTest, APostbackDoesNotGiveUpTooEarly) {
  store.fail_with(ErrorCode::store_busy);
  start();
  submit(sale("s"));
  store.wait_for_attempts(1);
  store.wait_for_a_turn();
  next_attempt(milliseconds{1999});
  EXPECT_EQ(sink.posts(), 0U);
  store.recover();
  clock.advance(limits.retry_interval);
  sink.wait_for(1);
  EXPECT_EQ(sales.back().outcome, ItemOutcome::committed) << "waiting was worth it";
  EXPECT_TRUE(recorder->available());
}

TEST_F(RecorderTest, AfterABusyTimeSpooledClicksGoBeforeThePostbackThatWaited) {
  store.fail_with(ErrorCode::store_busy);
  start();
  submit(click("a"));
  submit(sale("s"));
  sink.wait_for(1);
  store.recover();
  clock.advance(limits.retry_interval);
  sink.wait_for(2);
  EXPECT_EQ(store.batches(), (Batches{{"a"}, {"s"}}));
  EXPECT_EQ(sales.back().outcome, ItemOutcome::committed);
}

TEST_F(RecorderTest, AFullSpoolIsCounted) {
  limits.spool_clicks = 2;
  store.fail_with(ErrorCode::store_full);
  start();
  for (const auto* name : {"a", "b", "c"}) submit(click(name));
  sink.wait_for(3);
  EXPECT_EQ(clicks[0].outcome, ItemOutcome::spooled);
  EXPECT_EQ(clicks[1].outcome, ItemOutcome::spooled);
  EXPECT_EQ(clicks[2].outcome, ItemOutcome::unavailable);
  EXPECT_EQ(figures().clicks_spooled, 2U);
  EXPECT_EQ(figures().clicks_unrecorded, 1U);
}

TEST_F(RecorderTest, AFullQueueSpoolsClicksAndRefusesPostbacks) {
  limits.queue_items = 3;
  limits.spool_clicks = 1;
  start();
  hold_in_a_commit();
  EXPECT_EQ(submit(click("a")), SubmitResult::queued);
  EXPECT_EQ(submit(sale("s")), SubmitResult::queued);
  EXPECT_EQ(submit(sale("t")), SubmitResult::refused);
  EXPECT_EQ(submit(click("b")), SubmitResult::spooled);
  EXPECT_EQ(submit(click("c")), SubmitResult::refused);
  EXPECT_EQ(figures().items_refused, 1U);
  EXPECT_EQ(figures().clicks_spooled, 1U);
  EXPECT_EQ(figures().clicks_unrecorded, 1U);
  store.release();
  store.wait_for_items(4);
  sink.wait_for(3);
  EXPECT_EQ(figures().clicks_unrecorded, 1U);
  EXPECT_EQ(submit(click("d")), SubmitResult::queued) << "there is room again";
  sink.wait_for(4);
  EXPECT_EQ(clicks.back().outcome, ItemOutcome::committed);
}

TEST_F(RecorderTest, WhatFollowsAClickIsSpooledToo) {
  limits.spool_clicks = 3;
  start();
  store.fail_with(ErrorCode::store_full);
  submit(click("a"));
  sink.wait_for(1);
  std::deque<Cta> ctas(2);
  std::deque<Impression> impressions(3);
  for (auto& cta : ctas) cta.cta = {.click = 7, .time = clock.wall(), .offer = 2};
  for (auto& each : impressions) each.impressions = {.campaign = 5, .bucket = impression_bucket(clock.wall())};
  std::vector<Item*> items{&ctas[0], &impressions[0], &impressions[1], &impressions[2], &ctas[1]};
  for (Item* item : items) {
    item->sink = &sink;
    submit(*item);
  }
  sink.wait_for(6);
  for (std::size_t i = 0; i + 1 < items.size(); ++i) EXPECT_EQ(items[i]->outcome, ItemOutcome::spooled) << i;
  EXPECT_EQ(ctas[1].outcome, ItemOutcome::unavailable) << "three entries: click, CTA, one sum of impressions";
  EXPECT_EQ(figures().ctas_unrecorded, 1U);
  EXPECT_EQ(figures().clicks_spooled, 1U);
  store.recover();
  clock.advance(milliseconds{10});
  store.wait_for_items(3);
  recorder->stop();
  EXPECT_EQ(figures().clicks_committed, 1U);
  EXPECT_EQ(figures().ctas_committed, 1U);
  EXPECT_EQ(figures().impressions_committed, 3U);
  EXPECT_EQ(figures().spool_length, 0U);
}

TEST_F(RecorderTest, WhoeverPlansDeliveriesIsToldOfEachCommitWithOccurrences) {
  std::atomic<int> told{0};
  recorder = std::make_unique<Recorder>(store, ids, clock, limits, [](const Error&) {});
  recorder->on_occurrences([&told] { ++told; });
  recorder->start();
  submit(click("a"));
  sink.wait_for(1);
  EXPECT_EQ(told, 0);
  click("b").told = true;
  submit(clicks.back());
  sink.wait_for(2);
  EXPECT_EQ(told, 1) << "before the visitor is answered";
  store.fail_with(ErrorCode::store_full);
  click("c").told = true;
  submit(clicks.back());
  sink.wait_for(3);
  EXPECT_EQ(told, 1) << "a commit that failed tells nothing";
  clicks.clear();
  store.recover();
  clock.advance(milliseconds{10});
  store.wait_for_items(3);
  recorder->stop();
  EXPECT_EQ(told, 2) << "of clicks that waited in memory, too";
}

TEST_F(RecorderTest, ImpressionsOfBotsAreSpooledApart) {
  limits.spool_clicks = 2;
  start();
  store.fail_with(ErrorCode::store_full);
  std::deque<Impression> impressions(4);
  std::size_t settled = 0;
  for (auto& each : impressions) {
    each.impressions = {.campaign = 5, .bucket = impression_bucket(clock.wall()), .of_bots = settled % 2 == 1};
    each.sink = &sink;
    submit(each);
    sink.wait_for(++settled);
    EXPECT_EQ(each.outcome, ItemOutcome::spooled) << settled;
  }
  EXPECT_EQ(figures().spool_length, 2U);
  store.recover();
  clock.advance(milliseconds{10});
  store.wait_for_items(2);
  recorder->stop();
  EXPECT_EQ(figures().impressions_committed, 4U);
}

TEST_F(RecorderTest, ALongSpoolIsDrainedWithoutPauses) {
  limits.batch_items = 2;
  limits.retry_interval = std::chrono::hours{1};
  store.fail_with(ErrorCode::store_full);
  start();
  for (const auto* name : {"a", "b", "c", "d", "e"}) submit(click(name));
  sink.wait_for(5);
  store.recover();
  clock.advance(limits.retry_interval);
  submit(click("f"));  // wakes it
  store.wait_for_items(6);
  EXPECT_EQ(store.batches().front(), (Names{"a", "b"}));
  submit(click("g"));
  sink.wait_for(7);
  EXPECT_EQ(clicks.back().outcome, ItemOutcome::committed);
  EXPECT_TRUE(recorder->available());
}

TEST_F(RecorderTest, APoisonousClickInTheSpoolIsDropped) {
  store.fail_with(ErrorCode::store_full);
  store.poison("bad");
  start();
  for (const auto* name : {"a", "bad", "b", "bad"}) submit(click(name));
  sink.wait_for(4);
  store.recover();
  clock.advance(limits.retry_interval);
  store.wait_for_items(2);
  submit(sale("s"));
  sink.wait_for(5);
  EXPECT_EQ(store.batches(), (Batches{{"a"}, {"b"}, {"s"}}));
  EXPECT_TRUE(recorder->available());
  EXPECT_EQ(figures().clicks_unrecorded, 2U);
  EXPECT_EQ(figures().items_rejected, 2U);
}

TEST_F(RecorderTest, WhenSyncFailsNothingIsAcknowledgedAnyMore) {
  for (const auto code : {ErrorCode::store_sync_failed, ErrorCode::store_corrupt}) {
    SCOPED_TRACE(to_string(code));
    ScriptedStore dying;
    RecordingSink back;
    std::atomic<int> calls{0};
    std::atomic<ErrorCode> told{ErrorCode::not_found};
    Recorder doomed(dying, ids, clock, limits, [&](const Error& error) {
      told = error.code;
      ++calls;
    });
    doomed.start();
    dying.hold();
    doomed.submit(click("a", &back));
    dying.wait_for_attempts(1);
    auto& waiting = sale("s");
    waiting.sink = &back;
    doomed.submit(waiting);
    dying.fail_with(code);
    dying.release();
    back.wait_for(2);
    EXPECT_EQ(clicks.back().outcome, ItemOutcome::unavailable) << "not spooled: the process ends";
    EXPECT_EQ(waiting.outcome, ItemOutcome::unavailable);
    dying.recover();  // must not be believed
    doomed.submit(click("b", &back));
    back.wait_for(3);
    EXPECT_EQ(clicks.back().outcome, ItemOutcome::unavailable);
    EXPECT_FALSE(doomed.available());
    doomed.stop();
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(told, code);
    EXPECT_EQ(dying.attempts(), 1U) << "a failed sync is never tried again";
    EXPECT_EQ(doomed.figures().clicks_committed, 0U);
  }
}

TEST_F(RecorderTest, AFailedCheckpointIsAsBadAsAFailedCommit) {
  store.fail_maintenance_with(ErrorCode::store_sync_failed);
  start();
  clock.advance(limits.maintain_interval);
  while (recorder->available()) std::this_thread::yield();
  submit(click("a"));
  sink.wait_for(1);
  EXPECT_EQ(clicks.back().outcome, ItemOutcome::unavailable);
  recorder->stop();
  EXPECT_EQ(fatal_calls, 1);
  EXPECT_EQ(fatal_code, ErrorCode::store_sync_failed);
}

TEST_F(RecorderTest, StoppingCommitsWhatWasSubmitted) {
  limits.batch_items = 2;
  start();
  hold_in_a_commit();
  for (const auto* name : {"a", "b", "c"}) submit(click(name));
  submit(sale("s"));
  std::thread stopping([this] { recorder->stop(); });
  store.release();
  stopping.join();
  EXPECT_EQ(store.batches(), (Batches{{"first"}, {"a", "b"}, {"c", "s"}}));
  EXPECT_EQ(sink.names().size(), 5U);
}

TEST_F(RecorderTest, StoppingTriesOnceMoreToStoreTheSpool) {
  limits.batch_items = 2;
  store.fail_with(ErrorCode::store_full);
  start();
  for (const auto* name : {"a", "b", "c"}) submit(click(name));
  sink.wait_for(3);
  store.recover();
  recorder->stop();  // before the next attempt was due
  EXPECT_EQ(store.batches(), (Batches{{"a", "b"}, {"c"}}));
}

TEST_F(RecorderTest, StoppingWaitsForARefusingStoreAsLongAsAPostbackWould) {
  limits.busy_wait = 5 * limits.retry_interval;
  store.fail_with(ErrorCode::store_busy);
  start();
  submit(sale("s"));
  submit(click("a"));
  sink.wait_for(1);
  recorder->stop();
  EXPECT_EQ(sink.names().size(), 2U) << "everything is handed back";
  EXPECT_EQ(sales.back().outcome, ItemOutcome::unavailable);
}

TEST_F(RecorderTest, ManySubmittersLoseNothing) {
  start();
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kEach = 200;
  for (std::size_t i = 0; i < kThreads * kEach; ++i) click(std::to_string(i));
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < kEach; ++i) submit(clicks[t * kEach + i]);
    });
  for (auto& thread : threads) thread.join();
  sink.wait_for(kThreads * kEach);
  EXPECT_EQ(figures().clicks_committed, kThreads * kEach);
  for (const auto& item : clicks) EXPECT_EQ(item.outcome, ItemOutcome::committed);
}

}  // namespace
}  // namespace postback::testing

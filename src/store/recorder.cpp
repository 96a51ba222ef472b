// The recorder's thread: collect, commit, settle; and what happens when the store refuses.
//
// Available:  pending items are committed in batches; every waiting handler is resumed by one post per io thread and
//             batch.
// Refusing:   (busy, full) visits go to the spool and are answered at once; postbacks wait for a busy store up to
//             `busy_wait` and are refused by a full one. Every `retry_interval` the spool's oldest entries are tried
//             again; the store is available again when the spool is empty.
// Fatal:      (sync failed, corrupt) nothing is acknowledged any more; the process must end.
#include "postback/store/recorder.hpp"

#include "postback/base/check.hpp"
#include "postback/base/log.hpp"
#include "postback/base/thread_slice.hpp"
#include "postback/store/visit_items.hpp"
#include "store/click_spool.hpp"
#include "store/visit_losses.hpp"

#include <algorithm>

namespace postback {

namespace {

void add(std::atomic<std::uint64_t>& figure, std::uint64_t amount) {
  figure.fetch_add(amount, std::memory_order_relaxed);
}

constexpr std::chrono::microseconds kSlice{100};

/// Hands settled items back: one post per sink.
void post_to_sinks(std::span<Item* const> items) {
  struct List {
    TaskSink* sink;
    Task* first;
    Task* last;
  };
  std::vector<List> lists;
  for (Item* item : items) {
    item->next_task = nullptr;
    const auto list =
        std::find_if(lists.begin(), lists.end(), [&](const List& each) { return each.sink == item->sink; });
    if (list == lists.end()) {
      lists.push_back({item->sink, item, item});
    } else {
      list->last->next_task = item;
      list->last = item;
    }
  }
  for (const List& list : lists) list.sink->post(list.first);
}

}  // namespace

Recorder::Recorder(Store& store, SnowflakeGenerator& ids, const Clock& clock, RecorderLimits limits,
                   std::function<void(const Error&)> on_fatal)
    : store_(store),
      ids_(ids),
      clock_(clock),
      limits_(limits),
      on_fatal_(std::move(on_fatal)),
      spool_(std::make_unique<ClickSpool>(limits.spool_clicks, limits.spool_bytes)),
      losses_(std::make_unique<VisitLosses>()) {}

Recorder::~Recorder() { stop(); }

void Recorder::start() {
  check(!thread_.joinable(), "a recorder is started once");
  thread_ = std::thread([this] {
    // Everybody waits for this thread, and it sleeps in every fdatasync: it must run as soon as the disk is done.
    prefer_short_slices(kSlice);
    loop();
  });
}

void Recorder::stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true);
  wake();
  thread_.join();
}

SubmitResult Recorder::submit(Item& item) noexcept {
  item.outcome = ItemOutcome::none;
  if (queued_.fetch_add(1, std::memory_order_relaxed) >= limits_.queue_items) {
    queued_.fetch_sub(1, std::memory_order_relaxed);
    const bool spooled = is_visit(item.kind) && !fatal_.load() && spool_->add(item);
    if (!spooled) lose(item);
    if (spooled && item.kind == ItemKind::click) add(figures_.clicks_spooled, 1);
    return spooled ? SubmitResult::spooled : SubmitResult::refused;
  }
  item.submitted = clock_.steady();
  Task* newest = incoming_.load(std::memory_order_relaxed);
  do {
    item.next_task = newest;
  } while (!incoming_.compare_exchange_weak(newest, &item, std::memory_order_seq_cst, std::memory_order_relaxed));
  // Only who made the queue non-empty may have to wake the recorder, and only if it sleeps: under load nobody does.
  if (newest == nullptr && sleeping_.load(std::memory_order_seq_cst)) wake();
  return SubmitResult::queued;
}

std::optional<StoredClick> Recorder::spooled_click(SnowflakeId id) const { return spool_->find(id); }

bool Recorder::available() const { return available_.load(std::memory_order_acquire) && !losses_->going_on(); }

void Recorder::collect() {
  Task* newest = incoming_.exchange(nullptr, std::memory_order_acquire);
  if (newest == nullptr) return;
  const auto start = static_cast<std::ptrdiff_t>(pending_.size());
  for (Task* task = newest; task != nullptr; task = task->next_task) pending_.push_back(static_cast<Item*>(task));
  std::reverse(pending_.begin() + start, pending_.end());
}

void Recorder::wait_for_items(std::chrono::milliseconds longest) {
  std::unique_lock lock(wake_mutex_);
  // Said before looking: a submitter either sees it or is seen here.
  sleeping_.store(true, std::memory_order_seq_cst);
  // A stop that came after this turn began has woken nobody: it is looked at before sleeping, too.
  if (incoming_.load(std::memory_order_seq_cst) == nullptr && stopping_.load() == stop_seen_)
    wake_.wait_for(lock, longest);
  sleeping_.store(false, std::memory_order_relaxed);
}

void Recorder::wake() noexcept {
  const std::lock_guard lock(wake_mutex_);
  wake_.notify_one();
}

void Recorder::loop() {
  provide_node();
  for (;;) {
    collect();
    const bool stopping = stop_seen_ = stopping_.load();
    if (fatal_.load()) {
      end_after_fault();
      if (stopping && incoming_.load() == nullptr) break;
      wait_for_items(limits_.maintain_interval);
      continue;
    }
    // At the end there is no later attempt: what the store takes now is not lost.
    if (refusing() && (stopping || clock_.steady() >= next_attempt_)) drain_spool();
    if (fatal_.load()) continue;
    if (refusing()) {
      const bool hopeless = refusal_ && (stopping || refusal_ == ErrorCode::store_full);
      give_up_on_pending(!hopeless);
      if (stopping && incoming_.load() == nullptr && (spool_->size() == 0 || out_of_patience())) break;
      if (refusal_) wait_for_items(limits_.retry_interval);
      continue;
    }
    if (!pending_.empty()) store_next_batch();
    if (fatal_.load() || refusing()) continue;
    maintain();
    if (!pending_.empty()) continue;
    if (stopping && incoming_.load() == nullptr) break;
    wait_for_items(limits_.maintain_interval);
  }
  losses_->end();
  if (const auto left = spool_->size(); left > 0)
    spdlog::error("recorder.stopped visits_lost={} reason=\"the store refused until the end\"", left);
}

/// At the end the store gets as long as a postback would wait for it: spooled clicks are not given up lightly.
bool Recorder::out_of_patience() { return refusal_ && ++attempts_at_end_ * limits_.retry_interval > limits_.busy_wait; }

/// Whether new work has to wait: the store refuses, or older clicks are still in memory and go first.
bool Recorder::refusing() const { return refusal_.has_value() || spool_->size() > 0; }

void Recorder::end_after_fault() {
  give_up_on_pending(false);
  if (fault_ && !fault_told_) {
    fault_told_ = true;
    on_fatal_(*fault_);
  }
}

void Recorder::store_next_batch() {
  const auto count = std::min(pending_.size(), limits_.batch_items);
  const std::span<Item* const> batch(pending_.data(), count);
  newly_settled_.clear();
  auto committed = commit(batch);
  if (committed) {
    settle(batch, ItemOutcome::committed);
  } else if (committed.error().code == ErrorCode::store_rejected && count > 1) {
    spdlog::warn("recorder.batch_rejected items={} detail={} action=\"committing one by one\"", count,
                 log_value(committed.error().detail));
    commit_one_by_one(batch);
  } else if (committed.error().code == ErrorCode::store_rejected) {
    spdlog::error("recorder.item_rejected detail={}", log_value(committed.error().detail));
    settle(batch, ItemOutcome::rejected);
  } else {
    on_commit_failed(committed.error());
    return;
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(newly_settled_.size()));
  refresh_gauges();
  post_to_sinks(newly_settled_);
}

/// Commits each item by itself, so that a poisonous one hurts only itself. Stops at the first failure of the store.
void Recorder::commit_one_by_one(std::span<Item* const> items) {
  for (Item* const& item : items) {
    const std::span<Item* const> alone(&item, 1);
    if (const auto committed = commit(alone); committed) {
      settle(alone, ItemOutcome::committed);
    } else if (committed.error().code == ErrorCode::store_rejected) {
      spdlog::error("recorder.item_rejected detail={}", log_value(committed.error().detail));
      settle(alone, ItemOutcome::rejected);
    } else {
      on_commit_failed(committed.error());
      return;
    }
  }
}

Result<void> Recorder::commit(std::span<Item* const> items) {
  const auto begin = clock_.precise();
  auto result = store_.commit(items, ids_);
  figures_.commit_durations.observe(static_cast<std::uint64_t>((clock_.precise() - begin).count()));
  if (result) {
    add(figures_.batches, 1);
    add(figures_.batch_items, items.size());
    figures_.batch_sizes.observe(items.size());
    if (on_occurrences_ && store_.wrote_occurrences()) on_occurrences_();
  }
  return result;
}

/// Notes the outcome of items and makes them ready to be handed back.
void Recorder::settle(std::span<Item* const> items, ItemOutcome outcome) {
  std::uint64_t clicks = 0;
  for (Item* item : items) {
    item->outcome = outcome;
    if (outcome == ItemOutcome::rejected) count_unrecorded(*item);
    if (outcome == ItemOutcome::unavailable) lose(*item);
    if (outcome == ItemOutcome::committed && item->kind == ItemKind::click) ++clicks;
    if (outcome == ItemOutcome::committed && item->kind != ItemKind::click) count_committed(*item);
    newly_settled_.push_back(item);
  }
  if (clicks > 0) add(figures_.clicks_committed, clicks);
  if (outcome == ItemOutcome::rejected) add(figures_.items_rejected, items.size());
  queued_.fetch_sub(items.size(), std::memory_order_relaxed);
}

void Recorder::count_committed(const Item& item) {
  switch (item.kind) {
    case ItemKind::click: return add(figures_.clicks_committed, 1);
    case ItemKind::cta: return add(figures_.ctas_committed, 1);
    case ItemKind::impression:
      return add(figures_.impressions_committed, static_cast<const ImpressionItem&>(item).impressions.count);
    case ItemKind::postback: {
      const auto& postback = static_cast<const PostbackItem&>(item);
      if (postback.judged_again != 0) return;  // counted when it arrived
      const auto code = postback.judgement.verdict.code;
      return add(figures_.verdicts[static_cast<std::size_t>(code)], 1);
    }
    default: return;
  }
}

void Recorder::count_unrecorded(const Item& item) {
  switch (item.kind) {
    case ItemKind::click: return add(figures_.clicks_unrecorded, 1);
    case ItemKind::cta: return add(figures_.ctas_unrecorded, 1);
    case ItemKind::impression:
      return add(figures_.impressions_unrecorded, static_cast<const ImpressionItem&>(item).impressions.count);
    default: return add(figures_.items_refused, 1);
  }
}

/// Nothing is kept of an item, whatever is in it: the store takes none, and the memory is full.
void Recorder::lose(const Item& item) noexcept {
  count_unrecorded(item);
  if (!is_visit(item.kind)) return;
  losses_->add(item, fatal_.load() ? "the store has failed for good"
                                   : "the spool is full: see recorder.spool_clicks and recorder.spool_bytes");
}

void Recorder::on_commit_failed(const Error& error) {
  available_.store(false, std::memory_order_relaxed);
  if (error.code == ErrorCode::store_busy || error.code == ErrorCode::store_full) {
    if (refusal_ != error.code)
      spdlog::error(
          "recorder.store_refuses code={} detail={} action=\"clicks wait in memory, postbacks get 503; retrying\"",
          to_string(error.code), log_value(error.detail));
    refusal_ = error.code;
    next_attempt_ = clock_.steady() + limits_.retry_interval;
    return;
  }
  spdlog::error("recorder.store_failed code={} detail={} action=\"nothing more is acknowledged; the process ends\"",
                to_string(error.code), log_value(error.detail));
  if (!fault_) fault_ = error;
  fatal_.store(true);
}

/// Commits the oldest of the spool; with an empty spool, an empty batch asks whether the store writes again.
void Recorder::drain_spool() {
  // A checkpoint lets the log start over in the space it has: a full disk may need no more than that.
  if (refusal_ == ErrorCode::store_full) static_cast<void>(store_.maintain(true));
  auto items = spool_->oldest(limits_.batch_items);
  auto committed = commit(items);
  if (!committed && committed.error().code == ErrorCode::store_rejected && !items.empty()) {
    // One of them is poisonous: this turn settles the oldest alone, the next turn goes on.
    items.resize(1);
    committed = commit(items);
    if (!committed && committed.error().code == ErrorCode::store_rejected) {
      spdlog::error("recorder.spooled_item_rejected detail={}", log_value(committed.error().detail));
      count_unrecorded(*items.front());
      add(figures_.items_rejected, 1);
      return drop_spooled(1);
    }
  }
  if (!committed) {
    on_commit_failed(committed.error());
    return;
  }
  for (const Item* item : items) count_committed(*item);
  drop_spooled(items.size());
}

/// The store took these: it refuses no longer, and the next spooled clicks follow without a pause.
void Recorder::drop_spooled(std::size_t count) {
  spool_->drop(count);
  refusal_.reset();
  if (spool_->size() > 0) return;
  if (count > 0 && on_late_clicks_) on_late_clicks_();
  refresh_gauges();  // before readiness: who sees the one sees the other
  if (!available_.exchange(true, std::memory_order_release))
    spdlog::info("recorder.store_available detail=\"the spool is empty; everything is committed again\"");
}

/// While the store refuses: visits go to the spool, others are refused, all of them or only those that waited too long.
void Recorder::give_up_on_pending(bool only_overdue) {
  const auto now = clock_.steady();
  newly_settled_.clear();
  std::vector<Item*> kept;
  for (Item* const& item : pending_) {
    if (is_visit(item->kind)) {
      spool_or_lose(*item);
    } else if (!only_overdue || now - item->submitted >= limits_.busy_wait) {
      settle(std::span(&item, 1), ItemOutcome::unavailable);
    } else {
      kept.push_back(item);
    }
  }
  pending_ = std::move(kept);
  refresh_gauges();
  post_to_sinks(newly_settled_);
}

void Recorder::spool_or_lose(Item& item) {
  Item* const settled = &item;
  const bool spooled = !fatal_.load() && spool_->add(item);
  if (spooled && item.kind == ItemKind::click) add(figures_.clicks_spooled, 1);
  settle(std::span(&settled, 1), spooled ? ItemOutcome::spooled : ItemOutcome::unavailable);
}

void Recorder::maintain() {
  const auto now = clock_.steady();
  const bool due = now - last_maintained_ >= limits_.maintain_interval;
  if (due) last_maintained_ = now;
  if (const auto maintained = store_.maintain(due); !maintained && maintained.error().code != ErrorCode::store_busy &&
                                                    maintained.error().code != ErrorCode::store_full)
    on_commit_failed(maintained.error());
  if (due && !refusal_) provide_node();
  // Not sooner, so that a store at its limit fills no log.
  if (due && !refusal_ && !fatal_.load()) losses_->end();
  if (due) refresh_gauges();
}

void Recorder::provide_node() {
  if (!ids_.wants_node()) return;
  if (const auto node = store_.reserve_node()) {
    ids_.provide_node(*node);
  } else {
    spdlog::warn("recorder.no_spare_node detail={}", log_value(node.error().detail));
  }
}

void Recorder::refresh_gauges() {
  const auto gauges = store_.gauges();
  figures_.wal_bytes.store(gauges.wal_bytes, std::memory_order_relaxed);
  figures_.checkpoints.store(gauges.checkpoints, std::memory_order_relaxed);
  figures_.spool_length.store(spool_->size(), std::memory_order_relaxed);
}

}  // namespace postback

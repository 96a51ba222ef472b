// ScriptedStore: commits, waits or fails as a test says; RecordingSink: what was handed back to a thread.
#pragma once

#include "postback/store/store.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace postback::testing {

/// Waits for `done` under `lock`; throws when it does not come about.
template <class Done>
void wait_until(std::condition_variable& changed, std::unique_lock<std::mutex>& lock, const char* what, Done done) {
  if (!changed.wait_for(lock, std::chrono::seconds{20}, done))
    throw std::runtime_error(std::string("waited in vain for ") + what);
}

/// Names an item in a test: a click's external ID, a postback's txid.
inline std::string name_of(const Item& item) {
  if (item.kind == ItemKind::click) return std::string(static_cast<const ClickItem&>(item).click.external_id);
  if (item.kind == ItemKind::postback) return static_cast<const PostbackItem&>(item).reading.txid;
  return "catalog";
}

class ScriptedStore final : public Store {
 public:
  using Names = std::vector<std::string>;

  Result<StoreIdentity> identity() override { return StoreIdentity{}; }
  Result<unsigned> reserve_node() override { return 2U; }
  Result<std::vector<EntityDocument>> catalog_documents(std::uint64_t&) override {
    return std::vector<EntityDocument>{};
  }
  Result<std::vector<StoredKey>> keys() override { return std::vector<StoredKey>{}; }
  StoreGauges gauges() const override {
    const std::lock_guard lock(mutex_);
    ++looks_;
    changed_.notify_all();
    return {};
  }
  Result<std::unique_ptr<Reader>> open_reader() override { return Error{ErrorCode::not_found, "no readers here"}; }
  Result<void> close() override { return {}; }

  Result<void> commit(std::span<Item* const> items, SnowflakeGenerator&) override {
    std::unique_lock lock(mutex_);
    ++attempts_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    if (failure_) return *failure_;
    Names names;
    for (const auto* item : items) {
      names.push_back(name_of(*item));
      if (poison_.contains(names.back())) return Error{ErrorCode::store_rejected, names.back() + " cannot be stored"};
    }
    if (!names.empty()) batches_.push_back(std::move(names));
    told_ = std::ranges::any_of(items, [](const Item* item) {
      return item->kind == ItemKind::click && static_cast<const ClickItem*>(item)->told;
    });
    changed_.notify_all();
    return {};
  }
  bool wrote_occurrences() const override {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  Result<void> maintain(bool) override {
    const std::lock_guard lock(mutex_);
    if (maintain_failure_) return *maintain_failure_;
    return {};
  }

  /// Commits that start from now on do not return until `release`.
  void hold() {
    set([this] { held_ = true; });
  }
  void release() {
    set([this] { held_ = false; });
  }
  void fail_with(ErrorCode code) {
    set([&] { failure_ = Error{code, "scripted"}; });
  }
  void fail_maintenance_with(ErrorCode code) {
    set([&] { maintain_failure_ = Error{code, "scripted"}; });
  }
  void recover() {
    set([this] { failure_.reset(); });
  }
  /// A batch that holds this item is rejected.
  void poison(std::string name) {
    set([&] { poison_.insert(std::move(name)); });
  }

  std::size_t attempts() {
    const std::lock_guard lock(mutex_);
    return attempts_;
  }
  /// Waits until that many commits were begun.
  void wait_for_attempts(std::size_t count) {
    std::unique_lock lock(mutex_);
    wait_until(changed_, lock, "a commit", [&] { return attempts_ >= count; });
  }
  /// Waits until that many items were committed.
  void wait_for_items(std::size_t count) {
    std::unique_lock lock(mutex_);
    wait_until(changed_, lock, "committed items", [&] {
      std::size_t items = 0;
      for (const auto& batch : batches_) items += batch.size();
      return items >= count;
    });
  }
  /// While it refuses: waits until the recorder, after whatever it does now, went once through what waits.
  void wait_for_a_turn() {
    std::unique_lock lock(mutex_);
    wait_until(changed_, lock, "a turn", [this, start = looks_] { return looks_ >= start + 2; });
  }
  std::vector<Names> batches() {
    const std::lock_guard lock(mutex_);
    return batches_;
  }

 private:
  void set(const std::function<void()>& change) {
    const std::lock_guard lock(mutex_);
    change();
    changed_.notify_all();
  }
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable std::size_t looks_ = 0;  ///< At the gauges: the recorder ends each of its turns with one.
  bool held_ = false;
  std::optional<Error> failure_;
  std::optional<Error> maintain_failure_;
  std::set<std::string> poison_;
  std::size_t attempts_ = 0;
  bool told_ = false;  ///< The last batch had a click that destinations are told of.
  std::vector<Names> batches_;
};

class RecordingSink final : public TaskSink {
 public:
  void post(Task* list) noexcept override {
    const std::lock_guard lock(mutex_);
    ++posts_;
    for (Task* task = list; task != nullptr; task = task->next_task)
      names_.push_back(name_of(*static_cast<Item*>(task)));
    changed_.notify_all();
  }
  /// Waits until that many items came back.
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    wait_until(changed_, lock, "items handed back", [&] { return names_.size() >= count; });
  }
  std::vector<std::string> names() {
    const std::lock_guard lock(mutex_);
    return names_;
  }
  std::size_t posts() {
    const std::lock_guard lock(mutex_);
    return posts_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t posts_ = 0;
  std::vector<std::string> names_;
};

}  // namespace postback::testing

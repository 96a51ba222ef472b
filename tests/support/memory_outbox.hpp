// MemoryOutbox: the outbox's tables in memory, both sides of it, refusing as a test says; ScriptedClient: the network.
#pragma once

#include "postback/delivery/outbox_store.hpp"
#include "postback/http/client.hpp"
#include "support/empty_reader.hpp"
#include "support/fake_clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace postback::testing {

/// What a store does with occurrences, deliveries, attempts and states of destinations. Clicks and conversions are
/// there for whoever asks, unless `facts_missing`.
class MemoryOutbox final : public EmptyReader, public delivery::OutboxStore {
 public:
  // The tables.
  std::map<SnowflakeId, Occurrence> occurrences_left;
  std::map<SnowflakeId, Delivery> deliveries_by_id;
  std::vector<DeliveryAttempt> attempts;
  std::map<EntityNumber, StoredDestination> states;

  // What a test decides.
  bool refuses = false;     ///< Commits.
  bool throws = false;      ///< From commits.
  bool unreadable = false;  ///< Deliveries that are due.
  bool facts_missing = false;
  std::set<SnowflakeId> damaged;         ///< Clicks, of occurrences or deliveries: their facts cannot be read.
  std::set<SnowflakeId> throwing;        ///< Clicks whose facts throw.
  std::set<SnowflakeId> unnotable;       ///< Deliveries whose attempts are rejected.
  std::set<SnowflakeId> unplannable;     ///< Occurrences from which no plan is taken.
  std::set<EntityNumber> unreadable_of;  ///< Destinations whose deliveries cannot be read.
  std::size_t commits = 0;               ///< That were taken.
  std::size_t reads = 0;                 ///< Of due deliveries.
  StoredClick click_row;

  SnowflakeId next_id() { return ++last_id_; }
  SnowflakeId add_occurrence(Trigger kind, TimeMs time) {
    const auto id = next_id();
    occurrences_left[id] = {.id = id, .kind = kind, .time = time, .click = id, .conversion = 0};
    if (kind == Trigger::conversion || kind == Trigger::status_change) occurrences_left[id].conversion = id;
    return id;
  }
  Delivery& add_delivery(EntityNumber destination, TimeMs due) {
    const auto id = next_id();
    auto& row = deliveries_by_id[id];
    row.id = row.click = row.conversion = id;
    row.destination = destination;
    row.created = row.retry_from = due;
    row.due = due;
    index(row);
    return row;
  }
  /// By hand; whoever does so tells the dispatcher.
  void retry(SnowflakeId id, TimeMs now) {
    auto& row = deliveries_by_id.at(id);
    row.state = DeliveryState::pending;
    row.due = row.retry_from = now;
    index(row);
  }
  std::size_t count(DeliveryState state) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(deliveries_by_id, [state](const auto& each) { return each.second.state == state; }));
  }

  void commit(delivery::OutboxItems& items) override {
    if (refuses) return;
    if (throws) throw std::runtime_error("as the test says");
    ++commits;
    if (items.plan) commit_plan(*items.plan);
    if (items.attempts) commit_attempts(*items.attempts);
    if (items.listing) commit_listing(*items.listing);
    for (auto& state : items.states) {
      auto& row = states[state->destination];
      row.paused = state->paused;
      row.reason = state->reason;
      state->outcome = ItemOutcome::committed;
    }
  }

  Result<std::vector<Occurrence>> occurrences(SnowflakeId after, std::size_t limit) override {
    std::vector<Occurrence> found;
    for (auto row = occurrences_left.upper_bound(after); row != occurrences_left.end() && found.size() < limit; ++row)
      found.push_back(row->second);
    return found;
  }
  Result<DeliveryFacts> delivery_facts(const FactsWanted& wanted) override {
    DeliveryFacts facts;
    if (facts_missing) return facts;
    if (damaged.contains(wanted.click)) return Error{ErrorCode::store_corrupt, "secret: as the test says"};
    if (throwing.contains(wanted.click)) throw std::runtime_error("as the test says");
    facts.click = click_row;
    facts.click->id = wanted.click;
    if (wanted.conversion == 0) return facts;
    facts.conversion.emplace();
    facts.conversion->id = wanted.conversion;
    facts.conversion->click = wanted.click;
    return facts;
  }
  Result<bool> was_told(SnowflakeId conversion, EntityNumber destination) override {
    return std::ranges::any_of(deliveries_by_id, [&](const auto& each) {
      return each.second.conversion == conversion && each.second.destination == destination;
    });
  }
  Result<std::vector<StoredDestination>> destination_states() override {
    for (auto& [number, state] : states) state.next_due.reset();
    for (const auto& [id, delivery] : deliveries_by_id) {
      if (delivery.state != DeliveryState::pending) continue;
      auto& next = states[delivery.destination].next_due;
      next = next ? std::min(*next, *delivery.due) : *delivery.due;
    }
    std::vector<StoredDestination> rows;
    for (auto& [number, state] : states) {
      state.destination = number;
      rows.push_back(state);
    }
    return rows;
  }
  Result<std::uint64_t> pending_deliveries() override { return count(DeliveryState::pending); }
  Result<std::vector<Delivery>> due_deliveries(EntityNumber destination, TimeMs now, const DueCursor& after,
                                               std::size_t limit) override {
    ++reads;
    if (unreadable) return Error{ErrorCode::store_busy, "as the test says"};
    if (unreadable_of.contains(destination)) return Error{ErrorCode::io_failed, "as the test says"};
    auto rows = pending(destination, after, limit);
    std::erase_if(rows, [now](const Delivery& each) { return *each.due > now; });
    return rows;
  }
  Result<std::optional<TimeMs>> next_due(EntityNumber destination, const DueCursor& after) override {
    const auto rows = pending(destination, after, 1);
    return rows.empty() ? std::optional<TimeMs>() : rows.front().due;
  }

 private:
  void commit_plan(PlanItem& item) {
    item.outcome = ItemOutcome::rejected;
    if (std::ranges::any_of(item.occurrences, [this](auto id) { return unplannable.contains(id); })) return;
    for (const auto id : item.occurrences) occurrences_left.erase(id);
    for (auto& [occurrence, delivery] : item.deliveries) {
      delivery.id = next_id();
      deliveries_by_id[delivery.id] = delivery;
      index(delivery);
    }
    for (const auto& [destination, remainder] : item.remainders) states[destination].remainder = remainder;
    item.outcome = ItemOutcome::committed;
  }
  void commit_attempts(AttemptItem& item) {
    const auto is_bad = [this](const auto& noted) { return unnotable.contains(noted.attempt.delivery); };
    item.outcome = std::ranges::any_of(item.attempts, is_bad) ? ItemOutcome::rejected : ItemOutcome::committed;
    if (item.outcome == ItemOutcome::rejected) return;
    for (auto& noted : item.attempts) commit_attempt(noted);
  }
  void commit_attempt(AttemptItem::Noted& noted) {
    const auto row = deliveries_by_id.find(noted.attempt.delivery);
    if (row == deliveries_by_id.end() || row->second.state != DeliveryState::pending) return;
    noted.stored = true;
    attempts.push_back(noted.attempt);
    row->second.attempts = noted.attempt.number;
    if (noted.state != DeliveryState::delivered && noted.retry_from != row->second.retry_from) {
      noted.state = DeliveryState::pending;
      noted.due = row->second.due;
      return;
    }
    row->second.state = noted.state;
    row->second.due = noted.due;
    index(row->second);
  }
  void commit_listing(DeliveryChangeItem& item) {
    for (const auto id : item.deliveries) {
      auto& row = deliveries_by_id.at(id);
      if (row.state != DeliveryState::pending) continue;
      row.state = DeliveryState::listed;
      row.due.reset();
      item.changed.push_back(id);
    }
    item.outcome = ItemOutcome::committed;
  }
  void index(const Delivery& delivery) {
    if (delivery.due) by_due_[delivery.destination].emplace(*delivery.due, delivery.id);
  }
  /// The pending ones behind the cursor, at most `limit`.
  std::vector<Delivery> pending(EntityNumber destination, const DueCursor& after, std::size_t limit) const {
    std::vector<Delivery> rows;
    const auto lane = by_due_.find(destination);
    if (lane == by_due_.end()) return rows;
    const auto& due = lane->second;
    for (auto each = due.upper_bound({after.due, after.id}); each != due.end() && rows.size() < limit; ++each) {
      const Delivery& row = deliveries_by_id.at(each->second);
      // What was changed since has another entry, or none.
      if (row.state == DeliveryState::pending && row.due == each->first) rows.push_back(row);
    }
    return rows;
  }
  std::map<EntityNumber, std::set<std::pair<TimeMs, SnowflakeId>>> by_due_;
  SnowflakeId last_id_ = 0;
};

/// Answers by a function of the request, after the time that it says; nothing: it hangs until its timeout.
class ScriptedClient final : public http::Client {
 public:
  struct Answer {
    http::OutgoingOutcome outcome;
    std::chrono::milliseconds after{20};
  };
  using Script = std::function<std::optional<Answer>(const http::OutgoingRequest&)>;
  explicit ScriptedClient(const Clock& clock) : clock_(clock) {}

  Script script = [](const auto&) { return status(200); };
  std::vector<http::OutgoingRequest> sent;  ///< Everything, in order.
  std::size_t most_under_way = 0;

  static std::optional<Answer> status(int code, std::string retry_after = {}) {
    Answer answer;
    answer.outcome.status = code;
    if (!retry_after.empty()) answer.outcome.retry_after = std::move(retry_after);
    return answer;
  }

  void send(http::OutgoingRequest request, Completion done) override {
    sent.push_back(request);
    auto answer = script(request);
    if (!answer) {
      answer.emplace();
      answer->outcome.end = http::OutgoingOutcome::End::timeout;
      answer->after = request.timeout;
    }
    answer->outcome.duration = answer->after;
    under_way_.emplace(clock_.steady() + answer->after, std::pair(std::move(done), std::move(answer->outcome)));
    most_under_way = std::max(most_under_way, under_way_.size());
  }
  /// Completes what has ended by now; how much that was.
  std::size_t complete() {
    std::size_t completed = 0;
    while (!under_way_.empty() && under_way_.begin()->first <= clock_.steady()) {
      auto node = under_way_.extract(under_way_.begin());
      node.mapped().first(std::move(node.mapped().second));
      ++completed;
    }
    return completed;
  }
  /// Everything under way ends as cancelled.
  void cancel_all() {
    while (!under_way_.empty()) {
      auto node = under_way_.extract(under_way_.begin());
      http::OutgoingOutcome outcome;
      outcome.end = http::OutgoingOutcome::End::cancelled;
      node.mapped().first(std::move(outcome));
    }
  }
  /// A crash: nobody is told.
  void forget() { under_way_.clear(); }
  /// When the next of what is under way ends, on the monotonic clock.
  std::optional<std::chrono::milliseconds> next_end() const {
    return under_way_.empty() ? std::nullopt : std::optional(under_way_.begin()->first);
  }
  std::size_t under_way() const { return under_way_.size(); }

 private:
  const Clock& clock_;
  std::multimap<std::chrono::milliseconds, std::pair<Completion, http::OutgoingOutcome>> under_way_;
};

}  // namespace postback::testing

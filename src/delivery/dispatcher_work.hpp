// Dispatcher::Work: the state of a dispatcher, and the steps of a turn.
#pragma once

#include "answer_judgement.hpp"
#include "attempt_note.hpp"
#include "lanes.hpp"
#include "pace.hpp"
#include "planner.hpp"
#include "postback/delivery/dispatcher.hpp"
#include "postback/domain/delivery_rendering.hpp"
#include "settled_clock.hpp"

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace postback::delivery {

class Dispatcher::Work {
 public:
  Work(const DispatcherParts& parts, const DeliveryLimits& limits, std::uint64_t seed)
      : parts_(parts),
        limits_(limits),
        seed_(seed),
        view_(parts.catalog),
        lanes_(limits),
        planner_(parts.reader),
        pace_(limits.visits_per_delivery, parts.visits) {}

  void turn();
  void try_now(const std::set<EntityNumber>& destinations);
  void hold_off() { not_before_ = now().steady + kLongestWait; }
  std::chrono::milliseconds wait() const;
  std::chrono::milliseconds rest() const;
  std::vector<http::HostReport> hosts() const { return lanes_.hosts(now()); }
  std::vector<http::DestinationWait> waits() const { return lanes_.waits(now()); }
  std::size_t in_flight() const { return flights_.size(); }
  std::size_t unnoted() const { return unnoted_.size(); }

  bool occurred = true;  ///< Occurrences may be there.
  bool changed = true;   ///< The states of destinations must be read.
  bool taking = true;

 private:
  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

  /// A request under way.
  struct Flight {
    Delivery delivery;
    HostGate* gate = nullptr;
    bool probe = false;
    RenderedRequest rendered;  ///< Without what was given to the client.
    TimeMs began{};
  };

  Moment now() const { return {parts_.clock.wall(), parts_.clock.steady()}; }
  void follow_catalog();
  Result<void> read_states();
  void hold_what_left();
  void count_pending(const Moment& moment);
  void refresh_gauges();
  /// Nothing is tried for a while.
  void pause(std::string_view what, const Error& error);

  // Noting and planning: dispatcher_noting.cpp.
  Result<void> note_and_plan(const Moment& moment);
  Result<std::optional<Plan>> plan(const Moment& moment, OutboxItems& items);
  void give_notes(OutboxItems& items);
  bool take_notes_back(OutboxItems& items);
  void attempts_noted(const AttemptItem& item);
  void planned(const PlanItem& item, Plan&& plan, const Moment& moment);

  // What of it the store does not take: dispatcher_rejections.cpp.
  void put_notes_back(AttemptItem& item);
  void notes_rejected(AttemptItem& item);
  void plan_rejected(const PlanItem& item);

  // Listing in feeds: dispatcher_listing.cpp.
  Result<void> give_listing(const Moment& moment, OutboxItems& items);
  bool take_listing_back(const OutboxItems& items);

  // Sending: dispatcher_sending.cpp.
  Result<void> send_due(const Moment& moment);
  Result<void> send(Lane& lane, const Moment& moment);
  Result<bool> read_facts(Lane& lane, DueDelivery& due, const Moment& moment);
  void send_known(Lane& lane, const DueDelivery& due, const Moment& moment);
  void start(Lane& lane, const Delivery& delivery, http::OutgoingRequest request, RenderedRequest rendered,
             const Moment& moment);

  // What came of it: dispatcher_ending.cpp.
  void ended(std::uint64_t token, http::OutgoingOutcome outcome);
  void answered(Flight& flight, Lane& lane, const http::OutgoingOutcome& outcome, const Moment& moment);
  static void tell_gate(HostGate& gate, bool probe, const AnswerJudgement& judged, const Moment& moment);
  void not_sent(const Lane& lane, const Delivery& delivery, const AnswerJudgement& judged, std::string error,
                const Moment& moment);
  void keep_note(EndedAttempt attempt, const AnswerJudgement& judged, const http::OutgoingOutcome& outcome);
  void pause_destination(Lane& lane, const Moment& moment);
  const Destination& document_of(EntityNumber destination);

  const DispatcherParts parts_;
  const DeliveryLimits limits_;
  const std::uint64_t seed_;
  SettledClock settled_;
  CatalogView view_;
  std::shared_ptr<const Catalog> catalog_;
  Lanes lanes_;
  Planner planner_;
  Pace pace_;
  std::unordered_map<std::uint64_t, Flight> flights_;
  std::uint64_t next_token_ = 0;
  std::vector<std::pair<EntityNumber, AttemptItem::Noted>> unnoted_;  ///< With their destinations; the oldest first.
  std::vector<std::pair<EntityNumber, TimeMs>> unnoted_pauses_;
  std::vector<EntityNumber> noting_;  ///< The destinations of the attempts that are being committed.
  /// Most attempts and most occurrences of one item: fewer while the store rejects it, until the one at fault is found.
  std::size_t notes_at_once_ = kAll;
  std::size_t occurrences_at_once_ = kAll;
  std::vector<std::pair<EntityNumber, SnowflakeId>> given_up_;  ///< What was sent, and will never be noted: still held.
  std::pair<EntityNumber, bool> listing_{};  ///< The feed of which a step is being committed; whether there is more.
  std::chrono::milliseconds not_before_{0};
  std::chrono::milliseconds looked_{0};   ///< For occurrences, last.
  bool uncounted_ = true;                 ///< Others changed how many deliveries are pending.
  std::chrono::milliseconds counted_{0};  ///< They were counted last.
  std::uint64_t pending_ = 0;
  bool paused_ = false;  ///< Something could not be done; said in the log.
};

}  // namespace postback::delivery

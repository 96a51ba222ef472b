// DispatcherWorld: a dispatcher between tables in memory and a scripted network, on a clock that jumps from event to
// event.
#pragma once

#include "postback/delivery/dispatcher.hpp"
#include "support/memory_outbox.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace postback::testing {

class DispatcherWorld {
 public:
  explicit DispatcherWorld(const delivery::DeliveryLimits& limits = {}) : limits_(limits) { restart(); }

  /// A destination `d<number>`, or another document for it. `url` may hold tokens; `more` is JSON members, each with a
  /// comma before it.
  void put(EntityNumber number, const std::string& url, const std::string& more = {}) {
    put_document(number, R"({"name":"D","profile":"generic","method":"GET","url":")" + url + "\"" + more + "}");
  }
  void put_document(EntityNumber number, const std::string& json) {
    const auto id = "d" + std::to_string(number);
    std::erase_if(documents_, [&id](const EntityDocument& each) { return each.id == id; });
    documents_.push_back({.kind = EntityKind::destination, .id = id, .number = number, .json = json});
    auto built = Catalog::build(documents_, ++revision_);
    if (const auto* faults = std::get_if<Faults>(&built)) {
      for (const auto& fault : *faults) ADD_FAILURE() << fault.field << ": " << fault.problem << " " << fault.expected;
      return;
    }
    catalog.publish(std::get<std::shared_ptr<const Catalog>>(built));
  }
  /// Deliveries that are due now.
  void add_due(EntityNumber destination, std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) outbox.add_delivery(destination, clock.wall());
    dispatcher->changed();
  }
  void occur(Trigger kind, std::size_t count = 1) {
    for (std::size_t n = 0; n < count; ++n) outbox.add_occurrence(kind, clock.wall());
    dispatcher->occurred();
  }

  /// Lets time pass, with turns as the outbox's thread makes them. Fails the test when turns follow each other without
  /// anything to do.
  void run(std::chrono::milliseconds span) {
    const auto end = clock.steady() + span;
    std::size_t idle = 0;
    for (;;) {
      const auto before = events();
      client.complete();
      dispatcher->turn();
      ++turns;
      auto next = clock.steady() + dispatcher->wait();
      if (const auto ends = client.next_end()) next = std::min(next, *ends);
      idle = next > clock.steady() || events() != before ? 0 : idle + 1;
      if (idle > 10) {
        ADD_FAILURE() << "turns follow each other without anything to do";
        return;
      }
      if (next > end && clock.steady() >= end) return;
      if (next > clock.steady()) clock.advance(std::min(next, end) - clock.steady());
      if (clock.steady() >= end && next > end) return;
    }
  }
  /// Crash and new start: what was under way is forgotten.
  void restart() {
    dispatcher.reset();
    client.forget();
    dispatcher.emplace(delivery::DispatcherParts{.clock = clock,
                                                 .reader = outbox,
                                                 .store = outbox,
                                                 .client = client,
                                                 .catalog = catalog,
                                                 .click_id_keys = keys,
                                                 .figures = figures,
                                                 .visits = [this] { return visits(); }},
                       limits_, 42);
  }
  std::size_t sent_to(const std::string& part) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        client.sent, [&part](const auto& request) { return request.url.find(part) != std::string::npos; }));
  }
  std::uint64_t attempts(AttemptReason reason) const {
    return figures.attempts[static_cast<std::size_t>(reason)].read();
  }
  std::uint64_t visits() const { return visits_each_ms * static_cast<std::uint64_t>(clock.steady().count()); }
  std::size_t delivered() const { return outbox.count(DeliveryState::delivered); }

  FakeClock clock;
  std::uint64_t visits_each_ms = 0;  ///< Clicks that the server takes meanwhile.
  MemoryOutbox outbox;
  ScriptedClient client{clock};
  delivery::DeliveryFigures figures;
  CatalogSlot catalog{Catalog::empty()};
  ClickIdKeys keys{{ClickIdKeys::Key{TimeMs{}, {1, 2, 3}}}};
  std::optional<delivery::Dispatcher> dispatcher;
  std::size_t turns = 0;

 private:
  std::size_t events() const { return outbox.commits + outbox.reads + client.sent.size(); }
  const delivery::DeliveryLimits limits_;
  std::vector<EntityDocument> documents_;
  std::uint64_t revision_ = 0;
};

}  // namespace postback::testing

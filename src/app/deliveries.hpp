// Deliveries: owns what sends outgoing postbacks: the guard of addresses, the outbox and the sender.
#pragma once

#include "app/sender_thread.hpp"
#include "postback/app/app.hpp"
#include "postback/delivery/figures.hpp"
#include "postback/delivery/outbox.hpp"
#include "postback/http/delivery_control.hpp"
#include "postback/net/address_guard.hpp"
#include "postback/net/outgoing_client.hpp"
#include "postback/net/resolver.hpp"
#include "postback/store/item_waiter.hpp"
#include "postback/store/reader.hpp"
#include "postback/store/recorder.hpp"

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace postback {

/// What it works with; all must outlive it.
struct DeliverySurroundings {
  const Clock& clock;
  Entropy& entropy;
  const CatalogSlot& catalog;
  const ClickIdKeys& click_id_keys;
  ItemWaiter& items;
  const RecorderFigures& recorder;
  std::vector<std::string> listening;  ///< This server's own addresses, as bound.
};

/// Two threads: one decides and notes, the other talks to the network. With `enabled` off only the second one runs,
/// for what somebody sends by hand.
class Deliveries final : public http::DeliveryControl {
 public:
  /// Errors: what keeps names from being resolved; a network that cannot be read.
  static Result<std::unique_ptr<Deliveries>> make(const DeliveryOptions& options,
                                                  const DeliverySurroundings& surroundings,
                                                  std::unique_ptr<Reader> reader);
  ~Deliveries() override { stop(std::chrono::milliseconds{0}); }

  void start();
  /// Nothing more is planned or sent. Any thread.
  void stop_taking();
  /// Waits up to `patience` for what is under way, notes it, and ends what is still under way then: it stays pending.
  /// Before the recorder stops. Later calls of send_now are cancelled.
  void stop(std::chrono::milliseconds patience);

  /// Something was written for destinations: for the recorder's thread.
  void occurred() noexcept;

  // DeliveryControl.
  void changed() override;
  void try_now(const std::set<EntityNumber>& destinations) override;
  http::OutgoingOutcome send_now(http::OutgoingRequest request) override;
  std::vector<http::HostReport> hosts() const override;
  std::vector<http::DestinationWait> waits() const override;
  http::DeliveryQueue queue() const override;

  http::AddressCheck& addresses() { return addresses_; }
  const delivery::DeliveryFigures& figures() const { return figures_; }

 private:
  Deliveries(const DeliveryOptions& options, const DeliverySurroundings& surroundings, std::unique_ptr<Reader> reader,
             std::unique_ptr<net::Resolver> resolver, net::GuardSettings guard);

  const bool enabled_;
  delivery::DeliveryFigures figures_;
  const std::unique_ptr<Reader> reader_;
  const net::AddressGuard guard_;
  const std::unique_ptr<net::Resolver> resolver_;
  net::OutgoingAddressCheck addresses_;
  delivery::RecordedOutbox store_;
  SenderThread sender_;
  delivery::Outbox outbox_;
};

}  // namespace postback

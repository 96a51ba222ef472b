// Building, starting and stopping the sending of outgoing postbacks.
#include "app/deliveries.hpp"

#include "postback/app/build_info.hpp"
#include "postback/base/address_range.hpp"
#include "postback/base/check.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <utility>

namespace postback {
namespace {

std::uint64_t random_seed(Entropy& entropy) {
  std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
  entropy.fill(bytes);
  std::uint64_t seed = 0;
  for (const auto byte : bytes) seed = seed << 8U | byte;
  return seed;
}

/// No more connections than a part of the descriptors that the process may have; the server has its own part.
DeliveryOptions within_descriptors(DeliveryOptions options) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return options;
  const auto descriptors = static_cast<std::size_t>(limit.rlim_cur);
  options.limits.in_flight = std::min(options.limits.in_flight, std::max<std::size_t>(descriptors / 4, 1));
  return options;
}

Result<net::GuardSettings> guard_settings(const DeliveryOptions& options, const DeliverySurroundings& surroundings) {
  net::GuardSettings settings;
  for (const auto& text : options.allow_private_networks) {
    auto range = AddressRange::parse(text);
    if (!range) return range.error();
    settings.allowed.push_back(*range);
  }
  for (const auto& text : surroundings.listening) {
    const auto endpoint = net::parse_endpoint(text);
    check(endpoint.has_value(), "a listener that is bound has an address and a port");
    settings.listening.push_back(*endpoint);
  }
  const auto own = std::make_shared<net::OwnAddresses>(surroundings.clock);
  settings.own = [own](const Address& address) { return own->contains(address); };
  return settings;
}

/// Visits and postbacks that were recorded so far.
std::uint64_t visits_in(const RecorderFigures& recorder) {
  const auto count = [](const std::atomic<std::uint64_t>& figure) { return figure.load(std::memory_order_relaxed); };
  std::uint64_t sum =
      count(recorder.clicks_committed) + count(recorder.ctas_committed) + count(recorder.impressions_committed);
  for (const auto& verdicts : recorder.verdicts) sum += count(verdicts);
  return sum;
}

}  // namespace

Result<std::unique_ptr<Deliveries>> Deliveries::make(const DeliveryOptions& options,
                                                     const DeliverySurroundings& surroundings,
                                                     std::unique_ptr<Reader> reader) {
  auto guard = guard_settings(options, surroundings);
  if (!guard) return guard.error();
  auto resolver = net::make_resolver();
  if (!resolver) return resolver.error();
  return std::unique_ptr<Deliveries>(new Deliveries(within_descriptors(options), surroundings, std::move(reader),
                                                    std::move(*resolver), std::move(*guard)));
}

Deliveries::Deliveries(const DeliveryOptions& options, const DeliverySurroundings& surroundings,
                       std::unique_ptr<Reader> reader, std::unique_ptr<net::Resolver> resolver,
                       net::GuardSettings guard)
    : enabled_(options.enabled == "on"),
      reader_(std::move(reader)),
      guard_(std::move(guard)),
      resolver_(std::move(resolver)),
      addresses_(*resolver_, guard_),
      store_(surroundings.items),
      sender_(
          [this, options](boost::asio::io_context& context) {
            net::OutgoingSettings settings;
            settings.user_agent = "postbackd/" + std::string(build_version());
            settings.connect_timeout = options.connect_timeout;
            settings.pooled_connections = options.limits.in_flight;
            return std::make_unique<net::OutgoingClient>(context, settings, *resolver_, guard_);
          },
          [this](http::Client::Completion done, http::OutgoingOutcome outcome) {
            outbox_.complete(std::move(done), std::move(outcome));
          }),
      outbox_({.clock = surroundings.clock,
               .reader = *reader_,
               .store = store_,
               .client = sender_,
               .catalog = surroundings.catalog,
               .click_id_keys = surroundings.click_id_keys,
               .figures = figures_,
               .visits = [&recorder = surroundings.recorder] { return visits_in(recorder); }},
              options.limits, random_seed(surroundings.entropy), [this] { sender_.flush(); }) {}

void Deliveries::start() {
  sender_.start();
  if (enabled_) outbox_.start();
}

void Deliveries::stop_taking() { outbox_.stop_taking(); }

void Deliveries::stop(std::chrono::milliseconds patience) {
  outbox_.stop(patience);
  sender_.stop();
}

void Deliveries::occurred() noexcept { outbox_.occurred(); }

void Deliveries::changed() { outbox_.changed(); }

void Deliveries::try_now(const std::set<EntityNumber>& destinations) {
  if (enabled_) outbox_.try_now(destinations);
}

http::OutgoingOutcome Deliveries::send_now(http::OutgoingRequest request) {
  return sender_.send_now(std::move(request));
}

std::vector<http::HostReport> Deliveries::hosts() const { return outbox_.hosts(); }

std::vector<http::DestinationWait> Deliveries::waits() const { return outbox_.waits(); }

http::DeliveryQueue Deliveries::queue() const {
  return {.in_flight = figures_.in_flight.load(std::memory_order_relaxed),
          .in_memory = figures_.in_memory.load(std::memory_order_relaxed)};
}

}  // namespace postback

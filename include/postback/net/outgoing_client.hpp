// OutgoingClient: http::Client over libcurl on an io_context; OutgoingAddressCheck: the same checks before anything is
// sent.
#pragma once

#include "postback/http/client.hpp"
#include "postback/net/address_guard.hpp"
#include "postback/net/resolver.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postback::net {

struct OutgoingSettings {
  std::string user_agent = "postbackd";
  std::chrono::milliseconds connect_timeout{5'000};  ///< For TCP and TLS together.
  /// In use or kept for further requests, over all hosts. Requests beyond these wait for one.
  std::size_t pooled_connections = 256;
  std::chrono::seconds idle_limit{60};  ///< A connection unused for longer is not used again.
  std::chrono::seconds age_limit{300};  ///< Nor is an older one, so that a host that moved is found.
  std::string ca_file{};                ///< PEM of an authority beside the system's; for tests.
};

/// Made, used and destroyed on the thread that runs `context`, or while none does; resolver and guard outlive it. Each
/// request: its host's addresses, all of them checked, a connection to one of these, never a second look-up.
class OutgoingClient final : public http::Client {
 public:
  OutgoingClient(boost::asio::io_context& context, OutgoingSettings settings, Resolver& resolver,
                 const AddressGuard& guard);
  ~OutgoingClient() override;  ///< Stops.
  void send(http::OutgoingRequest request, Completion done) override;
  /// Everything under way ends as `cancelled` before this returns; so does, later, whatever is sent from now on. Not
  /// from inside a completion.
  void stop();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

class OutgoingAddressCheck final : public http::AddressCheck {
 public:
  /// Both outlive it.
  OutgoingAddressCheck(Resolver& resolver, const AddressGuard& guard) : resolver_(resolver), guard_(guard) {}
  std::optional<std::string> refusal(std::string_view url) override;
  bool looks_up(std::string_view url) const override;

 private:
  Resolver& resolver_;
  const AddressGuard& guard_;
};

}  // namespace postback::net

// App: owns every part of a running postbackd, in the order in which they start.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/entropy.hpp"
#include "postback/base/result.hpp"
#include "postback/delivery/limits.hpp"
#include "postback/net/server.hpp"
#include "postback/store/recorder.hpp"
#include "postback/store/retention.hpp"
#include "postback/store/sqlite.hpp"
#include "postback/tracking/batch_limits.hpp"
#include "postback/tracking/cookies.hpp"
#include "postback/tracking/postback_limits.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postback {

/// What is told about visitors, and what of it is kept.
struct VisitorOptions {
  std::string geo_database;  ///< A file in MaxMind's format; empty: the packaged one; `off`: none.
  std::chrono::milliseconds geo_check_interval{10'000};  ///< How often is looked whether it was replaced.
  std::size_t cached_user_agents = 16'384;               ///< By each io thread.
  std::size_t remembered = 1'048'576;                    ///< Visitors of the last 24 hours; 0: none.
  std::string ip = "whole";                              ///< What is recorded: `whole`, `truncated` or `hashed`.
};

/// How outgoing postbacks are sent.
struct DeliveryOptions {
  std::string enabled = "on";                       ///< `on`; `off`: they are kept, and sent when it is on again.
  std::vector<std::string> allow_private_networks;  ///< Addresses and blocks that may be connected to all the same.
  std::chrono::milliseconds connect_timeout{5'000};
  delivery::DeliveryLimits limits;
};

/// What a server is started with; every default is what `postbackd serve` does without options.
struct AppOptions {
  std::vector<std::string> listen{"127.0.0.1:8080"};
  std::vector<std::string> api_listen;  ///< Where API and metrics are served alone; empty: where `listen` says.
  std::size_t api_connections = 128;    ///< On `api_listen`; as ServerLimits::connections.
  std::string public_url;               ///< What links are built on; empty: http:// and the Host header of a request.
  std::vector<std::string> tracking_urls;    ///< Further ones of `public_url`'s kind, each with a host of its own.
  std::vector<std::string> trusted_proxies;  ///< Addresses and blocks whose X-Forwarded-For and -Proto are believed.
  std::string store = "sqlite://./data/postbackd.db";
  std::string admin_key;                   ///< Used on an empty store; empty: one is made and shown once.
  unsigned io_threads = 0;                 ///< 0: as many as the machine has cores.
  unsigned lookup_threads = 1;             ///< Readers that fetch clicks for postbacks.
  unsigned api_threads = 2;                ///< Readers that answer the API.
  unsigned log_threads = 1;                ///< Readers that search the logs, with the processor time left over.
  std::size_t lookup_queue = 65'536;       ///< Postbacks waiting for their click; 503 beyond it.
  std::size_t api_queue = 1'000;           ///< API requests waiting; 503 beyond it.
  std::chrono::milliseconds drain{5'000};  ///< How long requests under way may take after SIGTERM.
  net::ServerLimits server;
  RecorderLimits recorder;
  PostbackLimits postbacks;
  BatchLimits batch;
  CookieSettings cookies;
  VisitorOptions visitors;
  DeliveryOptions delivery;
  SqliteOptions sqlite;                    ///< `path` is taken from `store`.
  RetentionRules retention;                ///< `confirmed_before` is taken from the next one.
  std::string retention_confirmed_before;  ///< RFC 3339, or empty.
};

/// Start once, stop once. Not thread-safe; one thread drives it.
class App {
 public:
  /// `on_fatal` is called once, on another thread, when the store can no longer be trusted: stop and exit with an
  /// error.
  App(AppOptions options, const Clock& clock, Entropy& entropy, std::function<void(const Error&)> on_fatal);
  ~App();

  /// Binds (before the store is touched), opens the store and serves. On an error nothing is left running.
  Result<void> start();
  /// The addresses as bound.
  std::vector<std::string> addresses() const;
  /// Those of the API's own listener; empty when it has none.
  std::vector<std::string> api_addresses() const;
  /// A key made on first start, to be shown once.
  const std::optional<std::string>& new_admin_key() const { return new_admin_key_; }
  const RecorderFigures& recorder_figures() const;

  /// Lets requests under way finish, commits what was accepted, checkpoints and closes.
  Result<void> stop();
  /// The same with another patience than AppOptions::drain.
  Result<void> stop(std::chrono::milliseconds patience);

 private:
  struct Parts;
  Result<void> open_store();
  Result<void> load_keys();
  Result<void> add_first_key(const StoredKey& key);
  Result<void> open_readers();
  Result<void> make_hold_releaser();
  Result<void> make_deliveries();
  Result<void> build_housekeeping();
  void build_services();
  Result<void> trust_proxies(net::Server& server) const;
  void start_servers();
  void drain(std::chrono::milliseconds patience);

  AppOptions options_;
  const Clock& clock_;
  Entropy& entropy_;
  std::function<void(const Error&)> on_fatal_;
  std::optional<std::string> new_admin_key_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace postback

// The routes of the JSON API (/api/v1), of the health checks and of the metrics page.
#pragma once

#include "postback/api/api_keys.hpp"
#include "postback/api/bad_keys.hpp"
#include "postback/api/catalog_editor.hpp"
#include "postback/api/key_editor.hpp"
#include "postback/base/clock.hpp"
#include "postback/base/metric_text.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/delivery.hpp"
#include "postback/domain/user_agent.hpp"
#include "postback/http/delivery_control.hpp"
#include "postback/http/router.hpp"
#include "postback/store/catalog_slot.hpp"
#include "postback/store/item_waiter.hpp"
#include "postback/store/reader_pool.hpp"
#include "postback/store/recorder.hpp"
#include "postback/store/replayer.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace postback::api {

/// What the handlers work with; owned by the application, outlives every exchange, shared by all io and reader threads.
struct Services {
  const CatalogSlot& catalog;
  CatalogEditor& editor;
  ChangeWriter& writer;
  const Clock& clock;
  const Recorder& recorder;
  ReaderPool& readers;
  ReaderPool& scans;          ///< For searches through a whole log; its threads leave the processors to all others.
  const ReaderPool& lookups;  ///< Of postbacks; only its queue's length is asked for.
  const ClickIdKeys& click_id_keys;
  const ApiKeySlot& api_keys;
  KeyEditor& key_editor;
  BadKeys& bad_keys;
  std::string version;  ///< For the metric build_info.
  std::string commit;
  /// Appends further metric families; called on any io thread. May be empty.
  std::function<void(MetricText&)> further_metrics;
  /// Scheme, host and port that visitors and networks reach this server at, such as `https://t.example`; empty: links
  /// are built on the Host header of the request for them.
  std::string public_url{};
  /// Further ones, each with another host; links for a `domain` are built on the one with that host.
  std::vector<std::string> tracking_urls{};
  ItemWaiter* items = nullptr;                 ///< For what handlers have recorded; set before anything is served.
  Replayer* replayer = nullptr;                ///< For replays.
  std::function<void()> clicks_imported{};     ///< Called after clicks were imported: postbacks may wait for them.
  std::size_t conversion_rows = 1'000;         ///< Most conversions of one request.
  std::size_t conversion_bytes = 1024 * 1024;  ///< Largest body that holds them.
  /// What clicks may have recorded in place of an address, whatever the setting was when they came.
  std::function<std::vector<std::string>(std::string_view)> recorded_addresses{};
  const UserAgentParser* user_agents = nullptr;  ///< For those of imported clicks.
  http::DeliveryControl* deliveries = nullptr;   ///< The sender of outgoing postbacks; null: none runs.
  http::AddressCheck* addresses = nullptr;       ///< Asked before a destination is changed; null: any address will do.
  /// How the sender would note such an end of an attempt: a test says the same.
  std::function<AttemptReason(const http::OutgoingOutcome&, const ExpectedAnswer&)> judge_answer{};
  /// What is recorded of the address of a click; empty: all of it.
  std::function<std::string(std::string_view)> recorded_address{};
  /// For what waits for other servers: tests, and look-ups of addresses before a change; null: `readers`.
  ReaderPool* outside = nullptr;
  /// Held by a test of a destination: one at a time.
  std::unique_ptr<std::mutex> testing = std::make_unique<std::mutex>();
};

/// Largest body of a catalog object, in bytes.
inline constexpr std::size_t kBodyLimit = 1024 * 1024;

/// The API, its description and /metrics. Everything under /api/v1 but openapi.json needs
/// `Authorization: Bearer <key>`;
/// /metrics does not.
std::vector<http::Route> routes(Services& services);

/// /feeds/{destination}.csv: what the other side of a feed fetches, with the feed's own name and password. Served where
/// visitors and networks are.
std::vector<http::Route> feed_routes(Services& services);

/// /healthz and /readyz: served by every listener, without a key.
std::vector<http::Route> health_routes(Services& services);

}  // namespace postback::api

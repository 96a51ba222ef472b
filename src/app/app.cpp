// Starting and stopping, in order.
#include "postback/app/app.hpp"

#include "app/deliveries.hpp"
#include "app/delivery_metrics.hpp"
#include "app/process_metrics.hpp"
#include "app/server_metrics.hpp"
#include "app/store_ids.hpp"
#include "app/visitors.hpp"
#include "delivery/answer_judgement.hpp"
#include "postback/api/api_keys.hpp"
#include "postback/api/catalog_editor.hpp"
#include "postback/api/routes.hpp"
#include "postback/app/build_info.hpp"
#include "postback/base/check.hpp"
#include "postback/base/log.hpp"
#include "postback/base/time_text.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/store/catalog_slot.hpp"
#include "postback/store/hold_releaser.hpp"
#include "postback/store/housekeeping.hpp"
#include "postback/store/item_waiter.hpp"
#include "postback/store/reader_pool.hpp"
#include "postback/tracking/tracking.hpp"

#include <algorithm>
#include <thread>
#include <utility>
#include <variant>

namespace postback {
namespace {

/// So many calls of the API may wait for other servers at once: a test of a destination, and changes of destinations
/// whose names are looked up.
constexpr unsigned kOutsideThreads = 3;

}  // namespace

/// Declared in start order; destroyed in the reverse.
struct App::Parts {
  std::unique_ptr<net::Server> server;
  std::unique_ptr<net::Server> api_server;  ///< Null: `server` serves the API as well.
  std::unique_ptr<Store> store;
  std::unique_ptr<ClickIdKeys> keys;
  std::unique_ptr<ApiKeySlot> api_keys;
  std::unique_ptr<CatalogSlot> catalog;
  std::unique_ptr<SnowflakeGenerator> ids;
  std::unique_ptr<RequestCounts> request_counts;
  std::unique_ptr<RefusalLog> refusals;
  std::unique_ptr<Recorder> recorder;
  std::unique_ptr<ReaderPool> lookups;
  std::unique_ptr<ReaderPool> api_readers;
  std::unique_ptr<ReaderPool> log_readers;
  std::unique_ptr<ReaderPool> outside_readers;
  std::unique_ptr<ItemWaiter> items;
  std::unique_ptr<HoldReleaser> hold_releaser;
  std::unique_ptr<Deliveries> deliveries;
  std::unique_ptr<Replayer> replayer;
  std::unique_ptr<LateMatcher> late_matcher;
  std::unique_ptr<Retention> retention;
  std::unique_ptr<Housekeeping> housekeeping;
  std::unique_ptr<api::ChangeWriter> change_writer;
  std::unique_ptr<api::CatalogEditor> editor;
  std::unique_ptr<api::KeyEditor> key_editor;
  api::BadKeys bad_keys;
  TrackingFigures tracking_figures;
  std::unique_ptr<Visitors> visitors;
  std::unique_ptr<TrackingServices> tracking;
  std::unique_ptr<api::Services> api;
};

App::App(AppOptions options, const Clock& clock, Entropy& entropy, std::function<void(const Error&)> on_fatal)
    : options_(std::move(options)),
      clock_(clock),
      entropy_(entropy),
      on_fatal_(std::move(on_fatal)),
      parts_(std::make_unique<Parts>()) {
  if (options_.io_threads == 0) options_.io_threads = std::max(1U, std::thread::hardware_concurrency());
}

App::~App() = default;

Result<void> App::start() {
  // Outgoing postbacks need connections, too.
  const auto kept = net::Server::kDescriptorsKept + options_.delivery.limits.in_flight;
  parts_->server = std::make_unique<net::Server>(options_.listen, options_.io_threads, options_.server, clock_, kept);
  if (auto trusted = trust_proxies(*parts_->server); !trusted) return trusted;
  if (auto bound = parts_->server->bind(); !bound) return bound;
  if (!options_.api_listen.empty()) {
    net::ServerLimits limits = options_.server;
    limits.connections = options_.api_connections;
    parts_->api_server = std::make_unique<net::Server>(options_.api_listen, 1U, limits, clock_);
    if (auto trusted = trust_proxies(*parts_->api_server); !trusted) return trusted;
    if (auto bound = parts_->api_server->bind(); !bound) return bound;
  }
  if (auto opened = open_store(); !opened) return opened;
  if (auto opened = open_readers(); !opened) return opened;
  if (auto loaded = load_keys(); !loaded) return loaded;  // last: a key made here must reach the administrator
  parts_->recorder = std::make_unique<Recorder>(*parts_->store, *parts_->ids, clock_, options_.recorder, on_fatal_);
  if (auto ready = build_housekeeping(); !ready) return ready;
  if (auto made = make_hold_releaser(); !made) return made;
  if (auto made = make_deliveries(); !made) return made;
  build_services();
  parts_->recorder->start();
  parts_->refusals->start(*parts_->recorder);
  parts_->housekeeping->start();
  parts_->hold_releaser->start();
  parts_->deliveries->start();
  start_servers();
  return {};
}

Result<void> App::trust_proxies(net::Server& server) const {
  std::vector<AddressRange> proxies;
  for (const auto& text : options_.trusted_proxies) {
    auto range = AddressRange::parse(text);
    if (!range) return range.error();
    proxies.push_back(*range);
  }
  server.trust(std::move(proxies));
  return {};
}

void App::start_servers() {
  const auto append = [](std::vector<http::Route>& table, std::vector<http::Route> more) {
    for (auto& route : more) table.push_back(std::move(route));
  };
  Parts& parts = *parts_;
  parts.server->start([&parts, append](TaskSink&) {
    auto routes = tracking_routes(*parts.tracking);  // the click's route comes first in the table
    append(routes, api::health_routes(*parts.api));
    append(routes, api::feed_routes(*parts.api));
    if (!parts.api_server) append(routes, api::routes(*parts.api));
    return std::make_unique<http::Router>(std::move(routes));
  });
  if (!parts.api_server) return;
  parts.api_server->start([&parts, append](TaskSink&) {
    auto routes = api::routes(*parts.api);
    append(routes, api::health_routes(*parts.api));
    return std::make_unique<http::Router>(std::move(routes));
  });
}

Result<void> App::open_store() {
  auto path = parse_store_url(options_.store);
  if (!path) return path.error();
  options_.sqlite.path = *path;
  auto store = open_sqlite_store(options_.sqlite, clock_, entropy_);
  if (!store) return store.error();
  parts_->store = std::move(*store);

  auto identity = parts_->store->identity();
  if (!identity) return identity.error();
  auto ids = start_ids(*parts_->store, clock_, *identity);
  if (!ids) return ids.error();
  parts_->ids = std::move(*ids);
  // The oldest key: it stays for as long as the store, however often a newer one is added.
  auto visitors = Visitors::open(options_.visitors, identity->click_id_keys.front().bytes, entropy_);
  if (!visitors) return visitors.error();
  parts_->visitors = std::move(*visitors);
  parts_->keys = std::make_unique<ClickIdKeys>(std::move(identity->click_id_keys));

  std::uint64_t revision = 0;
  auto documents = parts_->store->catalog_documents(revision);
  if (!documents) return documents.error();
  auto built = Catalog::build(std::move(*documents), revision);
  if (const auto* faults = std::get_if<Faults>(&built)) {
    std::string detail = "the stored catalog is not valid:";
    for (const Fault& fault : *faults) detail += " " + fault.field + ": " + fault.problem + ";";
    return Error{ErrorCode::store_corrupt, detail};
  }
  parts_->catalog = std::make_unique<CatalogSlot>(std::get<std::shared_ptr<const Catalog>>(std::move(built)));
  return {};
}

/// The API's keys; on an empty store the administrator's first.
Result<void> App::load_keys() {
  auto keys = parts_->store->keys();
  if (!keys) return keys.error();
  if (keys->empty()) {
    std::string key = options_.admin_key;
    if (key.empty()) {
      key = make_api_key(entropy_);
      new_admin_key_ = key;
    }
    const StoredKey stored{.id = "admin",
                           .name = "Administrator",
                           .sha256 = hash_api_key(key),
                           .role = Role::admin,
                           .created = clock_.wall(),
                           .updated = clock_.wall()};
    if (auto added = add_first_key(stored); !added) return added;
    keys->push_back(stored);
  } else if (!options_.admin_key.empty() && ApiKeys(*keys).owner_of(options_.admin_key) == nullptr) {
    spdlog::warn(
        "app.admin_key_ignored detail=\"POSTBACKD_ADMIN_KEY counts on an empty store only; this one has other keys\"");
  }
  parts_->api_keys = std::make_unique<ApiKeySlot>(std::move(*keys));
  return {};
}

/// Before the recorder starts, the store is ours.
Result<void> App::add_first_key(const StoredKey& key) {
  class FirstKey final : public ChangeItem {
    void run() noexcept override {}
  };
  OperatorChange change;
  change.key = key;
  change.audit = AuditEntry{.time = key.created,
                            .action = "key.create",
                            .target = "keys/" + key.id,
                            .detail = "first start on an empty store"};
  FirstKey item;
  item.change = &change;
  Item* const only = &item;
  return parts_->store->commit({&only, 1}, *parts_->ids);
}

Result<void> App::open_readers() {
  const auto open = [&](unsigned count) -> Result<std::vector<std::unique_ptr<Reader>>> {
    std::vector<std::unique_ptr<Reader>> readers;
    for (unsigned i = 0; i < std::max(1U, count); ++i) {
      auto reader = parts_->store->open_reader();
      if (!reader) return reader.error();
      readers.push_back(std::move(*reader));
    }
    return readers;
  };
  auto lookups = open(options_.lookup_threads);
  if (!lookups) return lookups.error();
  auto api_readers = open(options_.api_threads);
  if (!api_readers) return api_readers.error();
  auto log_readers = open(options_.log_threads);
  if (!log_readers) return log_readers.error();
  auto outside_readers = open(kOutsideThreads);
  if (!outside_readers) return outside_readers.error();
  parts_->lookups = std::make_unique<ReaderPool>(std::move(*lookups), options_.lookup_queue);
  parts_->api_readers = std::make_unique<ReaderPool>(std::move(*api_readers), options_.api_queue);
  parts_->log_readers =
      std::make_unique<ReaderPool>(std::move(*log_readers), options_.api_queue, ReaderPriority::leftover);
  parts_->outside_readers = std::make_unique<ReaderPool>(std::move(*outside_readers), options_.api_queue);
  return {};
}

Result<void> App::make_hold_releaser() {
  auto reader = parts_->store->open_reader();
  if (!reader) return reader.error();
  parts_->hold_releaser = std::make_unique<HoldReleaser>(*parts_->items, std::move(*reader), clock_);
  return {};
}

Result<void> App::make_deliveries() {
  Parts& parts = *parts_;
  auto reader = parts.store->open_reader();
  if (!reader) return reader.error();
  auto listening = addresses();
  for (auto& address : api_addresses()) listening.push_back(std::move(address));
  auto made = Deliveries::make(options_.delivery,
                               {.clock = clock_,
                                .entropy = entropy_,
                                .catalog = *parts.catalog,
                                .click_id_keys = *parts.keys,
                                .items = *parts.items,
                                .recorder = parts.recorder->figures(),
                                .listening = std::move(listening)},
                               std::move(*reader));
  if (!made) return made.error();
  parts.deliveries = std::move(*made);
  parts.recorder->on_occurrences([&parts] { parts.deliveries->occurred(); });
  return {};
}

Result<void> App::build_housekeeping() {
  Parts& parts = *parts_;
  auto reader = parts.store->open_reader();
  if (!reader) return reader.error();
  RetentionRules rules = options_.retention;
  // Checked with the configuration.
  if (!options_.retention_confirmed_before.empty())
    rules.confirmed_before = parse_rfc3339(options_.retention_confirmed_before);
  parts.items = std::make_unique<ItemWaiter>(*parts.recorder);
  parts.replayer = std::make_unique<Replayer>(*parts.catalog, *parts.keys, *parts.items);
  parts.late_matcher = std::make_unique<LateMatcher>(*parts.replayer);
  parts.retention = std::make_unique<Retention>(rules, clock_, *parts.items);
  parts.housekeeping = std::make_unique<Housekeeping>(*parts.late_matcher, *parts.retention, std::move(*reader));
  parts.recorder->on_late_clicks([&parts] { parts.housekeeping->clicks_arrived(); });
  return {};
}

void App::build_services() {
  Parts& parts = *parts_;
  parts.change_writer = std::make_unique<api::ChangeWriter>(*parts.recorder);
  parts.editor = std::make_unique<api::CatalogEditor>(*parts.catalog, *parts.change_writer, clock_, entropy_);
  parts.key_editor = std::make_unique<api::KeyEditor>(*parts.api_keys, *parts.change_writer, clock_, entropy_);
  parts.request_counts = std::make_unique<RequestCounts>(options_.postbacks);
  parts.refusals = std::make_unique<RefusalLog>(clock_);
  parts.tracking = std::make_unique<TrackingServices>(TrackingServices{.clock = clock_,
                                                                       .catalog = *parts.catalog,
                                                                       .keys = *parts.keys,
                                                                       .ids = *parts.ids,
                                                                       .recorder = *parts.recorder,
                                                                       .lookups = *parts.lookups,
                                                                       .figures = parts.tracking_figures,
                                                                       .counts = *parts.request_counts,
                                                                       .refusals = *parts.refusals,
                                                                       .batch = options_.batch,
                                                                       .cookies = options_.cookies,
                                                                       .offers = parts.store->offer_counter(),
                                                                       .visitors = &parts.visitors->services()});
  auto further_metrics = [&parts](MetricText& text) {
    append_server_metrics(text, parts.server->figures(), parts.api_server ? &parts.api_server->figures() : nullptr);
    std::vector<net::RouteReading> requests;
    parts.server->add_requests(requests);
    if (parts.api_server) parts.api_server->add_requests(requests);
    append_request_metrics(text, requests);
    append_tracking_metrics(text, parts.tracking_figures);
    append_retention_metrics(text, parts.retention->figures());
    append_delivery_metrics(text, parts.deliveries->figures());
    append_process_metrics(text);
  };
  parts.api = std::make_unique<api::Services>(api::Services{
      .catalog = *parts.catalog,
      .editor = *parts.editor,
      .writer = *parts.change_writer,
      .clock = clock_,
      .recorder = *parts.recorder,
      .readers = *parts.api_readers,
      .scans = *parts.log_readers,
      .lookups = *parts.lookups,
      .click_id_keys = *parts.keys,
      .api_keys = *parts.api_keys,
      .key_editor = *parts.key_editor,
      .bad_keys = parts.bad_keys,
      .version = std::string(build_version()),
      .commit = std::string(build_commit()),
      .further_metrics = std::move(further_metrics),
      .public_url = options_.public_url,
      .tracking_urls = options_.tracking_urls,
      .items = parts.items.get(),
      .replayer = parts.replayer.get(),
      .clicks_imported = [&parts] { parts.housekeeping->clicks_arrived(); },
      .conversion_rows = options_.batch.rows,
      .conversion_bytes = options_.batch.bytes,
      .recorded_addresses =
          [&address = parts.visitors->services().address](std::string_view whole) { return address.others_of(whole); },
      .user_agents = &parts.visitors->services().user_agents,
      .deliveries = parts.deliveries.get(),
      .addresses = &parts.deliveries->addresses(),
      .judge_answer =
          [&clock = clock_](const http::OutgoingOutcome& outcome, const ExpectedAnswer& expected) {
            return delivery::judge_answer(outcome, expected, clock.wall()).reason;
          },
      .recorded_address =
          [&address = parts.visitors->services().address](std::string_view whole) {
            std::string buffer;
            return std::string(address.of(whole, buffer));
          },
      .outside = parts.outside_readers.get()});
}

std::vector<std::string> App::addresses() const { return parts_->server->addresses(); }

std::vector<std::string> App::api_addresses() const {
  return parts_->api_server ? parts_->api_server->addresses() : std::vector<std::string>();
}

const RecorderFigures& App::recorder_figures() const { return parts_->recorder->figures(); }

/// Both listeners at once: neither takes a request while the other's are waited for.
void App::drain(std::chrono::milliseconds patience) {
  std::thread api;
  if (parts_->api_server) api = std::thread([this, patience] { parts_->api_server->drain(patience); });
  parts_->server->drain(patience);
  if (api.joinable()) api.join();
}

Result<void> App::stop() { return stop(options_.drain); }

Result<void> App::stop(std::chrono::milliseconds patience) {
  Parts& parts = *parts_;
  check(parts.recorder != nullptr, "an app is stopped after it was started");
  const auto end = std::chrono::steady_clock::now() + patience;
  parts.deliveries->stop_taking();
  drain(patience);
  // What an API thread sends by hand ends here, too.
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  parts.deliveries->stop(std::max(std::chrono::milliseconds{0}, left));
  // Each stage finishes what the one before handed to it; the io threads write the answers last.
  parts.lookups->stop();
  parts.log_readers->stop();
  parts.outside_readers->stop();
  parts.api_readers->stop();
  parts.refusals->stop();
  parts.hold_releaser->stop();
  parts.housekeeping->stop();
  parts.recorder->stop();
  parts.server->stop();
  if (parts.api_server) parts.api_server->stop();
  return parts.store->close();
}

}  // namespace postback

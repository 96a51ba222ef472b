// ApiWorld: the whole JSON API over a store and readers that are plain values, without sockets or disk.
#pragma once

#include "delivery/answer_judgement.hpp"
#include "postback/api/routes.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/http/delivery_control.hpp"
#include "postback/store/delivery_items.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_exchange.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace postback::testing::api {

inline constexpr TimeMs kNow{std::chrono::milliseconds{1'767'225'600'000}};  // 2026-01-01T00:00:00Z
inline constexpr std::string_view kKey = "k1";

/// Counts upwards.
class CountingEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) byte = next_++;
  }

 private:
  std::uint8_t next_ = 0;
};

/// Commits into thin air, or fails as told. Set `failure` only while nothing is submitted.
class ThinStore final : public Store {
 public:
  Result<StoreIdentity> identity() override { return StoreIdentity{}; }
  Result<unsigned> reserve_node() override { return 2U; }
  Result<std::vector<EntityDocument>> catalog_documents(std::uint64_t&) override {
    return std::vector<EntityDocument>{};
  }
  Result<std::vector<StoredKey>> keys() override { return std::vector<StoredKey>{}; }
  Result<void> commit(std::span<Item* const> items, SnowflakeGenerator&) override {
    if (failure) return *failure;
    for (auto* const item : items) {
      if (item->kind == ItemKind::delivery_change) note(*static_cast<DeliveryChangeItem*>(item));
      if (item->kind == ItemKind::destination_state) note(*static_cast<const DestinationStateItem*>(item));
      if (item->kind != ItemKind::change) continue;
      const auto& change = *static_cast<const ChangeItem*>(item)->change;
      if (change.key) keys_written.push_back(*change.key);
      if (change.audit) audit.push_back(*change.audit);
      spend.insert(spend.end(), change.spend.begin(), change.spend.end());
      if (change.seal) revisions.push_back(*change.seal);
      if (before_commit_returns) before_commit_returns();
    }
    return {};
  }
  Result<void> maintain(bool) override { return {}; }
  StoreGauges gauges() const override { return {.wal_bytes = 4096, .checkpoints = 3, .pages_written = 7}; }
  Result<std::unique_ptr<Reader>> open_reader() override { return Error{ErrorCode::not_found, "no readers here"}; }
  Result<void> close() override { return {}; }

  std::optional<Error> failure;
  std::vector<StoredKey> keys_written;  ///< Committed.
  std::vector<AuditEntry> audit;        ///< Committed.
  std::vector<Revision> revisions;      ///< Committed.
  std::vector<SpendEntry> spend;        ///< Committed.
  /// What operators did to deliveries: the action, and to which.
  std::vector<std::pair<DeliveryChangeItem::Action, std::vector<SnowflakeId>>> delivery_changes;
  std::vector<SnowflakeId> unchangeable;              ///< Deliveries in a state that allows nothing.
  std::vector<StoredDestination> destination_states;  ///< As they were set.
  std::function<void()> before_commit_returns;

 private:
  void note(DeliveryChangeItem& item) {
    delivery_changes.emplace_back(item.action, item.deliveries);
    for (const auto id : item.deliveries) {
      if (std::ranges::find(unchangeable, id) != unchangeable.end()) continue;
      item.changed.push_back(id);
      if (item.action == DeliveryChangeItem::Action::resend) item.made.push_back(id + kMadeBehind);
    }
    if (item.audit) audit.push_back(*item.audit);
  }
  void note(const DestinationStateItem& item) {
    destination_states.push_back({.destination = item.destination, .paused = item.paused, .reason = item.reason});
    if (item.audit) audit.push_back(*item.audit);
  }
  static constexpr SnowflakeId kMadeBehind = 1'000;  ///< From a delivery's ID to that of its resend.
};

/// Sends nothing, and says what it was asked.
class FakeControl final : public http::DeliveryControl {
 public:
  void changed() override { ++changes; }
  http::OutgoingOutcome send_now(http::OutgoingRequest request) override {
    sent.push_back(std::move(request));
    sent_by = std::this_thread::get_id();
    if (while_sending) while_sending();
    return outcome;
  }
  void try_now(const std::set<EntityNumber>& destinations) override {
    ++changes;
    tried_now.emplace_back(destinations.begin(), destinations.end());
  }
  std::vector<http::HostReport> hosts() const override { return reports; }
  std::vector<http::DestinationWait> waits() const override { return waiting; }

  int changes = 0;
  std::vector<http::OutgoingRequest> sent;
  std::thread::id sent_by;  ///< The last time.
  http::OutgoingOutcome outcome{.status = 200, .body = "taken"};
  std::function<void()> while_sending;
  std::vector<http::HostReport> reports;
  std::vector<http::DestinationWait> waiting;
  std::vector<std::vector<EntityNumber>> tried_now;  ///< Whose deliveries each call wanted tried.
};

/// Refuses what stands in `refused`.
class FakeAddresses final : public http::AddressCheck {
 public:
  std::optional<std::string> refusal(std::string_view url) override {
    asked.emplace_back(url);
    asked_by = std::this_thread::get_id();
    if (while_asked) while_asked();
    if (std::ranges::find(refused, url) == refused.end()) return std::nullopt;
    return "allow it with outgoing.allow";
  }
  /// Names begin with a letter here.
  bool looks_up(std::string_view url) const override {
    const auto host = url.substr(url.find("://") + 3);
    return !host.empty() && host.front() >= 'a' && host.front() <= 'z';
  }
  std::vector<std::string> refused;
  std::vector<std::string> asked;
  std::thread::id asked_by;  ///< The last time.
  std::function<void()> while_asked;
};

/// What the readers answer, and what they were asked last.
struct Shelf {
  Result<LogPage<StoredClick>> clicks = LogPage<StoredClick>{};
  Result<LogPage<StoredConversion>> conversions = LogPage<StoredConversion>{};
  Result<LogPage<StoredPostback>> postbacks = LogPage<StoredPostback>{};
  Result<std::optional<StoredClick>> click = std::optional<StoredClick>{};
  Result<Facts> facts = Facts{};
  std::optional<ClickFacts> click_facts{};
  std::optional<StoredConversion> conversion{};
  std::vector<ConversionRevision> conversion_revisions{};
  Result<LogPage<AuditEntry>> audit = LogPage<AuditEntry>{};
  std::vector<StoredCta> ctas;
  std::vector<SpendEntry> spend;
  SpendQuery asked_spend;
  std::vector<Revision> revisions;
  std::map<std::uint64_t, std::vector<EntityDocument>> catalogs;  ///< By revision.
  std::map<std::string, SnowflakeId> foreign_clicks;
  DeliveryFacts delivery_facts;
  std::vector<StoredDestination> destination_states;
  LogPage<Delivery> deliveries;
  std::optional<Delivery> delivery;
  std::vector<DeliveryAttempt> delivery_attempts;
  LogQuery asked;
  SnowflakeId asked_click = 0;
  bool throws = false;
};

class ShelfReader final : public Reader {
 public:
  explicit ShelfReader(Shelf& shelf) : shelf_(shelf) {}
  Result<std::optional<ClickFacts>> click_facts(SnowflakeId) override { return shelf_.click_facts; }
  Result<Facts> facts(const Reading&) override { return shelf_.facts; }
  Result<std::optional<StoredClick>> click(SnowflakeId id) override {
    shelf_.asked_click = id;
    return shelf_.click;
  }
  Result<LogPage<StoredClick>> clicks(const LogQuery& query) override { return ask(query), shelf_.clicks; }
  Result<LogPage<StoredConversion>> conversions(const LogQuery& query) override {
    return ask(query), shelf_.conversions;
  }
  Result<std::optional<StoredConversion>> conversion(SnowflakeId click, std::uint32_t) override {
    shelf_.asked_click = click;
    return shelf_.conversion;
  }
  Result<std::vector<ConversionRevision>> conversion_revisions(SnowflakeId) override {
    return shelf_.conversion_revisions;
  }
  Result<std::optional<TimeMs>> next_release() override { return std::optional<TimeMs>{}; }
  Result<LogPage<StoredPostback>> postbacks(const LogQuery& query) override { return ask(query), shelf_.postbacks; }
  Result<LogPage<AuditEntry>> audit(const LogQuery& query) override { return ask(query), shelf_.audit; }
  Result<std::vector<StoredCta>> ctas(SnowflakeId, std::size_t) override { return shelf_.ctas; }
  Result<std::vector<SpendEntry>> spend(const SpendQuery& query) override {
    shelf_.asked_spend = query;
    return shelf_.spend;
  }
  Result<std::vector<Revision>> revisions(std::uint64_t, std::size_t) override { return shelf_.revisions; }
  Result<std::optional<Revision>> revision(std::uint64_t number) override {
    for (const auto& revision : shelf_.revisions) {
      if (revision.number == number) return std::optional(revision);
    }
    return std::optional<Revision>{};
  }
  Result<std::vector<EntityDocument>> changed_in(std::uint64_t number) override { return shelf_.catalogs[number]; }
  Result<std::optional<EntityDocument>> document_at(EntityKind kind, std::string_view id,
                                                    std::uint64_t number) override {
    for (const EntityDocument& document : shelf_.catalogs[number]) {
      if (document.kind == kind && document.id == id) return std::optional(document);
    }
    return std::optional<EntityDocument>{};
  }
  Result<std::uint64_t> last_change(EntityKind, std::uint64_t) override { return std::uint64_t{0}; }
  Result<std::vector<EntityDocument>> catalog_at(std::uint64_t number) override { return shelf_.catalogs[number]; }
  Result<std::optional<Conversion>> left_by(SnowflakeId, std::uint32_t, SnowflakeId) override {
    return std::optional<Conversion>{};
  }
  Result<std::vector<WaitingPostback>> waiting(const WaitingPostback&, std::size_t) override {
    return std::vector<WaitingPostback>{};
  }
  Result<SnowflakeId> foreign_click(std::string_view foreign_id) override {
    const auto found = shelf_.foreign_clicks.find(std::string(foreign_id));
    return found == shelf_.foreign_clicks.end() ? SnowflakeId{0} : found->second;
  }
  Result<SnowflakeId> forgotten_to(ForgetTable) override { return SnowflakeId{0}; }
  Result<FoundRows> rows_about(const Person&, ForgetTable, SnowflakeId, std::chrono::milliseconds) override {
    return FoundRows{};
  }
  Result<std::vector<Occurrence>> occurrences(SnowflakeId, std::size_t) override { return std::vector<Occurrence>{}; }
  Result<DeliveryFacts> delivery_facts(const FactsWanted&) override { return shelf_.delivery_facts; }
  Result<bool> was_told(SnowflakeId, EntityNumber) override { return false; }
  Result<std::vector<StoredDestination>> destination_states() override { return shelf_.destination_states; }
  Result<std::vector<Delivery>> due_deliveries(EntityNumber, TimeMs, const DueCursor&, std::size_t) override {
    return std::vector<Delivery>{};
  }
  Result<std::optional<TimeMs>> next_due(EntityNumber, const DueCursor&) override { return std::optional<TimeMs>{}; }
  Result<LogPage<Delivery>> deliveries(const LogQuery& query) override { return ask(query), shelf_.deliveries; }
  Result<std::optional<Delivery>> delivery(SnowflakeId) override { return shelf_.delivery; }
  Result<std::vector<DeliveryAttempt>> delivery_attempts(SnowflakeId) override { return shelf_.delivery_attempts; }

 private:
  void ask(const LogQuery& query) {
    if (shelf_.throws) throw std::runtime_error("secret inner detail");
    shelf_.asked = query;
  }
  Shelf& shelf_;
};

/// A request as a test writes it.
struct Sent {
  http::Method method = http::Method::get;
  std::string target = {};
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {{"Authorization", "Bearer " + std::string(kKey)}};
  std::string peer = "192.0.2.1";
};

class ApiWorld {
 public:
  explicit ApiWorld(std::size_t reader_queue = 16)
      : readers(shelf_readers(), reader_queue),
        scans(shelf_readers(), 16, ReaderPriority::leftover),
        outside(shelf_readers(), 16) {
    services.outside = &outside;
    services.items = &items;
    services.replayer = &replayer;
    services.deliveries = &control;
    services.judge_answer = [this](const http::OutgoingOutcome& outcome, const ExpectedAnswer& expected) {
      return delivery::judge_answer(outcome, expected, clock.wall()).reason;
    };
    recorder.start();
  }
  ~ApiWorld() { recorder.stop(); }

  /// Routes and answers `sent` as a server would; the answer's status is 404 or 405 when no route takes it.
  CapturedAnswer send(const Sent& sent) {
    FakeExchange exchange(loop);
    auto& request = exchange.request;
    request.method = sent.method;
    request.target = sent.target;
    const auto mark = request.target.find('?');
    request.path = request.target.substr(0, mark);
    if (mark != std::string_view::npos) request.query = request.target.substr(mark + 1);
    request.peer = sent.peer;
    for (const auto& [name, value] : sent.headers) request.headers.push_back({name, value});
    http::Router::Match match;
    router.find(request.method, request.path, match);
    if (match.route == nullptr) return {match.status, {}};
    request.body_too_large = sent.body.size() > match.route->body_limit;
    if (!request.body_too_large) request.body = sent.body;
    match.route->handler(exchange, match.values);
    loop.run_until(exchange.finished);
    return exchange.captured;
  }
  CapturedAnswer get(std::string target) { return send({.target = std::move(target)}); }
  CapturedAnswer put(std::string target, std::string body) {
    return send({.method = http::Method::put, .target = std::move(target), .body = std::move(body)});
  }
  /// The 26-character form of a click.
  std::string click_text(SnowflakeId id) const { return to_string(keys.sign(id)); }

  FakeClock clock{kNow};
  CountingEntropy entropy;
  ThinStore store;
  Shelf shelf;
  FakeLoop loop;
  SnowflakeGenerator ids{clock, 1, 0};
  Recorder recorder{store, ids, clock, RecorderLimits{}, [](const Error&) {}};
  CatalogSlot slot{Catalog::empty()};
  postback::api::ChangeWriter writer{recorder};
  ItemWaiter items{recorder};
  postback::api::CatalogEditor editor{slot, writer, clock, entropy};
  ClickIdKeys keys{{ClickIdKeys::Key{TimeMs{}, {1, 2, 3}}}};
  ApiKeySlot api_keys{{{.id = "other", .name = "Other", .sha256 = hash_api_key("k0")},
                       {.id = "admin", .name = "Administrator", .sha256 = hash_api_key(kKey)},
                       {.id = "clerk", .name = "Clerk", .sha256 = hash_api_key("k-clerk"), .role = Role::operator_},
                       {.id = "guest", .name = "Guest", .sha256 = hash_api_key("k-guest"), .role = Role::viewer}}};
  postback::api::KeyEditor key_editor{api_keys, writer, clock, entropy};
  postback::api::BadKeys bad_keys;
  ReaderPool readers;
  ReaderPool scans;
  ReaderPool outside;
  postback::api::Services services{slot, editor,   writer,     clock,    recorder, readers,  scans, readers,
                                   keys, api_keys, key_editor, bad_keys, "1.2.3",  "abc123", {},    {}};
  Replayer replayer{slot, keys, items};
  FakeControl control;
  FakeAddresses addresses;  ///< Not asked unless a test puts it into `services`.
  http::Router router{all_routes(services)};

 private:
  static std::vector<http::Route> all_routes(postback::api::Services& services) {
    auto all = postback::api::routes(services);
    for (auto& route : postback::api::health_routes(services)) all.push_back(std::move(route));
    for (auto& route : postback::api::feed_routes(services)) all.push_back(std::move(route));
    return all;
  }
  std::vector<std::unique_ptr<Reader>> shelf_readers() {
    std::vector<std::unique_ptr<Reader>> made;
    made.push_back(std::make_unique<ShelfReader>(shelf));
    return made;
  }
};

}  // namespace postback::testing::api

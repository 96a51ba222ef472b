// Random clicks, postbacks, repeats, reorderings and restarts over a real SQLite store, against the model.
#include "conversion_model.hpp"
#include "speaker.hpp"

#include "postback/domain/matcher.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/store/late_matcher.hpp"
#include "postback/store/network_lookup.hpp"
#include "postback/store/sqlite.hpp"
#include "postback/store/visit_items.hpp"
#include "support/example_catalog.hpp"
#include "support/example_destination.hpp"
#include "support/fake_clock.hpp"
#include "support/other_connection.hpp"
#include "support/seed.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace postback::model {
namespace {

/// Acme's fields once the operator knows the words that its postbacks used.
constexpr const char* kTaught =
    R"(,"status_words":{"wibble":"approved","7":{"status":"rejected","event":"refund"}},"rules":[)"
    R"({"name":"late","when":{"field":"reason","op":"is","value":"late"},"action":"reject"},)"
    R"({"name":"small","when":{"field":"payout","op":"is","value":1},"action":"hold","hold_s":60}])";

std::shared_ptr<const Catalog> model_catalog(const std::string& taught = {}) {
  std::vector<EntityDocument> documents{
      document_of(EntityKind::network, "acme",
                  R"({"name":"Acme","profile":"generic","click_param":"sub1","currency":"EUR","token":"T0KEN-acme",)"
                  R"("security":{"tokens":["SHARED-key"]},)"
                  R"("repeat":{"signup":"ignore","deposit":"add","sale":"new"})" +
                      taught + "}",
                  1),
      document_of(EntityKind::network, "other",
                  R"({"name":"Other","profile":"generic","click_param":"sub1","currency":"USD","token":"T0KEN-other"})",
                  2),
      document_of(EntityKind::network, "bystander",
                  R"({"name":"B","click_param":"s","token":"T0KEN-by","security":{"tokens":["SHARED-key"]}})", 3),
      document_of(
          EntityKind::offer, "priced",
          R"({"name":"P","network":"acme","url":"https://o.example/?s={clickid}","payout":"12.50","currency":"GBP"})",
          1),
      document_of(EntityKind::offer, "unpriced",
                  R"({"name":"U","network":"acme","url":"https://o.example/?s={clickid}"})", 2),
      document_of(EntityKind::offer, "foreign",
                  R"({"name":"F","network":"other","url":"https://o.example/?s={clickid}"})", 3),
  };
  return catalog_of(with_destination(std::move(documents), "conversion"));
}

struct Pending final : PostbackItem {
  void run() noexcept override {}
  Say said;
  std::string target;
};
struct PendingClick final : ClickItem {
  void run() noexcept override {}
};
struct PendingCta final : CtaItem {
  void run() noexcept override {}
};

/// A postback of the log, as it was sent.
struct Logged {
  SnowflakeId id = 0;
  Say said;
  std::string target;
};

/// What all runs together came to: a test that never reached something proves nothing about it.
struct Reached {
  std::map<VerdictCode, std::size_t> codes;
  std::size_t matched_late = 0;
  std::size_t replayed = 0;
};

/// The store, the model, and the operations that were not committed yet.
class World {
 public:
  World(std::uint64_t seed, Reached& reached) : reached_(reached), speaker_(seed, clicks_) { open(); }

  void step() {
    clock_.advance(std::chrono::milliseconds{speaker_.below(50)});
    if (speaker_.chance(20)) clock_.advance(std::chrono::seconds{40});
    if (clicks_.empty() || speaker_.chance(4)) {
      add_click();
    } else if (speaker_.chance(8)) {
      add_cta();
    } else {
      add_postback();
    }
    if (speaker_.chance(6)) commit();
    if (speaker_.chance(60)) restart();
    if (speaker_.chance(10)) {
      EXPECT_TRUE(store_->maintain(true).has_value());
    }
  }
  void finish() {
    commit();
    restart();
    teach_and_replay();
    compare();
  }

 private:
  void open() {
    auto opened =
        open_sqlite_store({.path = directory_.file("store.db"), .vfs = "", .reserve_bytes = 0}, clock_, entropy_);
    if (!opened) throw std::runtime_error(opened.error().detail);
    store_ = std::move(*opened);
    const auto identity = store_->identity().value();
    keys_.emplace(identity.click_id_keys);
    ids_.emplace(clock_, identity.node, identity.newest);
    reader_ = store_->open_reader().value();
  }

  /// An orderly stop, or a kill that also loses what was not committed.
  void restart() {
    if (speaker_.chance(2)) {
      commit();
      reader_.reset();
      EXPECT_TRUE(store_->close().has_value());
    }
    waiting_.clear();
    items_.clear();
    waiting_clicks_.clear();
    waiting_ctas_.clear();
    reader_.reset();
    store_.reset();
    open();
  }

  void add_click() {
    auto& item = waiting_clicks_.emplace_back();
    item.click.id = keys_->sign(ids_->next());
    item.click.offer = static_cast<EntityNumber>(speaker_.chance(10)  ? OfferKind::foreign
                                                 : speaker_.chance(2) ? OfferKind::priced
                                                                      : OfferKind::unpriced);
    item.click.revision = 1;
    items_.push_back(&item);
    clicks_.push_back(
        item.click.id);  // Also when it is lost later: a postback for it is one for an unknown click then.
  }

  void add_cta() {
    auto& item = waiting_ctas_.emplace_back();
    item.cta.click = clicks_[clicks_.size() - 1 - speaker_.below(std::min<std::size_t>(clicks_.size(), 12))].high;
    item.cta.time = clock_.wall();
    item.cta.offer = static_cast<EntityNumber>(kOfferKinds[speaker_.below(std::size(kOfferKinds))]);
    items_.push_back(&item);
  }

  void add_postback() {
    auto& item = waiting_.emplace_back();
    item.said = speaker_.say();
    item.target = target(item.said);
    item.said.bytes = without_token(item.target);
    item.said.time = clock_.wall();
    item.said.click_seen = model_.has_click(item.said.click.high);
    item.said.acme_seen = item.said.click_seen && model_.offer_of(item.said.click.high) != OfferKind::foreign;
    take(item.postback, item.said, item.target);
    EXPECT_TRUE(find_network(*reader_, *catalog_, *keys_, item.postback).has_value());
    item.reading = read(item.postback, catalog_, *keys_);
    items_.push_back(&item);
  }

  static std::string without_token(const std::string& target) {
    const auto at = target.find("token=");
    if (at == std::string::npos) return target;
    const auto end = std::min(target.find('&', at), target.size());
    return target.substr(0, at) + "***" + target.substr(end);
  }

  static void take(Postback& postback, const Say& said, std::string_view target) {
    postback.method = "GET";
    postback.target = target;
    postback.query = target.substr(target.find('?') + 1);
    postback.network = said.dropped_in ? "" : "acme";
    postback.shape = said.dropped_in ? PostbackShape::voluum : PostbackShape::own;
    postback.headers = "Host: track.example\r\n";
    postback.peer = "192.0.2.7";
    postback.arrival = said.time;
  }

  std::string target(const Say& said) {
    std::string query;
    const auto add = [&](const std::string& name, const std::string& value) {
      if (!value.empty()) query += (query.empty() ? "" : "&") + name + "=" + value;
    };
    switch (said.token) {
      case TokenKind::right: add("token", "T0KEN-acme"); break;
      case TokenKind::shared: add("token", "SHARED-key"); break;
      // The token of another network would tell that this is the one.
      case TokenKind::wrong: add("token", said.dropped_in ? "nonsense" : "T0KEN-other"); break;
      case TokenKind::missing: break;
    }
    add(said.dropped_in ? "cid" : "click_id", click_text(said));
    add("event", said.event);
    add("txid", said.txid);
    add("status", said.status_word);
    if (said.payout_kind != SumKind::missing) add("payout", said.payout_text);
    add("currency", said.currency);
    if (said.amount) add("amount", format_decimal(*said.amount));
    add("reason", said.reason);
    if (said.test) add("test", "1");
    return (said.dropped_in ? "/postback?" : "/postback/acme?") + query;
  }

  std::string click_text(const Say& said) {
    switch (said.click_kind) {
      case ClickKind::stored: return to_string(said.click);
      case ClickKind::valid_but_unknown: return to_string(keys_->sign(said.click.high - (SnowflakeId{1} << 50)));
      case ClickKind::forged: return to_string(ClickId{said.click.high, said.click.low ^ 1});
      case ClickKind::malformed: return "12345";
      case ClickKind::unreplaced: return "%7Bclickid%7D";
      case ClickKind::missing: break;
    }
    return {};
  }

  void commit() {
    const auto committed = store_->commit(items_, *ids_);
    ASSERT_TRUE(committed.has_value()) << committed.error().detail;
    for (const Item* item : items_) {
      if (item->kind == ItemKind::click) {
        const Click& click = static_cast<const ClickItem*>(item)->click;
        model_.click(click.id.high, static_cast<OfferKind>(click.offer));
      } else if (item->kind == ItemKind::cta) {
        const Cta& cta = static_cast<const CtaItem*>(item)->cta;
        model_.cta(cta.click, static_cast<OfferKind>(cta.offer));
      } else {
        check(*static_cast<const Pending*>(item));
      }
    }
    items_.clear();
    waiting_.clear();
    waiting_clicks_.clear();
    waiting_ctas_.clear();
    match_late();
  }

  void check(const Pending& item) {
    Say said = item.said;
    if (said.click_kind == ClickKind::valid_but_unknown)
      said.click = keys_->sign(said.click.high - (SnowflakeId{1} << 50));
    const Expected expected = model_.postback(said);
    const Judgement& judgement = item.judgement;
    EXPECT_EQ(to_string(judgement.verdict.code), to_string(expected.code)) << item.target << "\n"
                                                                           << judgement.verdict.message;
    EXPECT_EQ(to_string(judgement.verdict.result), to_string(expected.result)) << item.target;
    EXPECT_EQ(judgement.conversion_number, expected.number) << item.target;
    ++reached_.codes[expected.code];
    const Logged logged{item.postback_id, said, item.target};
    if (expected.waits) early_[logged.id] = logged;
    note_unknown(expected, logged);
  }

  void note_unknown(const Expected& expected, const Logged& logged) {
    if (expected.result != VerdictResult::accepted || logged.said.status != StatusKind::unknown) return;
    unknown_.push_back(logged);
  }

  void match_late();
  void check_late(const Logged& early);
  void teach_and_replay();
  std::size_t replay(const std::shared_ptr<const Catalog>& taught, bool again);
  void compare();
  void compare_conversions();
  void compare_outbox(const std::map<SnowflakeId, ConversionModel::Identity>& identities);
  std::map<std::pair<ConversionStatus, std::string>, Micros> stored_sums(std::size_t& revisions);

  Reached& reached_;
  TemporaryDirectory directory_;
  FakeClock clock_;
  SystemEntropy entropy_;
  const std::shared_ptr<const Catalog> catalog_ = model_catalog();
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
  std::optional<ClickIdKeys> keys_;
  std::optional<SnowflakeGenerator> ids_;
  std::vector<ClickId> clicks_;
  Speaker speaker_;
  ConversionModel model_;
  std::deque<Pending> waiting_;
  std::deque<PendingClick> waiting_clicks_;
  std::deque<PendingCta> waiting_ctas_;
  std::map<SnowflakeId, Logged> early_;  ///< Postbacks that wait for their click.
  std::vector<Logged> unknown_;          ///< Those that had their effect with a word that nobody knew.
  std::vector<Item*> items_;
};

/// Those whose click is there now, by way of a recorder as the server has it.
void World::match_late() {
  std::vector<const Logged*> due;
  for (const auto& [id, early] : early_) {
    if (model_.has_click(early.said.click.high)) due.push_back(&early);
  }
  if (due.empty()) return;
  Recorder recorder(*store_, *ids_, clock_, {}, [](const Error&) {});
  recorder.start();
  ItemWaiter items(recorder);
  const CatalogSlot slot(catalog_);
  Replayer replayer(slot, *keys_, items);
  LateMatcher matcher(replayer);
  while (matcher.step(*reader_).value()) continue;
  recorder.stop();
  std::ranges::stable_sort(due, {}, [](const Logged* early) { return early->said.click.high; });
  for (const auto* early : due) check_late(*early);
  std::erase_if(early_, [this](const auto& each) { return model_.has_click(each.second.said.click.high); });
}

void World::check_late(const Logged& early) {
  const Expected expected = model_.late(early.said);
  LogQuery query;
  query.row = early.id;
  const auto page = reader_->postbacks(query).value();
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.rows[0].code, to_string(expected.code)) << early.target << "\n" << page.rows[0].message;
  EXPECT_EQ(page.rows[0].result, to_string(expected.result)) << early.target;
  EXPECT_EQ(page.rows[0].conversion_number, expected.number) << early.target;
  if (expected.result == VerdictResult::accepted) ++reached_.matched_late;
  note_unknown(expected, early);
}

/// The operator maps the words and adds rules, and has everything judged again, twice.
void World::teach_and_replay() {
  const auto taught = model_catalog(kTaught);
  reached_.replayed += replay(taught, false);
  EXPECT_EQ(replay(taught, true), 0U);
}

/// How many changed.
std::size_t World::replay(const std::shared_ptr<const Catalog>& taught, bool again) {
  std::size_t changed = 0;
  for (const auto& unknown : unknown_) {
    Pending item;
    take(item.postback, unknown.said, unknown.target);
    item.postback.network = "acme";
    item.postback.authenticated = Authentication::token;
    item.reading = read(item.postback, taught, *keys_);
    item.judged_again = unknown.id;
    item.cause = kCausedByReplay;
    Item* const items[] = {&item};
    EXPECT_TRUE(store_->commit(items, *ids_).has_value());
    const bool expected = !again && model_.replay(unknown.said);
    EXPECT_EQ(item.changed, expected) << unknown.target << "\n" << item.judgement.verdict.message;
    changed += item.changed ? 1 : 0;
  }
  return changed;
}

void World::compare() {
  std::set<SnowflakeId> waiting;
  std::set<SnowflakeId> expected_waiting;
  const auto stored_waiting = reader_->waiting({}, 10'000).value();
  for (const auto& each : stored_waiting) waiting.insert(each.postback);
  for (const auto& [id, early] : early_) expected_waiting.insert(id);
  EXPECT_EQ(waiting, expected_waiting);
  for (const auto offer : kOfferKinds) {
    EXPECT_EQ(store_->offer_counter()->counts(static_cast<EntityNumber>(offer), clock_.wall()).total,
              model_.count_of(offer))
        << static_cast<unsigned>(offer);
  }
  compare_conversions();
  std::size_t revisions = 0;
  EXPECT_EQ(stored_sums(revisions), model_.sums());
  std::size_t expected_revisions = 0;
  for (const auto& [identity, conversion] : model_.conversions()) expected_revisions += conversion.revision;
  EXPECT_EQ(revisions, expected_revisions);
}

void World::compare_conversions() {
  const auto reader = store_->open_reader().value();
  std::map<ConversionModel::Identity, ModelConversion> stored;
  std::map<SnowflakeId, ConversionModel::Identity> identities;
  LogQuery query;
  query.limit = 1000;
  query.budget = std::chrono::seconds{60};
  do {
    const auto page = reader->conversions(query).value();
    for (const Conversion& row : page.rows) {
      const bool fresh = stored
                             .emplace(ConversionModel::Identity{row.click, row.event, row.txid, row.slot},
                                      ModelConversion{row.number, row.status, row.original_status, row.payout,
                                                      row.amount, row.currency, row.reason, row.revision,
                                                      static_cast<OfferKind>(row.offer), row.hold_until.has_value()})
                             .second;
      identities.emplace(row.id, ConversionModel::Identity{row.click, row.event, row.txid, row.slot});
      EXPECT_TRUE(fresh) << "stored twice: " << row.click << " " << row.event << " " << row.txid;
    }
    query.before = page.next;
  } while (query.before != 0);
  EXPECT_EQ(stored.size(), model_.conversions().size());
  for (const auto& [identity, expected] : model_.conversions()) {
    const auto& [click, event, txid, slot] = identity;
    SCOPED_TRACE(to_string(keys_->sign(click)) + " " + event + " " + txid);
    const auto found = stored.find(identity);
    ASSERT_NE(found, stored.end());
    const ModelConversion& row = found->second;
    EXPECT_EQ(to_string(row.status), to_string(expected.status));
    EXPECT_EQ(row.payout, expected.payout);
    EXPECT_EQ(row.currency, expected.currency);
    const auto all = [](const ModelConversion& each) {
      return std::tie(each.number, each.status, each.original_status, each.payout, each.amount, each.currency,
                      each.reason, each.revision, each.offer, each.held);
    };
    EXPECT_TRUE(all(row) == all(expected))
        << row.number << " " << row.original_status << " " << row.reason << " " << row.revision << " offer "
        << static_cast<unsigned>(row.offer) << " held " << row.held << "; expected " << expected.number << " "
        << expected.original_status << " " << expected.reason << " " << expected.revision << " offer "
        << static_cast<unsigned>(expected.offer) << " held " << expected.held;
  }
  compare_outbox(identities);
}

/// Each conversion and each change of a status has left one occurrence, whatever was killed in between.
void World::compare_outbox(const std::map<SnowflakeId, ConversionModel::Identity>& identities) {
  const auto reader = store_->open_reader().value();
  std::map<ConversionModel::Identity, std::vector<std::uint32_t>> told;
  SnowflakeId after = 0;
  for (;;) {
    const auto page = reader->occurrences(after, 100).value();
    if (page.empty()) break;
    after = page.back().id;
    for (const auto& occurrence : page) {
      const auto identity = identities.find(occurrence.conversion);
      ASSERT_NE(identity, identities.end()) << "told of a conversion that is not there";
      EXPECT_EQ(occurrence.click, std::get<0>(identity->second));
      EXPECT_EQ(occurrence.kind, occurrence.conversion_revision == 1 ? Trigger::conversion : Trigger::status_change);
      told[identity->second].push_back(occurrence.conversion_revision);
    }
  }
  for (const auto& [identity, expected] : model_.conversions()) {
    EXPECT_EQ(told[identity], expected.told) << to_string(keys_->sign(std::get<0>(identity)));
  }
}

std::map<std::pair<ConversionStatus, std::string>, Micros> World::stored_sums(std::size_t& revisions) {
  std::map<std::pair<ConversionStatus, std::string>, Micros> sums;
  // By the histories' last entries: they must say the same as the conversions.
  for (const auto& row : OtherConnection(directory_.file("store.db"))
                             .rows("SELECT r.status, r.currency, sum(r.payout), (SELECT count(*) FROM "
                                   "conversion_revision) FROM conversion_revision r JOIN conversion c ON "
                                   "c.id = r.conversion AND c.revision = r.revision GROUP BY 1, 2")) {
    sums[{static_cast<ConversionStatus>(std::stoi(row[0])), row[1]}] = std::stoll(row[2]);
    revisions = std::stoul(row[3]);
  }
  return sums;
}

TEST(Model, TheStoreHoldsWhatTheSpecificationSays) {
  constexpr std::uint64_t kOperationsOfARun = 1'000;
  const auto seed = printed_seed();
  const auto operations = number_from_environment("POSTBACKD_TEST_OPERATIONS", 2'000);
  Reached reached;
  for (std::uint64_t run = 0; run * kOperationsOfARun < operations && !HasFailure(); ++run) {
    SCOPED_TRACE("run " + std::to_string(run));
    World world(seed + run, reached);
    for (std::uint64_t n = 0; n < kOperationsOfARun && !HasFatalFailure(); ++n) world.step();
    world.finish();
  }
  if (HasFailure()) return;
  for (const auto code : {VerdictCode::converted, VerdictCode::updated, VerdictCode::added, VerdictCode::duplicate,
                          VerdictCode::status_transition, VerdictCode::click_unknown, VerdictCode::network_mismatch,
                          VerdictCode::payout_invalid}) {
    EXPECT_GT(reached.codes[code], 0U) << to_string(code);
  }
  EXPECT_GT(reached.matched_late, 0U);
  EXPECT_GT(reached.replayed, 0U);
}

}  // namespace
}  // namespace postback::model

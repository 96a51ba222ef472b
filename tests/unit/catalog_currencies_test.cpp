// Currencies that the catalog declares beside those of ISO 4217: where they are valid, and until when.
#include "postback/domain/catalog_change.hpp"
#include "postback/domain/foreign_click.hpp"
#include "support/example_catalog.hpp"
#include "support/fake_clock.hpp"
#include "support/incoming_request.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace postback {
namespace {

using nlohmann::json;

class NoEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) byte = 7;
  }
};

EntityDocument tether(bool archived = false) {
  auto document = document_of(EntityKind::currency, "usdt", R"({"name":"Tether USD"})", 1);
  document.archived = archived;
  return document;
}

/// The example with a declared currency, and `patch` on the document of `kind`.
std::vector<EntityDocument> with_tether(EntityKind kind, std::string_view patch, bool archived = false) {
  auto documents = patched_example(kind, patch);
  documents.push_back(tether(archived));
  return documents;
}

struct Place {
  EntityKind kind;
  const char* patch;
  const char* field;
};
const Place kPlaces[] = {
    {EntityKind::network, R"({"currency":"USDT"})", "networks/acme: currency"},
    {EntityKind::offer, R"({"currency":"USDT"})", "offers/vpn: currency"},
    {EntityKind::source, R"({"cost":{"model":"cpm","amount":"1","currency":"USDT"}})", "sources/adnet: cost.currency"},
    {EntityKind::campaign, R"({"cost":{"model":"none","amount":null,"currency":"USDT"}})",
     "campaigns/summer: cost.currency"},
    {EntityKind::campaign, R"({"cost":{"model":"cpc","amount":"1","currency":"USDT"}})",
     "campaigns/summer: cost.currency"},
};

TEST(CatalogCurrencies, AreValidWhereverACurrencyIs) {
  for (const auto& place : kPlaces) {
    SCOPED_TRACE(place.field);
    EXPECT_TRUE(has_fault(faults_of(patched_example(place.kind, place.patch)), place.field, "not a currency in use"));
    EXPECT_EQ(joined(faults_of(with_tether(place.kind, place.patch))), "");
    EXPECT_TRUE(has_fault(faults_of(with_tether(place.kind, place.patch, true)), place.field, "is archived"));
  }
  const auto catalog = catalog_of(with_tether(EntityKind::network, R"({"currency":"USDT"})"));
  EXPECT_EQ(catalog->network("acme")->currency, "USDT");
  EXPECT_EQ(catalog->id_of(EntityKind::currency, 1), "usdt");
  EXPECT_EQ(catalog->document(EntityKind::currency, "usdt")->json, R"({"name":"Tether USD"})");
  EXPECT_TRUE(has_fault(faults_of(with_tether(EntityKind::network, R"({"currency":"usdt"})")),
                        "networks/acme: currency", "in capitals"));
}

TEST(CatalogCurrencies, AreCodesThatIsoHasNot) {
  const auto declared = [](const char* id, const char* text = R"({"name":"N"})") {
    return faults_of({document_of(EntityKind::currency, id, text)});
  };
  for (const char* id : {"usdt", "1inch", "xx", "0123456789", "xxx"}) EXPECT_EQ(joined(declared(id)), "") << id;
  for (const char* id : {"usd", "eur", "zwg"})
    EXPECT_TRUE(has_fault(declared(id), std::string("currencies/") + id + ": id", "ISO 4217")) << id;
  for (const char* id : {"u", "abcdefghijk", "us-d", "us_d"})
    EXPECT_TRUE(has_fault(declared(id), std::string("currencies/") + id + ": id", "2 to 10")) << id;
  EXPECT_TRUE(has_fault(declared("usdt", "{}"), "currencies/usdt: name", "missing"));
  EXPECT_TRUE(has_fault(declared("usdt", R"({"name":"N","rate":"1"})"), "currencies/usdt: rate", "not a known field"));
}

TEST(CatalogCurrencies, TellsTheStateOfACode) {
  auto documents = example_documents();
  documents.push_back(tether());
  documents.push_back(document_of(EntityKind::currency, "old", R"({"name":"Old"})", 2));
  documents.back().archived = true;
  const auto catalog = catalog_of(documents);
  const auto state = [&](std::string_view code) { return currency_state(code, catalog->currencies()); };
  for (const char* code : {"USD", "USDT"}) EXPECT_EQ(state(code), CurrencyState::usable) << code;
  EXPECT_EQ(state("OLD"), CurrencyState::archived);
  for (const char* code : {"", "usdt", "Usdt", "usd", "USDTT", "XXX", "ABCDEFGHIJKL"})
    EXPECT_EQ(state(code), CurrencyState::unknown) << code;
}

std::variant<CatalogChange, Faults> archive(const Catalog& catalog, EntityKind kind, const char* id) {
  NoEntropy entropy;
  const EntityEdit edit{kind, id, json{}, true};
  return change_catalog(catalog, {&edit, 1}, Unchanged::left_out, FakeClock::kStart, entropy);
}

TEST(CatalogCurrencies, CannotBeArchivedWhileTheyAreNamed) {
  for (const auto& place : kPlaces) {
    SCOPED_TRACE(place.field);
    const auto catalog = catalog_of(with_tether(place.kind, place.patch));
    const auto refused = archive(*catalog, EntityKind::currency, "usdt");
    ASSERT_TRUE(std::holds_alternative<Faults>(refused));
    EXPECT_TRUE(has_fault(std::get<Faults>(refused), place.field, "is archived"));
  }
  const auto catalog = catalog_of(with_tether(EntityKind::campaign, kPlaces[4].patch));
  auto without = archive(*catalog, EntityKind::campaign, "summer");
  ASSERT_TRUE(std::holds_alternative<CatalogChange>(without));
  auto left = archive(*std::get<CatalogChange>(without).next, EntityKind::currency, "usdt");
  ASSERT_TRUE(std::holds_alternative<CatalogChange>(left)) << "what is archived itself may go on naming it";
  const auto& next = *std::get<CatalogChange>(left).next;
  EXPECT_EQ(next.campaign("summer")->cost_currency, "USDT");
  EXPECT_EQ(currency_state("USDT", next.currencies()), CurrencyState::archived);
}

TEST(CatalogCurrencies, ADeclarationLeavesTheRestAlone) {
  const auto before = example_catalog();
  NoEntropy entropy;
  const EntityEdit edit{EntityKind::currency, "usdt", json{{"name", "Tether USD"}}, false};
  const auto result = change_catalog(*before, {&edit, 1}, Unchanged::left_out, FakeClock::kStart, entropy);
  const auto& change = std::get<CatalogChange>(result);
  EXPECT_EQ(change.next->campaign("summer"), before->campaign("summer"));
  EXPECT_EQ(change.next->network("acme"), before->network("acme"));
}

/// What a postback to acme with `more` says in a catalog that has the currency.
Reading read_with_tether(std::string_view more, bool archived, const char* network = "{}") {
  const auto catalog = catalog_of(with_tether(EntityKind::network, network, archived));
  return read_request({.target = "/postback/acme?token=$TOKEN&click_id=$ID" + std::string(more)}, catalog);
}

TEST(CatalogCurrencies, PostbacksMayPayInThem) {
  for (const char* more : {"&payout=3&currency=USDT", "&payout=3&currency=usdt", "&payout=3+USDT", "&payout=3usdt"}) {
    SCOPED_TRACE(more);
    const Reading reading = read_with_tether(more, false);
    ASSERT_FALSE(reading.refusal) << reading.refusal->message;
    EXPECT_EQ(reading.payout, 3'000'000);
    EXPECT_EQ(reading.currency, "USDT");
    EXPECT_EQ(joined(reading.warnings).find("archived"), std::string::npos);
    // The network pays, whether we still use the currency or not.
    const Reading archived = read_with_tether(more, true);
    ASSERT_FALSE(archived.refusal) << archived.refusal->message;
    EXPECT_EQ(archived.currency, "USDT");
    EXPECT_NE(joined(archived.warnings).find("The currency USDT is archived"), std::string::npos);
  }
  const Reading amount = read_with_tether("&payout=1&amount=9+USDT", false);
  EXPECT_EQ(amount.amount, 9'000'000);
  EXPECT_EQ(amount.amount_currency, "USDT");
  const Reading fixed = read_with_tether("&payout=2+USDT&currency=USDT", false, R"({"payout":"fixed"})");
  EXPECT_EQ(fixed.currency, "USDT");
  EXPECT_EQ(fixed.spare_currency, "USDT");
  const Reading unknown = read_with_tether("&payout=3&currency=USDC", false);
  ASSERT_TRUE(unknown.refusal);
  EXPECT_EQ(unknown.refusal->code, VerdictCode::currency_unknown);
  EXPECT_NE(unknown.refusal->message.find("nor declared in the catalog"), std::string::npos);
}

TEST(CatalogCurrencies, ImportedClicksMayHaveCostThem) {
  const json row{{"foreign_id", "f1"},
                 {"campaign", "summer"},
                 {"time", "2025-12-31T00:00:00Z"},
                 {"cost", "0.5"},
                 {"currency", "USDT"}};
  const auto read = [&](bool archived) {
    return read_foreign_click(row, *catalog_of(with_tether(EntityKind::network, "{}", archived)), sample_keys(),
                              FakeClock::kStart);
  };
  const auto click = read(false);
  ASSERT_TRUE(std::holds_alternative<ForeignClick>(click)) << joined(std::get<Faults>(click));
  EXPECT_EQ(std::get<ForeignClick>(click).cost_currency, "USDT");
  const auto refused = read(true);
  ASSERT_TRUE(std::holds_alternative<Faults>(refused));
  EXPECT_TRUE(has_fault(std::get<Faults>(refused), "currency", "is archived"));
}

}  // namespace
}  // namespace postback

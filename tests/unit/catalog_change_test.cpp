// Putting an entity: numbers, revisions, tokens, and faults seen from the document that is being put.
#include "postback/domain/catalog_change.hpp"
#include "support/example_catalog.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace postback {
namespace {

using nlohmann::json;

constexpr TimeMs kNow{std::chrono::milliseconds{1'800'000'000'000}};

/// Gives 1, 2, 3 ... and counts how many bytes were asked for.
class CountingEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(++given_);
  }
  std::size_t given() const { return given_; }

 private:
  std::size_t given_ = 0;
};

/// Puts and expects success.
CatalogChange put(const Catalog& current, EntityKind kind, std::string_view id, std::string_view body,
                  Entropy& entropy) {
  auto result = put_entity(current, kind, id, body, kNow, entropy);
  if (auto* change = std::get_if<CatalogChange>(&result)) return std::move(*change);
  for (const Fault& fault : std::get<Faults>(result)) ADD_FAILURE() << fault.field << ": " << fault.problem;
  return {};
}

Faults refused(const Catalog& current, EntityKind kind, std::string_view id, std::string_view body) {
  CountingEntropy entropy;
  auto result = put_entity(current, kind, id, body, kNow, entropy);
  return std::holds_alternative<Faults>(result) ? std::get<Faults>(result) : Faults{};
}

TEST(CatalogChange, BuildsTheExampleStepByStep) {
  CountingEntropy entropy;
  auto catalog = Catalog::empty();
  for (const EntityDocument& document : example_documents()) {
    const CatalogChange change = put(*catalog, document.kind, document.id, document.json, entropy);
    EXPECT_TRUE(change.created);
    EXPECT_EQ(change.before, "");
    EXPECT_EQ(change.document.number, 1U);
    EXPECT_EQ(change.document.revision, catalog->revision() + 1);
    EXPECT_EQ(change.document.updated, kNow);
    EXPECT_EQ(change.next->revision(), catalog->revision() + 1);
    EXPECT_EQ(change.next->document(document.kind, document.id)->json, change.document.json);
    EXPECT_EQ(change.document.json, example_catalog()->document(document.kind, document.id)->json);
    catalog = change.next;
  }
  EXPECT_EQ(catalog->revision(), 4U);
  EXPECT_NE(catalog->campaign("summer"), nullptr);
  EXPECT_EQ(entropy.given(), 0U);
}

TEST(CatalogChange, GivesTheNextNumberOfTheKind) {
  CountingEntropy entropy;
  auto documents = example_documents();
  documents.push_back(document_of(EntityKind::source, "seven", R"({"name":"S"})", 7));
  const auto catalog = catalog_of(documents);
  EXPECT_EQ(put(*catalog, EntityKind::source, "a", R"({"name":"A"})", entropy).document.number, 8U);
  const CatalogChange offer =
      put(*catalog, EntityKind::offer, "b", R"({"name":"B","network":"acme","url":"https://o.example"})", entropy);
  EXPECT_EQ(offer.document.number, 2U);
  EXPECT_EQ(offer.next->offer(2)->id, "b");
  EXPECT_EQ(offer.next->id_of(EntityKind::offer, 2), "b");
}

TEST(CatalogChange, ReplacesTheWholeDocumentAndKeepsItsNumber) {
  CountingEntropy entropy;
  const auto catalog = example_catalog();
  const CatalogChange change = put(*catalog, EntityKind::source, "adnet", R"({"id":"adnet","name":"New"})", entropy);
  EXPECT_FALSE(change.created);
  EXPECT_EQ(change.before, catalog->document(EntityKind::source, "adnet")->json);
  EXPECT_EQ(change.document.number, 1U);
  EXPECT_EQ(change.document.revision, 2U);
  EXPECT_EQ(change.document.json, R"({"name":"New","params":{}})");
  EXPECT_TRUE(change.next->campaign("summer")->source->external_id.empty());
  // Other documents keep the revision that changed them last; the old snapshot is as it was.
  EXPECT_EQ(change.next->document(EntityKind::offer, "vpn")->revision, 1U);
  EXPECT_EQ(catalog->revision(), 1U);
  EXPECT_EQ(catalog->campaign("summer")->source->name, "AdNet");
}

TEST(CatalogChange, GivesANewNetworkARandomToken) {
  for (const char* token : {"", R"(,"token":null)", R"(,"token":"")", R"(,"security":{"token":true})"}) {
    CountingEntropy entropy;
    const CatalogChange change =
        put(*Catalog::empty(), EntityKind::network, "n", R"({"name":"N")" + std::string(token) + "}", entropy);
    EXPECT_EQ(change.next->network("n")->token, "0102030405060708090a0b0c0d0e0f10");
    EXPECT_EQ(json::parse(change.document.json)["token"], "0102030405060708090a0b0c0d0e0f10");
  }
}

TEST(CatalogChange, GivesNoTokenToANetworkThatNeedsNone) {
  CountingEntropy entropy;
  const CatalogChange open =
      put(*Catalog::empty(), EntityKind::network, "n", R"({"name":"N","security":{"token":false}})", entropy);
  EXPECT_EQ(open.next->network("n")->token, "");
  EXPECT_FALSE(open.next->network("n")->token_required);
  EXPECT_EQ(entropy.given(), 0U);
  // When it needs one later, it gets one.
  const CatalogChange closed = put(*open.next, EntityKind::network, "n", R"({"name":"N"})", entropy);
  EXPECT_EQ(closed.next->network("n")->token.size(), 32U);
}

TEST(CatalogChange, KeepsAnExistingToken) {
  CountingEntropy entropy;
  const auto catalog = example_catalog();
  const std::string body = R"({"name":"Acme","click_param":"sub1","currency":"USD")";
  for (const char* rest : {"}", R"(,"token":null})", R"(,"token":""})", R"(,"security":{"token":false}})"}) {
    const CatalogChange change = put(*catalog, EntityKind::network, "acme", body + rest, entropy);
    EXPECT_EQ(change.next->network("acme")->token, kExampleToken) << rest;
  }
  const CatalogChange changed =
      put(*catalog, EntityKind::network, "acme", body + R"(,"token":"another-token"})", entropy);
  EXPECT_EQ(changed.next->network("acme")->token, "another-token");
  EXPECT_EQ(entropy.given(), 0U);
}

TEST(CatalogChange, NamesFaultsFromTheDocumentThatIsPut) {
  const auto catalog = example_catalog();
  const Faults own = refused(*catalog, EntityKind::source, "adnet", R"({"params":{"cost":"a","sub1":"a"}})");
  EXPECT_EQ(own.size(), 2U);
  EXPECT_TRUE(has_fault(own, "name"));
  EXPECT_TRUE(has_fault(own, "params.sub1"));
  EXPECT_TRUE(has_fault(refused(*catalog, EntityKind::source, "adnet", "{"), "(document)"));
  EXPECT_TRUE(has_fault(refused(*catalog, EntityKind::source, "adnet", "[]"), "(document)"));
  EXPECT_TRUE(has_fault(refused(*catalog, EntityKind::network, "acme", "[]"), "(document)"));
  EXPECT_TRUE(has_fault(refused(*catalog, EntityKind::source, "adnet", R"({"id":"other","name":"N"})"), "id"));
  EXPECT_TRUE(has_fault(refused(*catalog, EntityKind::source, "Not a slug", R"({"name":"N"})"), "id"));
  EXPECT_TRUE(has_fault(refused(*catalog, EntityKind::network, "acme", R"({"name":"N","security":"x"})"), "security"));
}

TEST(CatalogChange, RefusesWhatWouldBreakAnotherDocument) {
  auto documents = example_documents();
  documents[1].json = R"({"name":"VPN","network":"acme","url":"https://o.example/","payout":"1"})";
  const auto catalog = catalog_of(documents);
  const Faults faults = refused(*catalog, EntityKind::network, "acme", R"({"name":"Acme"})");
  EXPECT_EQ(faults.size(), 2U);
  EXPECT_TRUE(has_fault(faults, "offers/vpn: url"));
  EXPECT_TRUE(has_fault(faults, "offers/vpn: currency"));
}

TEST(CatalogChange, NeverShowsATokenInAFault) {
  for (const char* token : {"se cret-token", "secret", "secret-token-{}"}) {
    const Faults faults =
        refused(*Catalog::empty(), EntityKind::network, "n", json{{"name", "N"}, {"token", token}}.dump());
    ASSERT_FALSE(faults.empty()) << token;
    for (const Fault& fault : faults)
      EXPECT_EQ((fault.problem + fault.expected).find(token), std::string::npos) << fault.problem;
  }
}

}  // namespace
}  // namespace postback

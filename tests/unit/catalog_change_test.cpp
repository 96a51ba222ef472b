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

/// What a put of one entity changed.
struct Put {
  EntityDocument document;
  std::string before;
  bool created = false;
  std::shared_ptr<const Catalog> next;
};

std::variant<CatalogChange, Faults> try_put(const Catalog& current, EntityKind kind, std::string_view id,
                                            std::string_view body, Entropy& entropy) {
  const EntityEdit edit{kind, std::string(id), json::parse(body), false};
  return change_catalog(current, {&edit, 1}, Unchanged::kept, kNow, entropy);
}

/// Puts and expects success.
Put put(const Catalog& current, EntityKind kind, std::string_view id, std::string_view body, Entropy& entropy) {
  auto result = try_put(current, kind, id, body, entropy);
  if (auto* change = std::get_if<CatalogChange>(&result)) {
    const auto& entity = change->entities.at(0);
    return {*entity.after, entity.before ? entity.before->json : "", entity.before == nullptr, change->next};
  }
  for (const Fault& fault : std::get<Faults>(result)) ADD_FAILURE() << fault.field << ": " << fault.problem;
  return {};
}

Faults refused(const Catalog& current, EntityKind kind, std::string_view id, std::string_view body) {
  CountingEntropy entropy;
  auto result = try_put(current, kind, id, body, entropy);
  if (!std::holds_alternative<Faults>(result)) return {};
  return seen_from(std::get<Faults>(result), {kind, std::string(id), json{}, false});
}

TEST(CatalogChange, BuildsTheExampleStepByStep) {
  CountingEntropy entropy;
  auto catalog = Catalog::empty();
  for (const EntityDocument& document : example_documents()) {
    const Put change = put(*catalog, document.kind, document.id, document.json, entropy);
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
  const Put offer =
      put(*catalog, EntityKind::offer, "b", R"({"name":"B","network":"acme","url":"https://o.example"})", entropy);
  EXPECT_EQ(offer.document.number, 2U);
  EXPECT_EQ(offer.next->offer(2)->id, "b");
  EXPECT_EQ(offer.next->id_of(EntityKind::offer, 2), "b");
}

TEST(CatalogChange, ReplacesTheWholeDocumentAndKeepsItsNumber) {
  CountingEntropy entropy;
  const auto catalog = example_catalog();
  const Put change = put(*catalog, EntityKind::source, "adnet", R"({"id":"adnet","name":"New"})", entropy);
  EXPECT_FALSE(change.created);
  EXPECT_EQ(change.before, catalog->document(EntityKind::source, "adnet")->json);
  EXPECT_EQ(change.document.number, 1U);
  EXPECT_EQ(change.document.revision, 2U);
  EXPECT_EQ(change.document.json, R"({"cost":{"amount":null,"currency":null,"model":"none"},"macros":{},"name":"New",)"
                                  R"("params":{},"profile":"generic","token":null})");
  EXPECT_TRUE(change.next->campaign("summer")->source->external_id.empty());
  // Other documents keep the revision that changed them last; the old snapshot is as it was.
  EXPECT_EQ(change.next->document(EntityKind::offer, "vpn")->revision, 1U);
  EXPECT_EQ(catalog->revision(), 1U);
  EXPECT_EQ(catalog->campaign("summer")->source->name, "AdNet");
}

TEST(CatalogChange, GivesANewNetworkARandomToken) {
  for (const char* token : {"", R"(,"token":null)", R"(,"token":"")", R"(,"security":{"token":true})"}) {
    CountingEntropy entropy;
    const Put change =
        put(*Catalog::empty(), EntityKind::network, "n", R"({"name":"N")" + std::string(token) + "}", entropy);
    EXPECT_EQ(change.next->network("n")->token, "0102030405060708090a0b0c0d0e0f10");
    EXPECT_EQ(json::parse(change.document.json)["token"], "0102030405060708090a0b0c0d0e0f10");
  }
}

TEST(CatalogChange, GivesNoTokenToANetworkThatNeedsNone) {
  CountingEntropy entropy;
  const Put open =
      put(*Catalog::empty(), EntityKind::network, "n", R"({"name":"N","security":{"token":false}})", entropy);
  EXPECT_EQ(open.next->network("n")->token, "");
  EXPECT_FALSE(open.next->network("n")->token_required);
  EXPECT_EQ(entropy.given(), 0U);
  // When it needs one later, it gets one.
  const Put closed = put(*open.next, EntityKind::network, "n", R"({"name":"N"})", entropy);
  EXPECT_EQ(closed.next->network("n")->token.size(), 32U);
}

TEST(CatalogChange, KeepsAnExistingToken) {
  CountingEntropy entropy;
  const auto catalog = example_catalog();
  const std::string body = R"({"name":"Acme","click_param":"sub1","currency":"USD")";
  for (const char* rest : {"}", R"(,"token":null})", R"(,"token":""})", R"(,"security":{"token":false}})"}) {
    const Put change = put(*catalog, EntityKind::network, "acme", body + rest, entropy);
    EXPECT_EQ(change.next->network("acme")->token, kExampleToken) << rest;
  }
  const Put changed = put(*catalog, EntityKind::network, "acme", body + R"(,"token":"another-token"})", entropy);
  EXPECT_EQ(changed.next->network("acme")->token, "another-token");
  EXPECT_EQ(entropy.given(), 0U);
}

TEST(CatalogChange, GivesASourceATokenWhenItIsAskedFor) {
  CountingEntropy entropy;
  const Put none = put(*Catalog::empty(), EntityKind::source, "s", R"({"name":"S"})", entropy);
  EXPECT_EQ(json::parse(none.document.json)["token"], nullptr);
  EXPECT_EQ(entropy.given(), 0U);
  const Put made = put(*none.next, EntityKind::source, "s", R"({"name":"S","token":"new"})", entropy);
  const std::string token = json::parse(made.document.json)["token"];
  EXPECT_EQ(token, "0102030405060708090a0b0c0d0e0f10");
  for (const char* rest : {"}", R"(,"token":null})", R"(,"token":""})"}) {
    const Put kept = put(*made.next, EntityKind::source, "s", R"({"name":"S")" + std::string(rest), entropy);
    EXPECT_EQ(json::parse(kept.document.json)["token"], token) << rest;
  }
  const Put chosen = put(*made.next, EntityKind::source, "s", R"({"name":"S","token":"my-own-token"})", entropy);
  EXPECT_EQ(json::parse(chosen.document.json)["token"], "my-own-token");
  const Put off = put(*made.next, EntityKind::source, "s", R"({"name":"S","token":"off"})", entropy);
  EXPECT_EQ(json::parse(off.document.json)["token"], nullptr);
}

TEST(CatalogChange, NamesFaultsFromTheDocumentThatIsPut) {
  const auto catalog = example_catalog();
  const Faults own = refused(*catalog, EntityKind::source, "adnet", R"({"params":{"cost":"a","sub1":"a"}})");
  EXPECT_EQ(own.size(), 2U);
  EXPECT_TRUE(has_fault(own, "name"));
  EXPECT_TRUE(has_fault(own, "params.sub1"));
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

EntityEdit edit_of(EntityKind kind, const char* id, const char* body) { return {kind, id, json::parse(body), false}; }
EntityEdit archive_of(EntityKind kind, const char* id) { return {kind, id, json{}, true}; }

TEST(CatalogChange, AppliesManyEditsAsOneRevision) {
  CountingEntropy entropy;
  const std::vector<EntityEdit> edits{
      edit_of(EntityKind::campaign, "one", R"({"name":"One","paths":[{"offers":[{"offer":"quiz"}]}]})"),
      edit_of(EntityKind::offer, "quiz", R"({"name":"Quiz","network":"nova","url":"https://o.example/?s={clickid}"})"),
      edit_of(EntityKind::network, "nova", R"({"name":"Nova"})"),
      edit_of(EntityKind::campaign, "two", R"({"name":"Two","paths":[{"offers":[{"offer":"vpn"}]}]})"),
  };
  const auto current = example_catalog();
  auto result = change_catalog(*current, edits, Unchanged::left_out, kNow, entropy);
  ASSERT_TRUE(std::holds_alternative<CatalogChange>(result));
  const auto& change = std::get<CatalogChange>(result);
  EXPECT_EQ(change.revision, current->revision() + 1);
  std::string changed;
  for (const auto& entity : change.entities) {
    EXPECT_EQ(entity.before, nullptr);
    EXPECT_EQ(entity.after->revision, change.revision);
    changed += entity.after->id + std::to_string(entity.after->number) + " ";
  }
  EXPECT_EQ(changed, "nova2 quiz2 one2 two3 ");
  EXPECT_EQ(change.next->campaign("one")->paths[0].offers[0].offer->network->id, "nova");
  EXPECT_EQ(change.next->campaign("summer"), current->campaign("summer")) << "what was left alone is shared";
}

TEST(CatalogChange, LeavesOutWhatChangesNothing) {
  CountingEntropy entropy;
  const auto current = example_catalog();
  const std::vector<EntityEdit> edits{
      {EntityKind::source, "adnet", json::parse(current->document(EntityKind::source, "adnet")->json), false},
      edit_of(EntityKind::network, "acme",
              R"({"params":{},"currency":"USD","click_param":"sub1","name":"Acme","profile":"generic"})"),
      edit_of(EntityKind::source, "other", R"({"name":"Other"})"),
  };
  auto result = change_catalog(*current, edits, Unchanged::left_out, kNow, entropy);
  const auto& change = std::get<CatalogChange>(result);
  ASSERT_EQ(change.entities.size(), 1U);
  EXPECT_EQ(change.entities[0].after->id, "other");
  EXPECT_EQ(change.next->document(EntityKind::network, "acme")->revision,
            current->document(EntityKind::network, "acme")->revision);
}

TEST(CatalogChange, ReadsAgainWhatRefersToAChangedEntity) {
  CountingEntropy entropy;
  const auto current = example_catalog();
  const Put change = put(*current, EntityKind::network, "acme",
                         R"({"name":"Renamed","click_param":"sub1","currency":"EUR"})", entropy);
  const auto* offer = change.next->campaign("summer")->paths[0].offers[0].offer;
  EXPECT_EQ(offer->network->name, "Renamed");
  EXPECT_EQ(offer, change.next->offer(offer->number));
  EXPECT_EQ(change.next->document(EntityKind::campaign, "summer"), current->document(EntityKind::campaign, "summer"));
  EXPECT_EQ(current->campaign("summer")->paths[0].offers[0].offer->network->name, "Acme") << "a snapshot never changes";
}

TEST(CatalogChange, ArchivesWhatNothingRefersTo) {
  CountingEntropy entropy;
  const auto current = example_catalog();
  const auto archive = [&](const Catalog& catalog, EntityKind kind, const char* id) {
    const auto edit = archive_of(kind, id);
    return change_catalog(catalog, {&edit, 1}, Unchanged::left_out, kNow, entropy);
  };
  for (const auto& [kind, id, field] :
       {std::tuple{EntityKind::network, "acme", "offers/vpn: network"},
        std::tuple{EntityKind::offer, "vpn", "campaigns/summer: paths[0].offers[0].offer"},
        std::tuple{EntityKind::source, "adnet", "campaigns/summer: source"}}) {
    const auto refused_ones = archive(*current, kind, id);
    ASSERT_TRUE(std::holds_alternative<Faults>(refused_ones)) << id;
    EXPECT_TRUE(has_fault(std::get<Faults>(refused_ones), field)) << id;
  }
  auto catalog = current;
  for (const auto& [kind, id] : {std::pair{EntityKind::campaign, "summer"}, std::pair{EntityKind::offer, "vpn"},
                                 std::pair{EntityKind::source, "adnet"}, std::pair{EntityKind::network, "acme"}}) {
    auto result = archive(*catalog, kind, id);
    ASSERT_TRUE(std::holds_alternative<CatalogChange>(result)) << id;
    catalog = std::get<CatalogChange>(result).next;
    EXPECT_TRUE(catalog->document(kind, id)->archived) << id;
    EXPECT_EQ(catalog->document(kind, id)->number, current->document(kind, id)->number);
    const auto again = archive(*catalog, kind, id);
    EXPECT_TRUE(std::get<CatalogChange>(again).entities.empty()) << "archived already";
  }
  EXPECT_TRUE(catalog->campaign("summer")->paused) << "no visitor is sent on any more";
  EXPECT_EQ(json::parse(catalog->document(EntityKind::campaign, "summer")->json)["state"], "archived");
  EXPECT_EQ(catalog->id_of(EntityKind::offer, 1), "vpn") << "logs still name it";
}

/// The example as an earlier version took it: without what edits are asked for since.
std::shared_ptr<const Catalog> older_catalog() {
  auto documents = patched_example(EntityKind::network, R"({"token":null,"security":{"token":false,"allow_ips":[],
      "hmac":{"secrets":[],"skew_s":300},"webhook":{"secrets":[],"skew_s":300}}})");
  for (auto& document : documents) {
    if (document.kind != EntityKind::offer) continue;
    document.json = R"({"name":"VPN","network":"acme","url":"https://o.example/?c={clickid}&{sub1}","currency":"USD"})";
  }
  documents.push_back(
      document_of(EntityKind::lander, "page", R"({"name":"P","url":"https://l.example/?c={clickid}&{sub1}"})"));
  documents.push_back(document_of(EntityKind::destination, "crm",
                                  R"({"name":"CRM","url":"https://c.example/?a=1&{sub1}","body":"a=1&{sub2}",
                                      "body_type":"form","method":"POST"})"));
  return catalog_of(documents);
}

TEST(CatalogChange, StoredDocumentsAreSparedRulesMadeSince) {
  CountingEntropy entropy;
  const auto current = older_catalog();
  const auto json_of = [&](EntityKind kind, const char* id) { return current->document(kind, id)->json; };
  // What refers to something changed is read again, by the rules of its time.
  put(*current, EntityKind::network, "acme", R"({"name":"Acme 2","click_param":"sub1","currency":"USD"})", entropy);
  // What is sent as it is stored is not an edit.
  for (const auto& [kind, id] : {std::pair{EntityKind::network, "acme"}, std::pair{EntityKind::offer, "vpn"},
                                 std::pair{EntityKind::lander, "page"}, std::pair{EntityKind::destination, "crm"}}) {
    put(*current, kind, id, json_of(kind, id), entropy);
    auto named = json::parse(json_of(kind, id));
    named["id"] = id;
    put(*current, kind, id, named.dump(), entropy);
    named["name"] = "Another";
    EXPECT_FALSE(refused(*current, kind, id, named.dump()).empty()) << id;
  }
  const auto archive = archive_of(EntityKind::destination, "crm");
  const auto archived = change_catalog(*current, {&archive, 1}, Unchanged::left_out, kNow, entropy);
  EXPECT_TRUE(std::holds_alternative<CatalogChange>(archived)) << "archiving leaves its words alone";
  EXPECT_EQ(json::parse(json_of(EntityKind::network, "acme"))["security"]["allow_ips"], json(nullptr));
}

TEST(CatalogChange, ARestoredDocumentIsSparedThemToo) {
  CountingEntropy entropy;
  const EntityEdit restored{EntityKind::lander, "old",
                            json::parse(R"({"name":"P","url":"https://l.example/?c={clickid}&{sub1}"})"), false, true};
  const auto change = change_catalog(*example_catalog(), {&restored, 1}, Unchanged::left_out, kNow, entropy);
  EXPECT_TRUE(std::holds_alternative<CatalogChange>(change));
  EntityEdit told{EntityKind::destination, "tg",
                  json::parse(R"({"name":"T","profile":"telegram","settings":{"bot_token":"1:A","chat_id":"2"},)"
                              R"("url":"https://d.example/?a={setting.bot_token|uper}"})"),
                  false, true};
  const auto again = change_catalog(*example_catalog(), {&told, 1}, Unchanged::left_out, kNow, entropy);
  if (const auto* faults = std::get_if<Faults>(&again)) FAIL() << faults->front().field << faults->front().problem;
  told.stored = false;
  const auto edited = change_catalog(*example_catalog(), {&told, 1}, Unchanged::left_out, kNow, entropy);
  EXPECT_TRUE(std::holds_alternative<Faults>(edited));
}

TEST(CatalogChange, ACampaignIsArchivedByItsStateToo) {
  CountingEntropy entropy;
  const Put change = put(*example_catalog(), EntityKind::campaign, "summer",
                         R"({"name":"S","state":"archived","paths":[{"offers":[{"offer":"vpn"}]}]})", entropy);
  EXPECT_TRUE(change.document.archived);
}

}  // namespace
}  // namespace postback

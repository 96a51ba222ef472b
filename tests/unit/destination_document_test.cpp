// Destination documents: what is read, what stands for what is left out, and every fault with its place.
#include "postback/domain/catalog_change.hpp"
#include "postback/domain/delivery_rendering.hpp"
#include "support/example_catalog.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace postback {
namespace {

constexpr const char* kSmallest = R"({"name":"CRM","url":"https://crm.example/in?c={external_id}"})";

std::vector<EntityDocument> with_destination(std::string json) {
  auto documents = example_documents();
  documents.push_back(document_of(EntityKind::destination, "crm", std::move(json)));
  return documents;
}

/// The smallest document changed by a merge patch.
std::string patched(std::string_view patch, std::string_view base = kSmallest) {
  auto json = nlohmann::json::parse(base);
  json.merge_patch(nlohmann::json::parse(patch));
  return json.dump();
}

/// Keeps the catalog that the destination belongs to.
struct Read {
  std::shared_ptr<const Catalog> catalog;
  const Destination& destination;
  nlohmann::json canonical;
};
Read read(std::string json) {
  auto catalog = catalog_of(with_destination(std::move(json)));
  const Destination& destination = *catalog->destination("crm");
  auto canonical = nlohmann::json::parse(catalog->document(EntityKind::destination, "crm")->json);
  return {std::move(catalog), destination, std::move(canonical)};
}

void expect_fault(std::string json, const std::string& field, std::string_view text) {
  const Faults faults = faults_of(with_destination(std::move(json)));
  EXPECT_TRUE(has_fault(faults, "destinations/crm: " + field, text)) << field << " " << text << "\n" << joined(faults);
}

TEST(DestinationDocument, WritesEveryDefaultOut) {
  const auto wanted = nlohmann::json::parse(R"({
    "name":"CRM","profile":"generic","settings":{},"state":"active","trigger":"conversion",
    "scope":{"campaigns":[],"offers":[],"networks":[],"sources":[]},"when":{},
    "send_percent":"100","payout_percent":"100","delay_s":0,
    "method":"GET","url":"https://crm.example/in?c={external_id}","headers":{},"body":null,"body_type":"none",
    "omit_empty":false,"expect":{"status":["2xx"],"body":""},"signing":{"secrets":[]},
    "retry":{"give_up_after_s":259200,"first_s":10,"longest_s":3600},"timeout_s":15,"feed_token":null})");
  const Read smallest = read(kSmallest);
  EXPECT_EQ(smallest.canonical, wanted);
  EXPECT_EQ(read(wanted.dump()).canonical, wanted) << "the canonical form changes when it is read";
  const Destination& destination = smallest.destination;
  EXPECT_EQ(destination.trigger, Trigger::conversion);
  EXPECT_TRUE(destination.when.always());
  EXPECT_TRUE(destination.scope.everything());
  EXPECT_FALSE(destination.paused);
  EXPECT_EQ(destination.origin(), "https://crm.example");
  EXPECT_EQ(destination.expect.statuses, (std::vector<std::pair<int, int>>{{200, 299}}));
  EXPECT_EQ(smallest.catalog->destinations(Trigger::conversion).size(), 1U);
  EXPECT_FALSE(uses_postback(destination));
}

TEST(DestinationDocument, ReadsTheExampleOfTheDocuments) {
  const Read crm =
      read(R"({"name":"CRM","trigger":"conversion","scope":{"campaigns":["summer"]},"when":{"status":["approved"]},)"
           R"("method":"POST","url":"https://crm.example/in?c={external_id}","headers":{"X-Key":"0123456789"},)"
           R"("body":"{\"tx\":\"{txid}\",\"sum\":{payout}}","delay_s":0})");
  EXPECT_EQ(crm.destination.body_type, BodyType::json);
  EXPECT_EQ(crm.destination.scope.campaigns, std::vector<EntityNumber>{1});
  EXPECT_FALSE(crm.destination.when.always());
  EXPECT_EQ(crm.destination.headers.at(0).first, "X-Key");
}

TEST(DestinationDocument, TellsJsonFormAndTextApart) {
  const std::vector<std::pair<std::string_view, std::string_view>> rows{
      {R"({"body":"{\"a\":{payout}}"})", "json"},
      {R"({"body":" [\"{txid}\"]"})", "json"},
      {R"({"body":{"a":"{txid}"}})", "json"},
      {R"({"body":["{txid}"]})", "json"},
      {R"({"body":"a={txid}&b=1"})", "form"},
      {R"({"body":"{txid}"})", "text"},
      {R"({"body":"Paid {payout}\n"})", "text"},
      {R"({"body":"a={txid}","body_type":"text"})", "text"},
      {R"({"body":"{txid}=1","body_type":"text"})", "text"}};
  for (const auto& [patch, type] : rows) {
    const Read one = read(patched(patch));
    EXPECT_EQ(one.canonical["body_type"], type) << patch;
    EXPECT_EQ(one.canonical["method"], "POST") << patch;
  }
}

TEST(DestinationDocument, NamesEveryFault) {
  const std::vector<std::array<std::string_view, 3>> rows{
      {R"({"name":null})", "name", "is missing"},
      {R"({"nme":"x"})", "nme", "did you mean \"name\"?"},
      {R"({"state":"archived"})", "state", "is not a value it can have"},
      {R"({"trigger":"lead"})", "trigger", "is not a value it can have"},
      {R"({"scope":{"campaign":["summer"]}})", "scope.campaign", "did you mean \"campaigns\"?"},
      {R"({"scope":{"campaigns":["winter"]}})", "scope.campaigns[0]", "there is none with the ID \"winter\""},
      {R"({"scope":{"offers":["vpn","vpn"]}})", "scope.offers[1]", "stands twice"},
      {R"({"scope":{"sources":[1]}})", "scope.sources[0]", "is not text"},
      {R"({"trigger":"impression","scope":{"offers":["vpn"]}})", "scope.offers", "never holds"},
      {R"({"when":{"status":["aproved"]}})", "when.status[0]", "is not what belongs here"},
      {R"({"when":{"event":["a b"]}})", "when.event[0]", "is not what belongs here"},
      {R"({"when":{"status":"approved"}})", "when.status", "is not an array"},
      {R"({"when":{"payout":{"at_least":"5","at_most":"4"}}})", "when.payout.at_most", "is below at_least"},
      {R"({"when":{"payout":{"more":"5"}}})", "when.payout.more", "is not a known field"},
      {R"({"when":{"field":"country"}})", "when.field", "is not a known field"},
      {R"({"when":{"all":[{"field":"contry","op":"is","value":"DE"}]}})", "when.all[0].field",
       "did you mean \"country\"?"},
      {R"({"when":{"any":[{"field":"country","op":"is","value":"DE"},)"
       R"({"field":"payout","op":"contains","value":"1"}]}})",
       "when.any[1].op", "does not go with payout"},
      {R"({"when":{"event":["sale"],"none":[{"field":"postback.","op":"is","value":"x"}]}})", "when.none[0].field",
       "cannot be looked at"},
      {R"({"trigger":"click","when":{"status":["approved"]}})", "when.status",
       "never holds with the trigger \"click\""},
      {R"({"trigger":"cta","when":{"payout":{"at_least":"1"}}})", "when.payout", "never holds"},
      {R"({"send_percent":"101"})", "send_percent", "is not a share"},
      {R"({"send_percent":50})", "send_percent", "is not text"},
      {R"({"payout_percent":"-1"})", "payout_percent", "is not a share"},
      {R"({"delay_s":2592001})", "delay_s", "0 to 2592000"},
      {R"({"method":"DELETE"})", "method", "is not a value it can have"},
      {R"({"method":"GET","body":"x"})", "method", "carries no body"},
      {R"({"url":null})", "url", "is missing"},
      {R"({"url":"crm.example/in"})", "url", "is not an absolute URL"},
      {R"({"url":"https://a:b@crm.example/"})", "url", "user name or password"},
      {R"({"url":"https://crm.example:22/"})", "url", "port below 1024"},
      {R"({"url":"https://{sub1}.example/"})", "url", "scheme, user, host or port"},
      {R"({"url":"https://crm.example/?a={setting.key}"})", "url", "{setting.key} is not a token"},
      {R"({"headers":{"X Key":"1"}})", "headers.X Key", "cannot be a header's name"},
      {R"({"headers":{"Host":"x"}})", "headers.Host", "is not for a destination to set"},
      {R"({"headers":{"webhook-id":"x"}})", "headers.webhook-id", "is not for a destination to set"},
      {R"({"headers":{"X-A":"1","x-a":"2"}})", "headers.x-a", "stands twice"},
      {R"({"headers":{"X-A":"a\r\nb"}})", "headers.X-A", "has a control character"},
      {R"({"headers":{"X-A":"{txd}"}})", "headers.X-A", "did you mean {txid}?"},
      {R"({"body":5})", "body", "is neither text nor a JSON object or array"},
      {R"({"body":"{\"a\":{payout}"})", "body", "is not JSON"},
      {R"({"body":{"a":"{pay}"}})", "body", "is not a token"},
      {R"({"body":{"a":1},"body_type":"form"})", "body_type", "does not fit a body that is JSON"},
      {R"({"body_type":"json"})", "body_type", "there is none"},
      {R"({"body":"x","body_type":"none"})", "body_type", "there is a body"},
      {R"({"omit_empty":true})", "omit_empty", "needs a JSON body"},
      {R"({"expect":{"status":["20x"]}})", "expect.status[0]", "is no status"},
      {R"({"expect":{"status":["204-200"]}})", "expect.status[0]", "is no status"},
      {R"({"expect":{"state":["200"]}})", "expect.state", "did you mean \"status\"?"},
      {R"({"signing":{"secrets":["whsec_AAAA"]}})", "signing.secrets[0]", "24 to 64 bytes"},
      {R"({"signing":{"secret":"x"}})", "signing.secret", "did you mean \"secrets\"?"},
      {R"({"retry":{"first_s":100,"longest_s":10}})", "retry.longest_s", "is shorter than first_s"},
      {R"({"retry":{"first_s":0}})", "retry.first_s", "1 to 86400"},
      {R"({"timeout_s":0})", "timeout_s", "1 to 60"},
      {R"({"feed_token":"0123456789"})", "feed_token", "is for the method FEED only"},
      {R"({"method":"FEED","url":null})", "method", "needs a profile"},
      {R"({"settings":{"pixel_id":"1"}})", "settings.pixel_id", "is not a known field"},
      {R"({"profile":"telegramm"})", "profile", "did you mean \"telegram\"?"},
  };
  for (const auto& [patch, field, text] : rows) expect_fault(patched(patch), std::string(field), text);
}

TEST(DestinationDocument, ListsAllFaultsTogether) {
  const Faults faults = faults_of(with_destination(
      R"({"trigger":"x","scope":{"offers":["no"]},"when":{"status":["no"]},"send_percent":"x","url":"x",)"
      R"("timeout_s":0})"));
  EXPECT_EQ(faults.size(), 7U) << joined(faults);
}

TEST(DestinationDocument, NoFaultHoldsASecret) {
  const Faults faults = faults_of(
      with_destination(patched(R"({"signing":{"secrets":["whsec_NOBODYSEESTHIS"]},"feed_token":"NOBODYSEES THIS"})")));
  EXPECT_GE(faults.size(), 2U);
  EXPECT_EQ(joined(faults).find("NOBODYSEES"), std::string::npos) << joined(faults);
}

TEST(DestinationDocument, PortsOfTheWebAndFrom1024) {
  for (const std::string host : {"crm.example", "crm.example:80", "crm.example:443", "crm.example:1024",
                                 "crm.example:65535", "[2606:4700::22]", "[2606:4700::1]:8443"}) {
    EXPECT_EQ(read(patched(R"({"url":"https://)" + host + R"(/x"})")).destination.origin(), "https://" + host);
  }
  expect_fault(patched(R"({"url":"https://[2606:4700::1]:25/x"})"), "url", "port below 1024");
}

TEST(DestinationDocument, CollectsSecrets) {
  const Read one = read(R"({"name":"T","profile":"telegram","settings":{"bot_token":"12345:ABC/+d","chat_id":"7"},)"
                        R"("headers":{"X-Key":"Bearer sEcReT-key-1","Accept":"application/json","X-V":"1"},)"
                        R"("signing":{"secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}})");
  const auto masked = [&one](std::string_view text) { return mask_secrets(text, one.destination); };
  EXPECT_EQ(masked("https://api.telegram.org/bot12345:ABC/%2Bd/x?chat=7"), "https://api.telegram.org/bot***/x?chat=7");
  EXPECT_EQ(masked("12345:ABC/+d 12345%3AABC%2F%2Bd"), "*** ***");
  EXPECT_EQ(masked("key sEcReT-key-1 was wrong: Bearer sEcReT-key-1"), "key *** was wrong: ***");
  EXPECT_EQ(masked("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "***");
  EXPECT_EQ(masked("application/json version 1"), "application/json version 1");
  EXPECT_EQ(masked(""), "");
  // A key that stands in the URL as it was copied from an account.
  const Read copied =
      read(patched(R"({"url":"https://d.example/p?apiKey=0a1b2c3d4e&c={external_id}&token={sub1}&n=12345678"})"));
  EXPECT_EQ(mask_secrets(copied.destination.url.text(), copied.destination),
            "https://d.example/p?apiKey=***&c={external_id}&token={sub1}&n=12345678");
  // A part of the path that looks like one, as in the URLs of webhooks; not what the catalog or a profile put there.
  for (const auto& [url, shown] :
       {std::pair{"https://h.example/services/T0123ABCD/B0456EFGH/abcXYZabcXYZabcXYZabcXYZ",
                  "https://h.example/services/***/***/***"},
        {"https://h.example/0f8fad5b-d9cb-469f-a165-70867728950e?n=12345678", "https://h.example/***?n=12345678"},
        {"https://h.example/api/v2/conversions/{external_id}/4",
         "https://h.example/api/v2/conversions/{external_id}/4"},
        {"https://h.example/x-{sub1}-12345678", "https://h.example/x-{sub1}-12345678"},
        {"https://h123456789.example", "https://h123456789.example"}}) {
    const Read hook = read(patched(R"({"url":")" + std::string(url) + R"("})"));
    EXPECT_EQ(mask_secrets(hook.destination.url.text(), hook.destination), shown);
  }
  const Read meta = read(
      R"({"name":"M","profile":"meta_conversions_api","settings":{"pixel_id":"1234567890","access_token":"EAAB-1234",)"
      R"("event_source_url":"https://shop.example/"}})");
  EXPECT_EQ(mask_secrets("1234567890 EAAB-1234", meta.destination), "1234567890 ***");
  // In a body likewise.
  for (const auto* const body : {R"("api_key=0a1b2c3d4e&tx={txid}","body_type":"form")",
                                 R"({"auth":{"access_token":"0a1b2c3d4e"},"tx":"{txid}"})"}) {
    const Read written = read(patched(R"({"method":"POST","body":)" + std::string(body) + "}"));
    EXPECT_EQ(mask_secrets("0a1b2c3d4e 12345678", written.destination), "*** 12345678") << body;
  }
}

TEST(DestinationDocument, MasksSecretsAsOthersWriteThem) {
  const Read one = read(patched(R"({"url":"https://d.example/p?token=abc%2Bdef%2Fghi%3D%3D&c={external_id}",)"
                                R"("headers":{"Authorization":"Bearer aGVsbG8/d29ybGQ+MTIz"}})"));
  const auto masked = [&one](std::string_view text) { return mask_secrets(text, one.destination); };
  EXPECT_EQ(masked(R"({"Authorization":"Bearer aGVsbG8\/d29ybGQ+MTIz"})"), R"({"Authorization":"***"})");
  EXPECT_EQ(masked("token=abc%2Bdef%2Fghi%3D%3D"), "token=***");
  EXPECT_EQ(masked("token: abc+def/ghi=="), "token: ***");
  EXPECT_EQ(masked(R"("token":"abc+def\/ghi==")"), R"("token":"***")");
  const Read form = read(patched(R"({"method":"POST","body":"api_key=0a%201b+2c3d&tx={txid}","body_type":"form"})"));
  EXPECT_EQ(mask_secrets("0a 1b 2c3d", form.destination), "***") << "a plus of a form is a space";
}

TEST(DestinationDocument, SettingsHaveTheirModifiersApplied) {
  const std::string telegram =
      R"({"name":"T","profile":"telegram","settings":{"bot_token":"12345:ABC","chat_id":"{sub1}"},)"
      R"("headers":{"X-Hash":"{setting.bot_token|lower|sha256}","X-Chat":"{setting.chat_id}"}})";
  const Read one = read(telegram);
  ASSERT_EQ(one.destination.headers.size(), 2U);
  for (const auto& [name, text] : one.destination.headers) {
    if (name == "X-Chat") {
      EXPECT_EQ(text.text(), "{sub1}");
    }
    if (name != "X-Hash") continue;
    EXPECT_EQ(text.text(), "7a08b9354a4cc58c916ee701d1c8709ced5fd644dcc24222bc159064ea330cf5") << "of 12345:abc";
    EXPECT_EQ(mask_secrets(text.text(), one.destination), "***") << "made of a secret";
  }
}

TEST(DestinationDocument, ExpectedAnswers) {
  const Read one = read(patched(R"({"expect":{"status":["200","202-204","3xx"],"body":"OK"}})"));
  EXPECT_EQ(one.destination.expect.statuses, (std::vector<std::pair<int, int>>{{200, 200}, {202, 204}, {300, 399}}));
  EXPECT_EQ(one.destination.expect.body, "OK");
  EXPECT_EQ(one.canonical["expect"], nlohmann::json::parse(R"({"status":["200","202-204","3xx"],"body":"OK"})"));
}

TEST(DestinationDocument, SharesAreExactText) {
  const Read one = read(patched(R"({"send_percent":"37.500000","payout_percent":"0.000001"})"));
  EXPECT_EQ(one.destination.send, 37'500'000);
  EXPECT_EQ(one.destination.share, 1);
  EXPECT_EQ(one.canonical["send_percent"], "37.5");
  EXPECT_EQ(one.canonical["payout_percent"], "0.000001");
  EXPECT_EQ(read(patched(R"({"send_percent":"0"})")).canonical["send_percent"], "0");
  EXPECT_EQ(read(patched(R"({"send_percent":"10"})")).canonical["send_percent"], "10");
}

TEST(DestinationDocument, KnowsWhetherItReadsThePostback) {
  EXPECT_TRUE(uses_postback(read(patched(R"({"url":"https://crm.example/?e={postback.email}"})")).destination));
  EXPECT_TRUE(uses_postback(read(patched(R"({"headers":{"X-E":"{postback.email}"}})")).destination));
  EXPECT_TRUE(uses_postback(read(patched(R"({"body":{"e":"{postback.email}"}})")).destination));
  EXPECT_TRUE(uses_postback(
      read(patched(R"({"when":{"any":[{"none":[{"field":"postback.geo","op":"is","value":"x"}]}]}})")).destination));
  EXPECT_FALSE(uses_postback(
      read(patched(R"({"when":{"any":[{"none":[{"field":"query.geo","op":"is","value":"x"}]}]}})")).destination));
}

// Changes of the catalog.

struct FixedEntropy final : Entropy {
  void fill(std::span<std::uint8_t> bytes) override { std::fill(bytes.begin(), bytes.end(), ++next); }
  std::uint8_t next = 0;
};

std::variant<CatalogChange, Faults> edit(const Catalog& catalog, EntityKind kind, const std::string& id,
                                         const std::string& json, FixedEntropy& entropy, bool archived = false) {
  EntityEdit change;
  change.kind = kind;
  change.id = id;
  change.object = nlohmann::json::parse(json);
  change.archived = archived;
  return change_catalog(catalog, std::span(&change, 1), Unchanged::left_out, TimeMs{}, entropy);
}

TEST(DestinationDocument, WhatAScopeNamesCannotBeArchived) {
  FixedEntropy entropy;
  const auto catalog =
      catalog_of(with_destination(patched(R"({"scope":{"networks":["acme"],"campaigns":["summer"]}})")));
  const auto refused = edit(*catalog, EntityKind::campaign, "summer", "{}", entropy, true);
  ASSERT_TRUE(std::holds_alternative<Faults>(refused));
  EXPECT_TRUE(has_fault(std::get<Faults>(refused), "destinations/crm: scope.campaigns[0]", "\"summer\" is archived"))
      << joined(std::get<Faults>(refused));
  // Once the destination is archived itself, nothing stands in the way.
  auto archived = edit(*catalog, EntityKind::destination, "crm", "{}", entropy, true);
  ASSERT_TRUE(std::holds_alternative<CatalogChange>(archived));
  const auto next = std::get<CatalogChange>(archived).next;
  EXPECT_TRUE(next->destinations(Trigger::conversion).empty());
  EXPECT_NE(next->destination("crm"), nullptr);
  EXPECT_TRUE(std::holds_alternative<CatalogChange>(edit(*next, EntityKind::campaign, "summer", "{}", entropy, true)));
}

TEST(DestinationDocument, UnchangedOnesAreTakenOver) {
  FixedEntropy entropy;
  const auto catalog = catalog_of(with_destination(patched(R"({"scope":{"campaigns":["summer"]}})")));
  const auto campaign = patched(R"({"name":"Summer 2"})", catalog->document(EntityKind::campaign, "summer")->json);
  const auto changed = edit(*catalog, EntityKind::campaign, "summer", campaign, entropy);
  ASSERT_TRUE(std::holds_alternative<CatalogChange>(changed));
  EXPECT_EQ(std::get<CatalogChange>(changed).next->destination("crm"), catalog->destination("crm"));
}

TEST(DestinationDocument, ModifiersThatDoNotGoWithASettingAreRefusedAndLoad) {
  FixedEntropy entropy;
  const std::string start =
      R"({"name":"T","profile":"telegram","settings":{"bot_token":"12345:ABC","chat_id":"{sub1}"},)";
  for (const auto& [rest, field] : {std::pair{R"("headers":{"X-A":"{setting.bot_token|bogus}"}})", "headers.X-A"},
                                    {R"("url":"https://d.example/?a={setting.bot_token|sha265}"})", "url"},
                                    {R"("body":{"a":["{setting.bot_token|number}"]}})", "body.a[0]"},
                                    {R"("body":{"a":"{setting.chat_id|lower}"}})", "body.a"},
                                    {R"("body":{"a":"{setting.text|lower}"}})", "body.a"}}) {
    const auto refused = edit(*example_catalog(), EntityKind::destination, "crm", start + rest, entropy);
    ASSERT_TRUE(std::holds_alternative<Faults>(refused)) << rest;
    EXPECT_TRUE(has_fault(std::get<Faults>(refused), std::string("destinations/crm: ") + field, "setting."))
        << joined(std::get<Faults>(refused));
    EXPECT_EQ(read(start + rest).destination.id, "crm") << "one that is stored";
  }
}

TEST(DestinationDocument, AFeedGetsATokenAndKeepsIt) {
  FixedEntropy entropy;
  const std::string document = R"({"name":"G","profile":"google_ads_offline","settings":{"conversion_name":"Sale"}})";
  auto made = edit(*example_catalog(), EntityKind::destination, "g", document, entropy);
  ASSERT_TRUE(std::holds_alternative<CatalogChange>(made)) << joined(std::get<Faults>(made));
  const auto next = std::get<CatalogChange>(made).next;
  const std::string token = next->destination("g")->feed_token;
  EXPECT_EQ(token.size(), 32U);
  EXPECT_EQ(mask_secrets("t=" + token, *next->destination("g")), "t=***");
  auto again = edit(*next, EntityKind::destination, "g", patched(R"({"state":"paused"})", document), entropy);
  ASSERT_TRUE(std::holds_alternative<CatalogChange>(again));
  EXPECT_EQ(std::get<CatalogChange>(again).next->destination("g")->feed_token, token);
  auto given =
      edit(*next, EntityKind::destination, "g", patched(R"({"feed_token":"my-own-token"})", document), entropy);
  ASSERT_TRUE(std::holds_alternative<CatalogChange>(given));
  EXPECT_EQ(std::get<CatalogChange>(given).next->destination("g")->feed_token, "my-own-token");
}

TEST(DestinationDocument, ASignedProfileGetsASecretAndKeepsIt) {
  FixedEntropy entropy;
  const std::string document = R"({"name":"W","profile":"crm_webhook","url":"https://crm.example/hook"})";
  auto made = edit(*example_catalog(), EntityKind::destination, "w", document, entropy);
  ASSERT_TRUE(std::holds_alternative<CatalogChange>(made)) << joined(std::get<Faults>(made));
  const auto next = std::get<CatalogChange>(made).next;
  ASSERT_EQ(next->destination("w")->signing_secrets.size(), 1U);
  EXPECT_EQ(next->destination("w")->signing_secrets[0], std::string(32, '\x01'));
  auto again = edit(*next, EntityKind::destination, "w", patched(R"({"timeout_s":5})", document), entropy);
  EXPECT_EQ(std::get<CatalogChange>(again).next->destination("w")->signing_secrets,
            next->destination("w")->signing_secrets);
  auto none = edit(*next, EntityKind::destination, "w",
                   R"({"name":"W","profile":"crm_webhook","url":"https://crm.example/hook","signing":null})", entropy);
  EXPECT_TRUE(std::get<CatalogChange>(none).next->destination("w")->signing_secrets.empty());
}

}  // namespace
}  // namespace postback

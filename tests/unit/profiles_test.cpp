// Profiles: the table that is built in, and what is wrong with a faulty one.
#include "postback/domain/profiles.hpp"

#include "domain/profile_text.hpp"
#include "postback/base/strict_json.hpp"
#include "support/example_catalog.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

/// The faults of a text that is expected to be refused.
Faults profile_faults(const Json& document) {
  auto parsed = Profiles::parse(document.dump());
  return std::holds_alternative<Faults>(parsed) ? std::get<Faults>(std::move(parsed)) : Faults{};
}

Json small_document() {
  return Json::parse(R"({"networks":[{"id":"n","name":"N","link":{"param":"s"},"tokens":{"click_id":"{s}"},
      "confidence":"memory","tier":"memory"}],
      "sources":[{"id":"s","name":"S","external_id":{"params":["c"],"macro":"{c}"},"confidence":"sourced",
      "tier":"vendor","source":"https://s.example/help"}]})");
}

TEST(Profiles, ThoseBuiltInAreAllThere) {
  const auto parsed = Profiles::parse(profiles_json());
  ASSERT_TRUE(std::holds_alternative<Profiles>(parsed)) << joined(std::get<Faults>(parsed));
  EXPECT_EQ(built_in_profiles().networks().size(), 100U);
  EXPECT_EQ(built_in_profiles().sources().size(), 71U);
  for (const auto& profile : built_in_profiles().networks()) {
    EXPECT_EQ(built_in_profiles().network(profile.id), &profile);
    EXPECT_EQ(caution(profile.origin).empty(), profile.origin.is_confirmed()) << profile.id;
  }
  for (const auto& profile : built_in_profiles().sources()) EXPECT_EQ(built_in_profiles().source(profile.id), &profile);
  EXPECT_EQ(built_in_profiles().network("generic"), nullptr);
  EXPECT_EQ(built_in_profiles().network("taboola"), nullptr);
}

TEST(Profiles, HoldTheFacts) {
  const auto* tune = built_in_profiles().network("tune");
  ASSERT_NE(tune, nullptr);
  EXPECT_EQ(tune->click_param, "aff_click_id");
  EXPECT_EQ(tune->tokens[static_cast<std::size_t>(PostbackField::txid)], "{transaction_id}");
  EXPECT_NE(caution(tune->origin).find("tokens.currency"), std::string::npos);
  EXPECT_TRUE(built_in_profiles().network("impact")->answer.always_200);
  EXPECT_EQ(built_in_profiles().network("terraleads")->answer.body, "OK");
  EXPECT_EQ(built_in_profiles().network("gambling_pro")->event_words.at("first_dep"), "ftd");
  EXPECT_EQ(built_in_profiles().network("bongacash")->status_words.at("rebill").event, "rebill");
  EXPECT_EQ(built_in_profiles().network("travelpayouts")->link_style, LinkStyle::suffix);
  EXPECT_NE(caution(built_in_profiles().network("amazon")->origin).find("no page"), std::string::npos);
  EXPECT_NE(caution(built_in_profiles().network("ytz")->origin).find("presets"), std::string::npos);
  EXPECT_EQ(caution(built_in_profiles().network("cake")->origin), "");
  const auto* google = built_in_profiles().source("google_ads");
  ASSERT_NE(google, nullptr);
  EXPECT_EQ(google->external_id, (std::vector<std::string>{"gclid", "gbraid", "wbraid"}));
  EXPECT_EQ(google->subs.front().macro, "{campaignid}");
}

TEST(Profiles, RefuseWhatTheyDoNotKnow) {
  EXPECT_TRUE(profile_faults(small_document()).empty()) << joined(profile_faults(small_document()));
  struct Row {
    const char* patch;
    const char* field;
    const char* text;
  };
  const Row rows[] = {
      {R"([{"op":"add","path":"/netwrks","value":[]}])", "netwrks", "did you mean \"networks\"?"},
      {R"([{"op":"add","path":"/networks/0/click_parm","value":"s"}])", "networks[0].click_parm", "not a known field"},
      {R"([{"op":"add","path":"/networks/0/tokens/payot","value":"{p}"}])", "networks[0].tokens.payot", "payout"},
      {R"([{"op":"add","path":"/networks/0/link/style","value":"path"}])", "networks[0].link.form", "{clickid}"},
      {R"([{"op":"add","path":"/networks/0/status_words","value":{"x":"good"}}])", "networks[0].status_words.x", ""},
      {R"([{"op":"add","path":"/networks/0/event_words","value":{"x":"a b"}}])", "networks[0].event_words.x", ""},
      {R"([{"op":"add","path":"/networks/0/status_urls","value":["paid"]}])", "networks[0].status_urls", "paid"},
      {R"([{"op":"add","path":"/networks/0/method","value":["PUT"]}])", "networks[0].method", "GET"},
      {R"([{"op":"remove","path":"/networks/0/tier"}])", "networks[0].confidence", "missing"},
      {R"([{"op":"replace","path":"/networks/0/id","value":"generic"}])", "networks[0].id", "generic"},
      {R"([{"op":"replace","path":"/networks/0/id","value":"s"}])", "id", "twice"},
      {R"([{"op":"remove","path":"/sources/0/source"}])", "sources[0].source", "URL"},
      {R"([{"op":"add","path":"/sources/0/subs","value":[{"param":"c","macro":"{x}"}]}])", "sources[0].subs", "two"},
      {R"([{"op":"add","path":"/sources/0/subs","value":[{"param":"d"}]}])", "sources[0].subs[0].macro", "missing"},
      {R"([{"op":"add","path":"/sources/0/postback","value":{"uri":"x"}}])", "sources[0].postback.uri", "url"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.patch);
    const auto faults = profile_faults(small_document().patch(Json::parse(row.patch)));
    EXPECT_TRUE(has_fault(faults, row.field, row.text)) << joined(faults);
  }
  EXPECT_TRUE(std::holds_alternative<Faults>(Profiles::parse("{")));
}

}  // namespace
}  // namespace postback

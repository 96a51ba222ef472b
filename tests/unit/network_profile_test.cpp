// What a network document takes from its profile, what it overrides, and how an offer's URL must look for it.
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

std::shared_ptr<const Catalog> with_network(const std::string& patch) {
  return catalog_of(patched_example(EntityKind::network, patch));
}

std::string token_of(const std::string& patch, PostbackField field) {
  return with_network(patch)->network("acme")->tokens[static_cast<std::size_t>(field)];
}

TEST(NetworkProfile, GivesWhatTheDocumentLeavesOut) {
  const auto catalog = with_network(R"({"profile":"idevaffiliate","click_param":null,"currency":null})");
  const auto& network = *catalog->network("acme");
  EXPECT_EQ(network.profile, "idevaffiliate");
  EXPECT_EQ(network.click_param, "tid1");
  const auto& names = network.names[static_cast<std::size_t>(PostbackField::txid)];
  EXPECT_EQ(names, (std::vector<std::string>{"order_number", "txid"}));
  EXPECT_TRUE(with_network(R"({"profile":"impact"})")->network("acme")->answer.always_200);
  EXPECT_TRUE(with_network(R"({"profile":"acornads"})")->network("acme")->fixed_payout);
  EXPECT_FALSE(with_network(R"({"profile":"acornads","payout":"auto"})")->network("acme")->fixed_payout);
  EXPECT_EQ(with_network(R"({"profile":"salesdoubler","currency":null})")->network("acme")->currency, "UAH");
  EXPECT_EQ(with_network(R"({"profile":"salesdoubler"})")->network("acme")->currency, "USD");
}

TEST(NetworkProfile, YieldsToTheDocument) {
  const auto words =
      with_network(R"({"profile":"bongacash","status_words":{"initial":"approved"},"event_words":{"Reg":"signup"}})");
  const auto& network = *words->network("acme");
  EXPECT_EQ(network.status_words.at("initial").status, ConversionStatus::approved);
  EXPECT_EQ(network.status_words.at("rebill").event, "rebill");
  EXPECT_EQ(network.event_words.at("reg"), "signup");
  const auto names = with_network(R"({"profile":"idevaffiliate","params":{"payout":"order_number","txid":"id"}})");
  EXPECT_EQ(names->network("acme")->names[static_cast<std::size_t>(PostbackField::txid)],
            (std::vector<std::string>{"id", "txid"}));
}

TEST(NetworkProfile, WritesTheTokensOfAnotherParameter) {
  struct Row {
    const char* patch;
    const char* token;
  };
  const Row rows[] = {
      {R"({"profile":"tune","click_param":null})", "{aff_click_id}"},
      {R"({"profile":"tune","click_param":"aff_sub2"})", "{aff_sub2}"},
      {R"({"profile":"cake","click_param":"s3"})", "#s3#"},
      {R"({"profile":"impact","click_param":"subId2"})", ""},
      {R"({"profile":"impact","click_param":"subId2","tokens":{"click_id":"{SubId2}"}})", "{SubId2}"},
      {R"({"profile":"seven_offers","click_param":null,"token_syntax":"{name}"})", "{subid}"},
      {R"({"profile":"generic","token_syntax":"[name]"})", "[sub1]"},
      {R"({"profile":"generic"})", ""},
      {R"({"profile":"rakuten","click_param":null,"token_syntax":"[name]"})", "[u1]"},
  };
  for (const auto& row : rows) EXPECT_EQ(token_of(row.patch, PostbackField::click_id), row.token) << row.patch;
  EXPECT_EQ(token_of(R"({"profile":"seven_offers","token_syntax":"<name>"})", PostbackField::status),
            "<action_status>");
  EXPECT_EQ(token_of(R"({"tokens":{"payout":"{p}"}})", PostbackField::payout), "{p}");
}

TEST(NetworkProfile, FaultsNameWhatIsRight) {
  const auto faults = [](const char* patch) { return faults_of(patched_example(EntityKind::network, patch)); };
  EXPECT_TRUE(has_fault(faults(R"({"profile":"everflo"})"), "networks/acme: profile", "did you mean \"everflow\"?"));
  EXPECT_TRUE(has_fault(faults(R"({"profile":"taboola"})"), "networks/acme: profile", "of a traffic source"));
  EXPECT_TRUE(has_fault(faults(R"({"token_syntax":"{}"})"), "networks/acme: token_syntax", "\"{name}\""));
  EXPECT_TRUE(has_fault(faults(R"({"tokens":{"click_id":"{a}&b"}})"), "networks/acme: tokens.click_id", "&"));
  EXPECT_TRUE(has_fault(faults(R"({"tokens":{"token":"{a}"}})"), "networks/acme: tokens.token", "not a known field"));
  EXPECT_TRUE(has_fault(faults(R"({"event_words":{"x":""}})"), "networks/acme: event_words.x", "missing"));
}

TEST(NetworkProfile, TranslatesEvents) {
  const auto catalog = with_network(R"({"event_words":{"first_dep":"ftd"}})");
  const auto event_of = [&](const std::string& event, const std::string& path) {
    const std::string query = "token=T0KEN-acme&click_id=" + to_string(sample_click()) + "&event=" + event;
    Postback postback;
    postback.method = "GET";
    postback.query = query;
    postback.network = "acme";
    postback.event = path;
    postback.arrival = FakeClock::kStart;
    return read(postback, catalog, sample_keys()).event;
  };
  EXPECT_EQ(event_of("First_Dep", ""), "ftd");
  EXPECT_EQ(event_of("", "first_dep"), "ftd");
  EXPECT_EQ(event_of("deposit", ""), "deposit");
}

TEST(NetworkProfile, SaysHowAnOffersUrlMustLook) {
  struct Row {
    const char* profile;
    const char* url;
    const char* expected;  ///< In the fault; empty: it is right.
  };
  const Row rows[] = {
      {"travelpayouts", "https://o.example/?marker=1234", "set marker=1234.{clickid}"},
      {"travelpayouts", "https://o.example/", "marker=YOUR_PARTNER_ID.{clickid}"},
      {"travelpayouts", "https://o.example/?marker=1234.{clickid}", ""},
      {"partnerize", "https://o.example/click/camref:1/destination:x", "/pubref:{clickid}/"},
      {"partnerize", "https://o.example/click/camref:1/pubref:{clickid}/destination:x", ""},
      {"actionpay", "https://o.example/go/1", "/{clickid}"},
      {"posh_partners", "https://o.example/?promo=foo=bar", "set promo={clickid}|foo=bar"},
      {"posh_partners", "https://o.example/?promo={clickid}|foo=bar", ""},
      {"posh_partners", "https://o.example/", ""},
      {"monetizer", "https://o.example/", "set the network's click_param"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.url);
    auto documents =
        patched_example(EntityKind::network, std::string(R"({"click_param":null,"profile":")") + row.profile + "\"}");
    for (auto& document : documents) {
      if (document.kind == EntityKind::offer)
        document.json = std::string(R"({"name":"O","network":"acme","url":")") + row.url + "\"}";
    }
    const auto faults = faults_of(documents);
    if (*row.expected == '\0')
      EXPECT_TRUE(faults.empty()) << joined(faults);
    else
      EXPECT_TRUE(has_fault(faults, "offers/vpn: url", row.expected)) << joined(faults);
  }
}

}  // namespace
}  // namespace postback

// Shapes of other trackers' postback URLs: names, status words, and the network by the click's offer.
#include "postback/domain/postback_shape.hpp"

#include "support/incoming_request.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace postback {
namespace {

/// The sample's catalog with networks whose URLs were moved: `moved` accepts the key e89bcbe and the token of its own,
/// `also` the same key; both have an offer of their name.
std::shared_ptr<const Catalog> moved_catalog() {
  static const auto catalog = [] {
    auto documents = example_documents();
    const auto network = [&documents](const std::string& id, const std::string& more) {
      documents.push_back(document_of(EntityKind::network, id,
                                      R"({"name":"N","click_param":"s","token":"T0KEN-)" + id + "\"," + more + "}"));
      documents.push_back(
          document_of(EntityKind::offer, id,
                      R"({"name":"O","network":")" + id +
                          R"(","url":"https://o.example/?s={clickid}","payout":"1.00","currency":"USD"})"));
    };
    network("moved", R"("security":{"tokens":["e89bcbe"]},"status_words":{"billed":"approved"},)"
                     R"("params":{"click_id":"aff_sub","txid":"order"})");
    network("also", R"("security":{"tokens":["e89bcbe"]})");
    network("open", R"("security":{"token":false})");
    network("signing", R"("security":{"token":false,"hmac":{"secrets":["first-secret"]}})");
    network("encrypted", R"("security":{"tokens":["e89bcbe"],"https_only":true})");
    return catalog_of(std::move(documents));
  }();
  return catalog;
}

ClickFacts click_to(std::string_view offer) {
  ClickFacts click;
  click.id = sample_click().high;
  click.offer = moved_catalog()->document(EntityKind::offer, offer)->number;
  return click;
}

ClickFacts click_led_to(const std::vector<std::string>& offers) {
  ClickFacts click = click_to(offers.front());
  for (const auto& offer : offers) click.offers.push_back(click_to(offer).offer);
  return click;
}

/// Numbers of networks of moved_catalog, in order.
std::vector<EntityNumber> numbers_of(const std::vector<std::string>& networks) {
  std::vector<EntityNumber> numbers;
  for (const auto& id : networks) numbers.push_back(moved_catalog()->network(id)->number);
  std::ranges::sort(numbers);
  return numbers;
}

Reading read_moved(std::string target, std::string_view offer) {
  return read_request({.target = std::move(target)}, moved_catalog(), {click_to(offer)});
}

TEST(PostbackShapes, AreToldByPathAndClickParameter) {
  struct Row {
    const char* target;
    std::optional<PostbackShape> shape;
    const char* network = "";
    const char* event = "";
    const char* key = "";
  };
  using enum PostbackShape;
  const std::vector<Row> rows{
      {"/postback/acme?cid=1", own, "acme"},
      {"/postback/acme/sale", own, "acme", "sale"},
      {"/postback/postback", own, "postback"},
      {"/postback?cid=1", voluum},
      {"/postback?payout=1&CID=1", voluum},
      {"/postback/?cid=1", voluum},
      {"/postback?cid=1&click_id=2", voluum},
      {"/postback?click_id=1", generic},
      {"/postback?subid=1", own},
      {"/postback", own},
      {"/e89bcbe/postback?subid=1", keitaro, "", "", "e89bcbe"},
      {"/a%20b/postback", keitaro, "", "", "a b"},
      {"/e89bcbe/%70ostback", keitaro, "", "", "e89bcbe"},
      {"/click.php?cnv_id=1", binom},
      {"/%63lick.php", binom},
      {"/click.php/x", std::nullopt},
      {"//postback", std::nullopt},
      {"/x/postback/y", std::nullopt},
      {"/x%2fpostback", std::nullopt},
      {"/x", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.target);
    Postback request;
    request.target = row.target;
    const auto mark = request.target.find('?');
    if (mark != std::string_view::npos) request.query = request.target.substr(mark + 1);
    const auto url = read_postback_url(request);
    ASSERT_EQ(url.has_value(), row.shape.has_value());
    if (!url) continue;
    EXPECT_EQ(to_string(url->shape), to_string(*row.shape));
    EXPECT_EQ(url->network, row.network);
    EXPECT_EQ(url->event, row.event);
    EXPECT_EQ(url->key, row.key);
  }
}

TEST(PostbackShapes, TakeTheirNamesFromTheTrackerAndTheNetworkFromTheClick) {
  struct Row {
    const char* target;
    const char* event;
    const char* txid;
    const char* currency;
    ConversionStatus status = ConversionStatus::approved;
    const char* reason = "";
  };
  const std::vector<Row> rows{
      {"/postback?token=T0KEN-moved&cid=$ID&payout=2&txid=A1&currency=EUR&et=install", "install", "A1", "EUR"},
      {"/e89bcbe/postback?subid=$ID&payout=2&tid=A1&currency=eur", "conversion", "A1", "EUR"},
      {"/e89bcbe/postback?subid=$ID&revenue=2&tid=A1&currency=EUR&status=rebill", "rebill", "A1", "EUR"},
      {"/click.php?token=T0KEN-moved&cnv_id=$ID&payout=2&cnv_currency=EUR&cnv_status=reject&cnv_status2=fraud",
       "conversion", "", "EUR", ConversionStatus::rejected, "fraud"},
      {"/postback?token=T0KEN-moved&click_id=$ID&payout=2&currency=EUR&order=A1", "conversion", "A1", "EUR"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.target);
    const auto reading = read_moved(row.target, "moved");
    ASSERT_FALSE(reading.refusal) << reading.refusal->message << reading.refusal->evidence;
    ASSERT_NE(reading.network, nullptr);
    EXPECT_EQ(reading.network->id, "moved");
    EXPECT_EQ(reading.authentication, Authentication::token);
    EXPECT_EQ(reading.click_id.high, sample_click().high);
    EXPECT_EQ(reading.event, row.event);
    EXPECT_EQ(reading.txid, row.txid);
    EXPECT_EQ(reading.payout, Micros{2'000'000});
    EXPECT_EQ(reading.currency, row.currency);
    EXPECT_EQ(reading.status, row.status);
    EXPECT_EQ(reading.reason, row.reason);
    EXPECT_EQ(reading.logged_target.find("e89bcbe"), std::string::npos) << "the key is a secret";
    EXPECT_EQ(joined(reading.warnings), "");
  }
}

TEST(PostbackShapes, KeitarosListsComeBeforeItsOwnWords) {
  struct Row {
    const char* query;
    ConversionStatus status;
    const char* event = "conversion";
    bool unknown = false;
  };
  using enum ConversionStatus;
  const std::vector<Row> rows{
      {"", approved},
      {"&status=sale", approved},
      {"&status=LEAD", pending},
      {"&status=rejected", rejected},
      {"&status=rebill", approved, "rebill"},
      {"&status=lead&lead_status=hold&sale_status=lead&rejected_status=reject", approved},
      {"&status=hold&lead_status=new,+hold&sale_status=lead", pending},
      {"&status=Reject&rejected_status=reject,trash", rejected},
      {"&status=again&rebill_status=again", approved, "rebill"},
      {"&status=billed", approved},
      {"&status=refund", rejected},
      {"&status=glorious", pending, "conversion", true},
      {"&status=glorious&sale_status=glor", pending, "conversion", true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.query);
    const auto reading = read_moved(std::string("/e89bcbe/postback?subid=$ID") + row.query, "moved");
    ASSERT_FALSE(reading.refusal);
    EXPECT_EQ(reading.status, row.status);
    EXPECT_EQ(reading.event, row.event);
    EXPECT_EQ(reading.status_unknown, row.unknown);
  }
}

TEST(PostbackShapes, KeitarosIgnoredStatusIsLeftAside) {
  const auto reading = read_moved("/e89bcbe/postback?subid=$ID&status=Ping&ignore_status=test,ping", "moved");
  ASSERT_TRUE(reading.refusal);
  EXPECT_EQ(reading.refusal->code, VerdictCode::ignored_by_rule);
  EXPECT_EQ(reading.refusal->result, VerdictResult::accepted);
  EXPECT_EQ(reading.refusal->http(), 200);
  EXPECT_FALSE(read_moved("/e89bcbe/postback?subid=$ID&status=sale&ignore_status=ping", "moved").refusal);
}

TEST(PostbackShapes, AuthenticateAsTheClicksNetworkDoes) {
  struct Row {
    const char* what;
    const char* target;
    const char* offer;
    std::optional<VerdictCode> code;
    const char* fix = "";
    Authentication authentication = Authentication::none;
  };
  const std::vector<Row> rows{
      {"no token", "/postback?cid=$ID", "moved", VerdictCode::token_missing, "Add `token`"},
      {"no token needed", "/postback?cid=$ID", "open", std::nullopt, "", Authentication::open},
      {"its own token", "/postback?cid=$ID&token=T0KEN-moved", "moved", std::nullopt, "", Authentication::token},
      {"another network's token", "/postback?cid=$ID&token=T0KEN-also", "moved", VerdictCode::token_wrong, "Add"},
      {"wrong key", "/0000000/postback?subid=$ID", "moved", VerdictCode::token_wrong, "`tokens` in the security"},
      {"the network's own token as key", "/T0KEN-moved/postback?subid=$ID", "moved", std::nullopt, "",
       Authentication::token},
      {"a token beside a wrong key", "/0000000/postback?subid=$ID&token=T0KEN-moved", "moved", std::nullopt, "",
       Authentication::token},
      {"the shared key, another offer", "/e89bcbe/postback?subid=$ID", "also", std::nullopt, "", Authentication::token},
      {"key of others", "/e89bcbe/postback?subid=$ID", "vpn", VerdictCode::token_wrong, "acme"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto reading = read_moved(row.target, row.offer);
    EXPECT_EQ(reading.authentication, row.authentication);
    ASSERT_EQ(reading.refusal.has_value(), row.code.has_value());
    if (!row.code) continue;
    EXPECT_EQ(to_string(reading.refusal->code), to_string(*row.code));
    EXPECT_NE(reading.refusal->fix.find(row.fix), std::string::npos) << reading.refusal->fix;
    EXPECT_EQ((reading.refusal->evidence + reading.refusal->fix + reading.logged_target).find("T0KEN"),
              std::string::npos);
  }
}

TEST(PostbackShapes, ExplainThemselvesWithoutANetwork) {
  struct Row {
    const char* what;
    const char* target;
    VerdictCode code;
    const char* network;
    const char* evidence;
    const char* fix;
  };
  const std::vector<Row> rows{
      {"no click ID", "/click.php?payout=1", VerdictCode::click_id_missing, "", "`payout`", "Add `cnv_id`"},
      {"empty click ID", "/postback?cid=", VerdictCode::click_id_missing, "", "`cid`", "Add `cid`"},
      {"ID elsewhere", "/click.php?subid=$ID", VerdictCode::click_id_missing, "", "`subid`", "`subid` to `cnv_id`"},
      {"macro", "/e89bcbe/postback?subid={sub1}", VerdictCode::click_id_unreplaced, "", "{sub1}", "replace"},
      {"malformed", "/postback?cid=abc", VerdictCode::click_id_malformed, "", "`abc`", "send back the value"},
      {"forged", "/postback?cid=$FORGED", VerdictCode::click_id_forged, "", "`cid`", "another tracker"},
      {"twice", "/postback?cid=$ID&cid=$OTHER", VerdictCode::parameter_repeated, "", "`cid`", "Leave one"},
      {"no such click", "/postback?cid=$ID", VerdictCode::click_unknown, "", "not in the store",
       "`postbackd_clicks_unrecorded_total`"},
      {"no such click, shared key", "/e89bcbe/postback?subid=$ID", VerdictCode::click_unknown, "", "leaves it to the",
       ""},
      {"macro, but a network's token", "/postback?cid={clickid}&token=T0KEN-moved", VerdictCode::click_id_unreplaced,
       "moved", "{clickid}", "received in s"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto reading = read_request({.target = row.target}, moved_catalog());
    EXPECT_EQ(reading.network == nullptr ? "" : reading.network->id, row.network);
    ASSERT_TRUE(reading.refusal);
    EXPECT_EQ(to_string(reading.refusal->code), to_string(row.code));
    EXPECT_NE(reading.refusal->evidence.find(row.evidence), std::string::npos) << reading.refusal->evidence;
    EXPECT_NE(reading.refusal->fix.find(row.fix), std::string::npos) << reading.refusal->fix;
  }
}

TEST(PostbackShapes, ATokenOfOneNetworkStandsForTheMissingClick) {
  const auto reading = read_request({.target = "/postback?cid=$ID&token=T0KEN-moved"}, moved_catalog());
  ASSERT_NE(reading.network, nullptr);
  EXPECT_EQ(reading.network->id, "moved");
  EXPECT_EQ(reading.authentication, Authentication::token);
  EXPECT_FALSE(reading.refusal) << "judged without the click: it waits for it";
}

TEST(PostbackShapes, OfSeveralNetworksTheTokenTellsWhichOneCalls) {
  struct Row {
    const char* what;
    const char* target;
    std::vector<std::string> offers;  ///< The last one first, the click's own at the end.
    const char* network;
    std::optional<VerdictCode> code{};
  };
  const std::vector<Row> rows{
      {"token of the last", "/postback?cid=$ID&token=T0KEN-also", {"also", "moved"}, "also"},
      {"token of the one before", "/postback?cid=$ID&token=T0KEN-moved", {"also", "moved"}, "moved"},
      {"a key of both", "/e89bcbe/postback?subid=$ID", {"also", "moved"}, "also"},
      {"its own token before what asks for nothing", "/postback?cid=$ID&token=T0KEN-moved", {"open", "moved"}, "moved"},
      {"what asks for nothing", "/postback?cid=$ID", {"moved", "open"}, "open"},
      {"nothing right", "/postback?cid=$ID&token=x", {"also", "moved"}, "also", VerdictCode::token_wrong},
      {"a signature is no token", "/postback?cid=$ID", {"moved", "signing"}, "moved", VerdictCode::token_missing},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto reading = read_request({.target = row.target}, moved_catalog(), {click_led_to(row.offers)});
    ASSERT_NE(reading.network, nullptr);
    EXPECT_EQ(reading.network->id, row.network);
    EXPECT_EQ(reading.refusal ? to_string(reading.refusal->code) : "", row.code ? to_string(*row.code) : "");
  }
}

TEST(PostbackShapes, WaitForTheClickWithWhatTheyProve) {
  struct Row {
    const char* what;
    const char* target;
    bool awaits;
    std::vector<std::string> proved_to{};
  };
  const std::vector<Row> rows{
      {"no token", "/postback?cid=$ID", true},
      {"a token of nobody", "/click.php?cnv_id=$ID&token=nonsense", true},
      {"a key of several", "/e89bcbe/postback?subid=$ID", true, {"moved", "also", "encrypted"}},
      {"the key of several as a parameter",
       "/postback?click_id=$ID&TOKEN=e89bcbe",
       true,
       {"moved", "also", "encrypted"}},
      {"a token under another name", "/postback?cid=$ID&key=e89bcbe", true},
      {"the token of one", "/postback?cid=$ID&token=T0KEN-moved", false},
      {"no ID of ours", "/postback?cid=$FORGED", false},
      {"our own shape", "/postback/nobody?click_id=$ID", false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    auto reading = read_request({.target = row.target}, moved_catalog());
    EXPECT_EQ(reading.awaits_network, row.awaits);
    std::ranges::sort(reading.proved_to);
    EXPECT_EQ(reading.proved_to, numbers_of(row.proved_to));
    EXPECT_EQ(reading.authentication, row.awaits || reading.refusal ? Authentication::none : Authentication::token);
  }
}

TEST(PostbackShapes, AreAuthenticatedWhenTheirClickIsThere) {
  struct Row {
    const char* what;
    const char* target;  ///< As the log has it.
    std::vector<std::string> proved_to;
    const char* offer;
    std::optional<VerdictCode> code{};
    Authentication authentication = Authentication::none;
    const char* fix = "";
    bool secure = false;
  };
  using enum VerdictCode;
  const auto token = Authentication::token;
  const std::vector<std::string> both{"moved", "also"};
  const std::vector<Row> rows{
      {"a key of several, one of them", "/***/postback?subid=$ID", both, "also", {}, token},
      {"a key of several, none of them", "/***/postback?subid=$ID", both, "vpn", token_wrong, {}, "key in its path"},
      {"no token", "/postback?cid=$ID", {}, "moved", token_missing, {}, "Add `token`"},
      {"a token of nobody", "/postback?cid=$ID&token=***", {}, "moved", token_wrong, {}, "Add `token`"},
      {"asks for nothing", "/postback?cid=$ID", {}, "open", {}, Authentication::open},
      {"asks for nothing, though a token came", "/postback?cid=$ID&token=***", {}, "open", {}, Authentication::open},
      {"signs", "/postback?cid=$ID&ts=1&sign=***", {}, "signing", signature_missing, {}, "replay it by its ID"},
      {"plain HTTP", "/***/postback?subid=$ID", {"encrypted"}, "encrypted", https_required, {}, "https://"},
      {"HTTPS", "/***/postback?subid=$ID", {"encrypted"}, "encrypted", {}, token, "", true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto reading =
        read_request({.target = row.target, .secure = row.secure, .proved_to = numbers_of(row.proved_to)},
                     moved_catalog(), {click_to(row.offer)});
    EXPECT_EQ(to_string(reading.authentication), to_string(row.authentication));
    EXPECT_EQ(reading.refusal ? to_string(reading.refusal->code) : "", row.code ? to_string(*row.code) : "");
    if (reading.refusal) {
      EXPECT_NE(reading.refusal->fix.find(row.fix), std::string::npos) << reading.refusal->fix;
    }
  }
}

TEST(PostbackShapes, OfSeveralNetworksTheOneItProvedItselfTo) {
  const IncomingRequest waited{.target = "/***/postback?subid=$ID", .proved_to = numbers_of({"moved"})};
  const auto reading = read_request(waited, moved_catalog(), {click_led_to({"vpn", "moved"})});
  ASSERT_NE(reading.network, nullptr);
  EXPECT_EQ(reading.network->id, "moved");
  EXPECT_FALSE(reading.refusal);
}

TEST(PostbackShapes, TakeTestsAndBodies) {
  EXPECT_EQ(read_moved("/click.php?cnv_id=abc&test=1", "moved").refusal->result, VerdictResult::test);
  IncomingRequest form{.target = "/postback", .method = "POST", .body = "cid=$ID&token=T0KEN-moved&payout=3"};
  const auto reading = read_request(form, moved_catalog(), {click_to("moved")});
  ASSERT_FALSE(reading.refusal);
  EXPECT_EQ(reading.payout, Micros{3'000'000});
}

TEST(PostbackShapes, KeitaroSaysWhatToAnswer) {
  const auto answer = [](PostbackShape shape, std::string_view query) {
    Postback postback;
    postback.shape = shape;
    postback.query = query;
    return wanted_answer(postback);
  };
  EXPECT_EQ(answer(PostbackShape::keitaro, "subid=1&return=OK"), "OK");
  EXPECT_EQ(answer(PostbackShape::keitaro, "return=all%20well"), "all well");
  EXPECT_EQ(answer(PostbackShape::keitaro, "return=" + std::string(500, 'x')).size(), 200U);
  EXPECT_EQ(answer(PostbackShape::keitaro, "subid=1"), "");
  EXPECT_EQ(answer(PostbackShape::voluum, "return=OK"), "");
}

TEST(PostbackShapes, WhatIsWrongWithAnIgnoredPostbackIsSaidFirst) {
  const auto malformed = read_moved("/e89bcbe/postback?subid=$ID?x&status=ping&ignore_status=ping", "moved");
  ASSERT_TRUE(malformed.refusal);
  EXPECT_EQ(to_string(malformed.refusal->code), "click_id_malformed");
  const auto invalid = read_moved("/e89bcbe/postback?subid=$ID&payout=much&status=ping&ignore_status=ping", "moved");
  ASSERT_TRUE(invalid.refusal);
  EXPECT_EQ(to_string(invalid.refusal->code), "payout_invalid");
}

}  // namespace
}  // namespace postback

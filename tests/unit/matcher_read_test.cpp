// read(): network, token, body and parameter names.
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

/// A request that is refused, with words that its evidence and its fix must contain.
struct RefusedRow {
  const char* what;
  SentPostback sent;
  VerdictCode code;
  const char* evidence;
  const char* fix;
};

SentPostback to_network(std::string network, std::string query = "token=$TOKEN&click_id=$ID") {
  SentPostback sent;
  sent.network = std::move(network);
  sent.query = std::move(query);
  return sent;
}
SentPostback with_query(std::string query) { return to_network("acme", std::move(query)); }
SentPostback with_event(std::string event) {
  SentPostback sent = with_query("");
  sent.event = std::move(event);
  return sent;
}
SentPostback post(std::string content_type, std::string body, std::string query = "token=$TOKEN") {
  SentPostback sent = with_query(std::move(query));
  sent.method = "POST";
  sent.content_type = std::move(content_type);
  sent.body = std::move(body);
  return sent;
}
SentPostback too_large(std::string query) {
  SentPostback sent = post("application/json", "", std::move(query));
  sent.body_too_large = true;
  return sent;
}

std::string nested_json(int levels) {
  std::string text;
  for (int i = 0; i < levels; ++i) text += R"({"a":)";
  return text + "1" + std::string(static_cast<std::size_t>(levels), '}');
}

const std::vector<RefusedRow>& refused_rows() {
  static const std::vector<RefusedRow> rows{
      {"unknown network", to_network("nobody"), VerdictCode::network_unknown, "`nobody`", "create the network"},
      {"no network", to_network(""), VerdictCode::network_unknown, "names no network", "create the network"},
      {"near network", to_network("acmee"), VerdictCode::network_unknown, "`acmee`", "/postback/acme`"},
      {"network in capitals", to_network("ACME"), VerdictCode::network_unknown, "`ACME`", "/postback/acme`"},
      {"& instead of ?", to_network("acme&token=$TOKEN&click_id=$ID", ""), VerdictCode::network_unknown,
       "acme&token=***&click_id", "`?` behind the network's name is missing"},
      {"neither ? nor &", to_network("acmetoken=$TOKEN&click_id=$ID", ""), VerdictCode::network_unknown,
       "acmetoken=***", "write `/postback/acme?`"},
      {"encoded ?", to_network("acme?token=$TOKEN", ""), VerdictCode::network_unknown, "***", "percent-encoded"},
      {"token missing", with_query("click_id=$ID"), VerdictCode::token_missing, "No token arrived",
       "Copy the postback URL"},
      {"token empty", with_query("token=&click_id=$ID"), VerdictCode::token_missing, "No token arrived", "`token`"},
      {"token elsewhere", with_query("key=$TOKEN&click_id=$ID"), VerdictCode::token_missing,
       "valid token arrived in `key`", "Rename `key` to `token`"},
      {"token behind &amp;", with_query("click_id=$ID&amp;token=nonsense"), VerdictCode::token_missing, "`amp;token`",
       "`&amp;`"},
      {"token in the path", with_event("sale&token=$TOKEN"), VerdictCode::token_missing, "`sale&token=***`",
       "`?` between path and parameters is missing"},
      {"token in JSON sent as a form", post("application/x-www-form-urlencoded", R"({"token":"$TOKEN"})", ""),
       VerdictCode::token_missing, "looks like JSON", "Content-Type: application/json"},
      {"token wrong", with_query("token=nonsense&click_id=$ID"), VerdictCode::token_wrong, "8 bytes",
       "Copy the postback URL"},
      {"token prefix", with_query("token=T0KEN-acm&click_id=$ID"), VerdictCode::token_wrong, "9 bytes", "Copy"},
      {"token longer", with_query("token=$TOKEN%00&click_id=$ID"), VerdictCode::token_wrong, "11 bytes", "Copy"},
      {"token wrong, right elsewhere", with_query("token=nonsense&key=$TOKEN&click_id=$ID"), VerdictCode::token_wrong,
       "valid token arrived in `key`", "`key`"},
      {"token of another network", with_query("token=GLOBEX-T0KEN&click_id=$ID"), VerdictCode::token_wrong,
       "token of network `globex`", "acme"},
      {"renamed token missing", to_network("globex", "cid=$ID"), VerdictCode::token_missing, "No token", "`key`"},
      {"token in an unreadable body", post("application/json", R"({"token":)", ""), VerdictCode::token_missing,
       "body could not be read", "`token`"},
      {"too large", too_large("token=$TOKEN&click_id=$ID"), VerdictCode::too_large, "limit", "one postback"},
      {"too large, no token", too_large(""), VerdictCode::too_large, "limit", "one postback"},
      {"too large, wrong token", too_large("token=nonsense"), VerdictCode::token_wrong, "8 bytes", "Copy"},
      {"text body", post("text/plain", "click_id=$ID"), VerdictCode::unparseable, "`text/plain`", "application/json"},
      {"multipart", post("multipart/form-data; boundary=x", "--x"), VerdictCode::unparseable, "multipart",
       "application/x-www-form-urlencoded"},
      {"cut JSON", post("application/json", R"({"click_id":"$ID")"), VerdictCode::unparseable, "at byte 40",
       "one JSON object"},
      {"trailing garbage", post("application/json", R"({"a":1} x)"), VerdictCode::unparseable, "at byte 8",
       "one JSON object"},
      {"byte order mark", post("application/json", "\xEF\xBB\xBF{}"), VerdictCode::unparseable, "byte order mark",
       "byte order mark"},
      {"lone surrogate", post("application/json", R"({"a":"\ud800"})"), VerdictCode::unparseable, "surrogate",
       "one JSON object"},
      {"invalid UTF-8", post("application/json", "{\"a\":\"\xFF\"}"), VerdictCode::unparseable, "UTF-8", "UTF-8"},
      {"JSON array", post("application/json", "[]"), VerdictCode::unparseable, "array", "one JSON object"},
      {"JSON number", post("application/json", "1"), VerdictCode::unparseable, "not an object", "one JSON object"},
      {"JSON null", post("application/json", "null"), VerdictCode::unparseable, "not an object", "one JSON object"},
      {"33 levels", post("application/json", nested_json(33)), VerdictCode::unparseable, "deeper than 32", "32 levels"},
      {"10000 levels", post("application/vnd.x+json", nested_json(10000)), VerdictCode::unparseable, "deeper than 32",
       "32 levels"},
      {"endless number", post("application/json", R"({"payout":1e999})"), VerdictCode::unparseable, "number overflow",
       "one JSON object"},
      {"repeated", with_query("token=$TOKEN&click_id=$ID&click_id=$OTHER"), VerdictCode::parameter_repeated,
       "`click_id` arrived as", "Leave one"},
      {"repeated and empty", with_query("token=$TOKEN&click_id=$ID&payout=1&payout="), VerdictCode::parameter_repeated,
       "`1` and as (empty)", "Leave one"},
      {"repeated in the body", post("", "txid=B", "token=$TOKEN&click_id=$ID&txid=A"), VerdictCode::parameter_repeated,
       "`A` and as `B`", "Leave one"},
      {"repeated token", with_query("token=$TOKEN&token=another&click_id=$ID"), VerdictCode::parameter_repeated,
       "`***` and as `***`", "Leave one"},
      {"repeated JSON key", post("application/json", R"({"txid":"A","click_id":"$ID","txid":"B"})"),
       VerdictCode::parameter_repeated, "`A` and as `B`", "Leave one"},
  };
  return rows;
}

TEST(MatcherRead, RefusesWithEvidenceAndFix) {
  for (const auto& row : refused_rows()) {
    SCOPED_TRACE(row.what);
    const Reading reading = read_sent(row.sent);
    ASSERT_TRUE(reading.refusal);
    EXPECT_EQ(reading.refusal->result, VerdictResult::refused);
    EXPECT_EQ(to_string(reading.refusal->code), to_string(row.code));
    EXPECT_NE(reading.refusal->evidence.find(row.evidence), std::string::npos) << reading.refusal->evidence;
    EXPECT_NE(reading.refusal->fix.find(row.fix), std::string::npos) << reading.refusal->fix;
    EXPECT_TRUE(reading.refusal->message.ends_with('.')) << reading.refusal->message;
    const std::string everything = reading.refusal->message + reading.refusal->evidence + reading.refusal->fix +
                                   reading.logged_target + reading.logged_body;
    EXPECT_EQ(everything.find(kExampleToken), std::string::npos) << everything;
    EXPECT_EQ(everything.find("nonsense"), std::string::npos) << everything;
  }
}

TEST(MatcherRead, TestTurnsEveryRefusalIntoATestWithTheSameCode) {
  for (const auto& row : refused_rows()) {
    SCOPED_TRACE(row.what);
    SentPostback sent = row.sent;
    sent.query += (sent.query.empty() ? "test=1" : "&test=1");
    const Reading reading = read_sent(sent);
    ASSERT_TRUE(reading.refusal);
    EXPECT_EQ(reading.refusal->result, VerdictResult::test);
    EXPECT_EQ(to_string(reading.refusal->code), to_string(row.code));
    EXPECT_EQ(reading.refusal->http(), 200);
    EXPECT_NE(reading.refusal->message.find("nothing was recorded"), std::string::npos);
  }
}

struct AcceptedRow {
  const char* what;
  SentPostback sent;
  const char* txid;
  const char* warning;  ///< Part of the warnings; nullptr: there are none.
};

TEST(MatcherRead, ReadsEveryWayOfSending) {
  const std::string json = R"({"click_id":"$ID","txid":"A1","extra":{"deep":[1,{"x":null}]}})";
  const std::vector<AcceptedRow> rows{
      {"query", with_query("token=$TOKEN&click_id=$ID&txid=A1"), "A1", nullptr},
      {"post without body", post("application/json", "", "token=$TOKEN&click_id=$ID&txid=A1"), "A1", nullptr},
      {"form", post("application/x-www-form-urlencoded; charset=utf-8", "click_id=$ID&txid=A1\r\n"), "A1", nullptr},
      {"form without type", post("", "click_id=$ID&txid=A1"), "A1", nullptr},
      {"form with token", post("", "click_id=$ID&txid=A1&token=$TOKEN", ""), "A1", nullptr},
      {"JSON", post("application/json", json), "A1", nullptr},
      {"JSON with suffix", post("Application/Vnd.Acme+JSON; charset=utf-8", json), "A1", nullptr},
      {"JSON with token", post("application/json", R"({"token":"$TOKEN","click_id":"$ID","txid":"A1"})", ""), "A1",
       nullptr},
      {"JSON, 32 levels", post("application/json", nested_json(32), "token=$TOKEN&click_id=$ID&txid=A1"), "A1",
       nullptr},
      {"JSON number as txid", post("application/json", R"({"click_id":"$ID","txid":123456789012345678901234567890})"),
       "123456789012345678901234567890", nullptr},
      {"JSON key twice, equal", post("application/json", R"({"txid":"A1","click_id":"$ID","txid":"A1"})"), "A1",
       nullptr},
      {"equal twice", with_query("token=$TOKEN&click_id=$ID&click_id=$ID&txid=A1&txid=%41%31"), "A1", nullptr},
      {"equal in query and body", post("", "click_id=$ID&txid=A1", "token=$TOKEN&click_id=$ID"), "A1", nullptr},
      {"body of GET is not read",
       [] {
         auto sent = post("text/plain", "x", "token=$TOKEN&click_id=$ID&txid=A1");
         sent.method = "GET";
         return sent;
       }(),
       "A1", nullptr},
      {"own names", to_network("globex", "key=GLOBEX-T0KEN&cid=$ID&txid=A1"), "A1", nullptr},
      {"canonical names stay valid", to_network("globex", "token=GLOBEX-T0KEN&click_id=$ID&txid=A1"), "A1", nullptr},
      {"own name before canonical", to_network("globex", "key=GLOBEX-T0KEN&click_id=theirs&cid=$ID&txid=A1"), "A1",
       "`click_id` as `theirs`, though both mean the same; `cid` counts"},
      {"click ID twice in another case", with_query("token=$TOKEN&click_id=$ID&click_id=$UPPER&txid=A1"), "A1",
       nullptr},
      {"status twice in another case", with_query("token=$TOKEN&click_id=$ID&txid=A1&status=hold&status=HOLD"), "A1",
       nullptr},
      {"reason twice", with_query("token=$TOKEN&click_id=$ID&txid=A1&reason=a&reason=b"), "A1",
       "came as `a` and as `b`; `a` counts"},
      {"a macro and a value", with_query("token=$TOKEN&click_id=$ID&txid={txid}&txid=A1"), "A1", "`A1` counts"},
      {"a value and a macro", with_query("token=$TOKEN&click_id=$ID&txid=A1&txid={txid}"), "A1", "`A1` counts"},
      {"HTML escaping", with_query("token=$TOKEN&click_id=$ID&txid=A1&amp;payout=5"), "A1",
       "`amp;payout` was not read"},
      {"ignored body", post("text/plain", "x", "token=$TOKEN&click_id=$ID&txid=A1"), "A1",
       "only the URL's parameters count"},
      {"text/json", post("text/json", json), "A1", nullptr},
      {"empty own name", to_network("globex", "key=GLOBEX-T0KEN&cid=&click_id=$ID&txid=A1"), "A1", nullptr},
      {"other case", with_query("token=$TOKEN&Click_ID=$ID&TXID=A1"), "A1", "`Click_ID` was read as `click_id`"},
      {"exact beats other case", with_query("token=$TOKEN&TXID=B&click_id=$ID&txid=A1"), "A1", nullptr},
      {"open network", to_network("open", "click_id=$ID&txid=A1"), "A1", nullptr},
      {"zero byte in txid", with_query("token=$TOKEN&click_id=$ID&txid=A%00b"), nullptr, nullptr},
      {"invalid UTF-8", with_query("token=$TOKEN&click_id=$ID&txid=A1&reason=%ff%fe%c0%af"), "A1", nullptr},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const Reading reading = read_sent(row.sent);
    ASSERT_FALSE(reading.refusal) << reading.refusal->message << reading.refusal->evidence;
    EXPECT_EQ(reading.click_id, sample_click());
    EXPECT_EQ(reading.txid, row.txid == nullptr ? std::string("A\0b", 3) : row.txid);
    EXPECT_EQ(reading.event, "conversion");
    const std::string warnings = joined(reading.warnings);
    if (row.warning == nullptr)
      EXPECT_EQ(warnings, "");
    else
      EXPECT_NE(warnings.find(row.warning), std::string::npos) << warnings;
  }
}

TEST(MatcherRead, SaysHowItAuthenticated) {
  EXPECT_EQ(read_query("").authentication, Authentication::token);
  EXPECT_EQ(read_sent(to_network("open", "click_id=$ID")).authentication, Authentication::open);
  EXPECT_EQ(read_sent(with_query("token=nonsense&click_id=$ID")).authentication, Authentication::none);
  EXPECT_EQ(read_sent(with_query("click_id=$ID")).authentication, Authentication::none);
}

TEST(MatcherRead, TestFlag) {
  for (const char* yes : {"1", "true", "TRUE", "yes"}) EXPECT_TRUE(read_query("&test=" + std::string(yes)).test) << yes;
  for (const char* no : {"", "0", "false", "{test}", "2"})
    EXPECT_FALSE(read_query("&test=" + std::string(no)).test) << no;
  EXPECT_TRUE(read_sent(post("application/json", R"({"click_id":"$ID","test":true})")).test);
}

}  // namespace
}  // namespace postback

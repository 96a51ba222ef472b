// Outgoing templates: what each place does to values, what is refused, and that no value can leave its place.
#include "postback/domain/outgoing_template.hpp"

#include "postback/base/strict_json.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postback {
namespace {

/// Values for every token: `v` for all of ours, NAME=`p` in the postback, zone=`q` in the query.
struct Values {
  Parameters postback;
  Parameters query;
  OutgoingValues values;

  explicit Values(std::string_view every = "v") {
    values.values.fill(every);
    values.click.values.fill(every);
    postback.add_copy("Email", "p");
    query.add_copy("zone", "q");
    values.postback = &postback;
    values.click.query = &query;
  }
  Values& with(OutgoingToken token, std::string_view value) {
    values[token] = value;
    return *this;
  }
  Values& with(Token token, std::string_view value) {
    values.click[token] = value;
    return *this;
  }
};

std::string render(std::string_view text, OutgoingPlace place, const OutgoingValues& values) {
  auto compiled = OutgoingTemplate::compile(text, place);
  if (!compiled) return "refused: " + compiled.error().detail;
  std::string out;
  compiled->render(out, values);
  return out;
}

std::string render_json(std::string_view text, const Values& values) {
  return render(text, OutgoingPlace::json, values.values);
}

std::string sparse(std::string_view text, const Values& values) {
  auto compiled = OutgoingTemplate::compile(text, OutgoingPlace::json);
  if (!compiled) return "refused: " + compiled.error().detail;
  std::string out;
  compiled->render_without_empty(out, values.values);
  return out;
}

std::string refusal(std::string_view text, OutgoingPlace place) {
  auto compiled = OutgoingTemplate::compile(text, place);
  return compiled ? std::string() : compiled.error().detail;
}

TEST(OutgoingTemplate, FillsEveryTokenOfItsOwn) {
  const std::vector<std::pair<std::string, OutgoingToken>> names{{"payout", OutgoingToken::payout},
                                                                 {"amount", OutgoingToken::amount},
                                                                 {"currency", OutgoingToken::currency},
                                                                 {"txid", OutgoingToken::txid},
                                                                 {"event", OutgoingToken::event},
                                                                 {"status", OutgoingToken::status},
                                                                 {"original_status", OutgoingToken::original_status},
                                                                 {"reason", OutgoingToken::reason},
                                                                 {"conversion_id", OutgoingToken::conversion_id},
                                                                 {"conversion_time", OutgoingToken::conversion_time},
                                                                 {"delivery_id", OutgoingToken::delivery_id}};
  for (const auto& [name, token] : names) {
    Values values("");
    values.with(token, "v1");
    EXPECT_EQ(render("{" + name + "}-x", OutgoingPlace::text, values.values), "v1-x") << name;
    auto compiled = OutgoingTemplate::compile("{" + name + "}", OutgoingPlace::text);
    ASSERT_TRUE(compiled) << name;
    for (std::size_t other = 0; other < kOutgoingTokenCount; ++other)
      EXPECT_EQ(compiled->uses(static_cast<OutgoingToken>(other)), static_cast<OutgoingToken>(other) == token) << name;
    EXPECT_FALSE(compiled->uses(Token::clickid));
  }
  const Values values;
  EXPECT_EQ(render("{postback.Email}{postback.email}{query.zone}{sub3}", OutgoingPlace::text, values.values), "pqv");
  EXPECT_TRUE(OutgoingTemplate::compile("{postback.Email}", OutgoingPlace::text)->uses(OutgoingToken::postback));
  EXPECT_TRUE(OutgoingTemplate::compile("{sub3}", OutgoingPlace::text)->uses(Token::sub3));
}

TEST(OutgoingTemplate, WithoutParametersTheirTokensAreEmpty) {
  EXPECT_EQ(render("a{postback.x}b{query.x}c", OutgoingPlace::text, OutgoingValues{}), "abc");
}

TEST(OutgoingTemplate, EncodesForThePlace) {
  Values values("a&b=\"c\"\r\nX: 1\\ \xC3\xA9\xFF{payout}");
  values.postback.clear();
  EXPECT_EQ(render("https://c.example/{txid}?q={txid}", OutgoingPlace::url, values.values),
            "https://c.example/a%26b%3D%22c%22%0D%0AX%3A%201%5C%20%C3%A9%FF%7Bpayout%7D?q="
            "a%26b%3D%22c%22%0D%0AX%3A%201%5C%20%C3%A9%FF%7Bpayout%7D");
  EXPECT_EQ(render("x={txid}&y=1", OutgoingPlace::form, values.values),
            "x=a%26b%3D%22c%22%0D%0AX%3A%201%5C%20%C3%A9%FF%7Bpayout%7D&y=1");
  EXPECT_EQ(render("Bearer {txid}", OutgoingPlace::header, values.values),
            "Bearer a&b=\"c\"X: 1\\ \xC3\xA9\xFF{payout}");
  EXPECT_EQ(render_json(R"({"t":"<{txid}>"})", values),
            "{\"t\":\"<a&b=\\\"c\\\"\\r\\nX: 1\\\\ \xC3\xA9\xEF\xBF\xBD{payout}>\"}");
  EXPECT_EQ(render("{txid}", OutgoingPlace::text, values.values), "a&b=\"c\"\r\nX: 1\\ \xC3\xA9\xFF{payout}");
}

TEST(OutgoingTemplate, NoControlCharacterReachesAHeader) {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  const std::string rendered = render("{txid}", OutgoingPlace::header, Values(every).values);
  EXPECT_EQ(rendered.size(), 256U - 33U);
  for (const char c : rendered) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

TEST(OutgoingTemplate, DotsDoNotClimbAPath) {
  EXPECT_EQ(render("https://c.example/{txid}/a?x={txid}", OutgoingPlace::url, Values("..").values),
            "https://c.example//a?x=..");
}

TEST(OutgoingTemplate, UnquotedTokensAreNumbersOrNull) {
  const std::vector<std::pair<std::string_view, std::string_view>> rows{
      {"12.50", "12.50"}, {"0", "0"},       {"-3.00", "-3.00"},    {"1e5", "1e5"}, {"1E+05", "1E+05"},
      {"", "null"},       {"12,5", "null"}, {"007", "null"},       {"1.", "null"}, {".5", "null"},
      {"+1", "null"},     {"NaN", "null"},  {"true", "null"},      {"1 ", "null"}, {"-", "null"},
      {"0x10", "null"},   {"1e", "null"},   {"1,\"x\":2", "null"}, {"{}", "null"}, {"12.50.1", "null"}};
  for (const auto& [value, text] : rows) {
    Values values;
    values.with(OutgoingToken::payout, value);
    EXPECT_EQ(render_json(R"({"p": {payout} , "q":1})", values), R"({"p": )" + std::string(text) + R"( , "q":1})");
    EXPECT_EQ(render_json(R"({"p":"{payout|number}","q":1})", values), R"({"p":)" + std::string(text) + R"(,"q":1})");
    EXPECT_EQ(render_json(R"([ {payout|number}])", values), "[ " + std::string(text) + "]");
  }
  Values values;
  values.with(OutgoingToken::payout, "12.50");
  EXPECT_EQ(render_json(R"({"p":"{payout|multiply:2|number}"})", values), R"({"p":25.00})");
  EXPECT_EQ(render_json(R"(["{payout|number}","{payout}",{payout}])", values), R"([12.50,"12.50",12.50])");
  EXPECT_EQ(render_json(R"("{payout}")", values), R"("12.50")");
}

TEST(OutgoingTemplate, RenderedJsonIsAlwaysJson) {
  const std::string text =
      R"({"a":"x{txid}y","b":{payout},"c":["{txid|number}",{"d":"\"{txid}\\"}],"e":"\u00e9{sub1}"})";
  const std::vector<std::string> nasty{
      "",     "\"",           "\\",   "\",\"x\":\"", "\xFF\xFE", "\xC0\xAF",     std::string(1, '\0'),
      "{}",   "]}",           "\n\r", "1",           "\x01",     "\xED\xA0\x80", "{txid}",
      "</s>", "\xE2\x80\xA8", "é",    "\\u0000",     "12.5"};
  for (const auto& value : nasty) {
    const auto parsed = parse_strict_json(render_json(text, Values(value)));
    ASSERT_TRUE(parsed) << value << ": " << parsed.error().detail;
    EXPECT_EQ(parsed->size(), 4U);
    const auto pruned = parse_strict_json(sparse(text, Values(value)));
    ASSERT_TRUE(pruned) << value << ": " << pruned.error().detail;
  }
}

TEST(OutgoingTemplate, LeavesEmptyMembersOut) {
  Values values("");
  values.with(OutgoingToken::payout, "5.00").with(OutgoingToken::txid, "T");
  EXPECT_EQ(sparse(R"({"a":"{txid}","b":"{event}","c":{payout},"d":{amount},"e":null,"f":"","g":[],"h":{}})", values),
            R"({"a":"T","c":5.00})");
  EXPECT_EQ(
      sparse(R"({"a":["{event}","{txid}"],"b":["{event}"],"c":{"d":"{event}"},"e":[[{"x":"{reason}"}],1]})", values),
      R"({"a":["T"],"e":[1]})");
  // A text with a hole is no text; a default fills it.
  EXPECT_EQ(
      sparse(R"({"fbc":"fb.1.{txid}.{event}","k":"{event|default:none}","l":"x \" {txid}","z":false,"n":0})", values),
      R"({"k":"none","l":"x \" T","z":false,"n":0})");
  EXPECT_EQ(sparse(R"({"a":"{event}"})", values), "{}");
  EXPECT_EQ(sparse(R"([ "{event}" ])", values), "[]");
}

TEST(OutgoingTemplate, KeepsEmptyMembersWhereNobodyAsked) {
  EXPECT_EQ(render_json(R"({"a":"{event}","b":{amount},"c":[]})", Values("")), R"({"a":"","b":null,"c":[]})");
}

TEST(OutgoingTemplate, RefusesWhatCouldNotBeSent) {
  using Place = OutgoingPlace;
  const std::vector<std::tuple<std::string_view, Place, std::string_view>> rows{
      {"https://{sub1}.example/", Place::url, "stands in the scheme, user, host or port"},
      {"https://c.example/?{sub1}=1", Place::url, "left of the = of a query parameter"},
      {"ftp://c.example/", Place::url, "starts with http:// or https://"},
      {"https://u:p@c.example/", Place::url, "user name or password"},
      {"https://c.example/?a={txd}", Place::url, "did you mean {txid}?"},
      {"https://c.example/?a={postback.}", Place::url, "name the parameter"},
      {"https://c.example/?a={payout|number}", Place::url, "number belongs into JSON"},
      {"{payout|roud:2}", Place::text, "did you mean \"round:N\"?"},
      {"a=1&{txid}=2", Place::form, "left of the = of a form field"},
      {"a=1 2", Place::form, "write it percent-encoded"},
      {"a\r\nb", Place::header, "control character"},
      {R"({"a":"x)", Place::json, "is not JSON"},
      {R"({"a":{payout}{amount}})", Place::json, "is not JSON"},
      {R"({"a":1{payout}})", Place::json, "is not JSON"},
      {R"({"a":-{payout}})", Place::json, "is not JSON"},
      {R"({"a":"\{payout}"})", Place::json, "is not JSON"},
      {R"({{payout}:1})", Place::json, "is not JSON"},
      {R"({"a":1} {payout})", Place::json, "is not JSON"},
      {R"({"a{txid}b" : 1})", Place::json, "stands in the name of a member"},
      {R"({"{txid|number}":1})", Place::json, "is not JSON"},
      {R"({"a":"x{payout|number}"})", Place::json, "needs a string that is this token and nothing else"},
      {R"({"a":"{payout|default:"}"})", Place::json, "holds a quote or backslash"},
      {R"({"a":1,"a":2})", Place::json, "is not JSON"},
  };
  for (const auto& [text, place, problem] : rows) {
    EXPECT_NE(refusal(text, place).find(problem), std::string::npos) << text << "\n" << refusal(text, place);
  }
  EXPECT_EQ(refusal("https://c.example/?a={clickid|sha256}", Place::url), "");
  EXPECT_EQ(refusal(R"({"a":{"b":"{{x}} ${y}"}})", Place::json), "");
}

TEST(OutgoingTemplate, ModifiersForProfiles) {
  const auto text = [](std::string_view token, std::string_view value) {
    Values values("");
    values.with(OutgoingToken::txid, value);
    return render(token, OutgoingPlace::text, values.values);
  };
  EXPECT_EQ(text("{txid|trim|lower}", " \tA b\r\n"), "a b");
  EXPECT_EQ(text("{txid|trim}", "  "), "");
  EXPECT_EQ(text("{txid|trim|default:x}", "  "), "x");
  EXPECT_EQ(text("{txid|digits}", "+1 (202) 555-0100 ext. 7"), "120255501007");
  EXPECT_EQ(text("{txid|iso8601}", "1767225599"), "2025-12-31T23:59:59Z");
  EXPECT_EQ(text("{txid|utc}", "1767225599"), "2025-12-31 23:59:59+00:00");
  EXPECT_EQ(text("{txid|utc}", "0"), "1970-01-01 00:00:00+00:00");
  EXPECT_EQ(text("{txid|utc}", "soon"), "soon");
  EXPECT_EQ(text("{txid|utc}", "999999999999"), "999999999999");
  EXPECT_EQ(text("{txid|utc}", ""), "");
  EXPECT_EQ(text("{txid|trim|lower|sha256}", " Test@Example.com "),
            "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b");
}

}  // namespace
}  // namespace postback

// Templates: what is a token, what passes through, what is refused, and that no value can leave its place.
#include "postback/domain/template.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace postback {
namespace {

constexpr std::string_view kClickId = "01h455vb4pex5vsknk084sn02q";

std::string render(std::string_view text, const TokenValues& values) {
  auto compiled = UrlTemplate::compile(text);
  if (!compiled) return "refused: " + compiled.error().detail;
  std::string out;
  compiled->render(out, values);
  return out;
}

std::string refusal(std::string_view text) {
  auto compiled = UrlTemplate::compile(text);
  return compiled ? std::string() : compiled.error().detail;
}

TEST(Template, FillsEveryToken) {
  const std::vector<std::pair<std::string, Token>> names{{"clickid", Token::clickid},
                                                         {"external_id", Token::external_id},
                                                         {"sub1", Token::sub1},
                                                         {"sub9", Token::sub9},
                                                         {"sub10", Token::sub10},
                                                         {"sub20", Token::sub20},
                                                         {"campaign", Token::campaign},
                                                         {"offer", Token::offer},
                                                         {"network", Token::network},
                                                         {"source", Token::source},
                                                         {"language", Token::language},
                                                         {"ip", Token::ip},
                                                         {"user_agent", Token::user_agent},
                                                         {"referrer", Token::referrer},
                                                         {"cost", Token::cost},
                                                         {"timestamp", Token::timestamp},
                                                         {"random", Token::random}};
  for (const auto& [name, token] : names) {
    TokenValues values;
    values[token] = "v1";
    EXPECT_EQ(render("https://o.example/?a={" + name + "}&b=2", values), "https://o.example/?a=v1&b=2") << name;
    auto compiled = UrlTemplate::compile("https://o.example/?a={" + name + "}");
    ASSERT_TRUE(compiled) << name;
    for (std::size_t other = 0; other < kTokenCount; ++other) {
      EXPECT_EQ(compiled->uses(static_cast<Token>(other)), static_cast<Token>(other) == token) << name;
    }
  }
}

TEST(Template, FillsQueryParametersByName) {
  Parameters query;
  query.add_query("zone=z%209&zone=second&a.b_1=x&Sub-ID=5&ZONE=Z");
  TokenValues values;
  values.query = &query;
  EXPECT_EQ(render("https://o.example/?z={query.zone}&y={query.a.b_1}&n={query.none}", values),
            "https://o.example/?z=z%209&y=x&n=");
  EXPECT_EQ(render("https://o.example/?s={query.Sub-ID|default:-}&z={query.ZONE}", values),
            "https://o.example/?s=5&z=Z");
  EXPECT_EQ(render("https://o.example/?z={query.zone}", TokenValues{}), "https://o.example/?z=");
}

TEST(Template, PassesOtherSyntaxThroughByteForByte) {
  const std::vector<std::string_view> texts{
      "{{x}}",       "{{clickid}}", "#s2#",    "${SUBID}",   "${clickid}", "#{clickid}", "[{clickid}]x",
      "%{clickid}",  "[x]",         "%x%",     "__x__",      "!!!x!!!",    "{Sub%20ID}", "{Sub_ID}",
      "{SUBID}",     "{}",          "{\"a\"}", "{1}",        "{_x}",       "{-}",        "{sub1",
      "{sub1|lower", "sub1}",       "}{",      "{click-id}", "%zz",        "%",          "a|b^c`d\\e\"<>",
      "{Query.zone}"};
  for (const std::string_view text : texts) {
    TokenValues values;
    values.values.fill("WRONG");
    const std::string url = "https://o.example/p?a=" + std::string(text);
    EXPECT_EQ(render(url, values), url);
  }
}

TEST(Template, FindsTokensBesideOtherBraces) {
  TokenValues values;
  values[Token::sub1] = "v";
  EXPECT_EQ(render("https://o.example/?a={Sub}{sub1}}{sub1}", values), "https://o.example/?a={Sub}v}v");
  EXPECT_EQ(render("https://o.example/{sub1}/{{sub1}}/{sub1}#{x}-{sub1}", values),
            "https://o.example/v/{{sub1}}/v#{x}-v");
}

TEST(Template, AppendsToWhatIsThere) {
  auto compiled = UrlTemplate::compile("https://o.example/?a={sub1}");
  ASSERT_TRUE(compiled);
  std::string out = "Location: ";
  compiled->render(out, TokenValues{});
  EXPECT_EQ(out, "Location: https://o.example/?a=");
}

TEST(Template, NoValueLeavesItsPlace) {
  const std::vector<std::pair<std::string_view, std::string_view>> values_and_texts{
      {"//evil.com", "%2F%2Fevil.com"},
      {"https://evil", "https%3A%2F%2Fevil"},
      {"\\evil", "%5Cevil"},
      {"@evil", "%40evil"},
      {".evil", ".evil"},
      {"\r\nSet-Cookie:x=1", "%0D%0ASet-Cookie%3Ax%3D1"},
      {"a&b=c", "a%26b%3Dc"},
      {"a#b?c;d+e f", "a%23b%3Fc%3Bd%2Be%20f"},
      {"%zz", "%25zz"},
      {"%0d%0a", "%250d%250a"},
      {std::string_view("a\0b", 3), "a%00b"},
      {"\xff\xfe\xc0\xaf", "%FF%FE%C0%AF"},
      {"{clickid}", "%7Bclickid%7D"},
      {"\"'<>", "%22%27%3C%3E"},
  };
  for (const auto& [value, text] : values_and_texts) {
    TokenValues values;
    values.values.fill(value);
    for (const std::string_view before : {"https://o.example/", "https://o.example?",
                                          "https://o.example/?a=", "https://o.example/#x", "http://[::1]:8080/"}) {
      const std::string url = std::string(before) + "{sub1}";
      EXPECT_EQ(render(url, values), std::string(before) + std::string(text)) << url;
      const auto compiled = UrlTemplate::compile(url);
      ASSERT_TRUE(compiled);
      EXPECT_TRUE(render(url, values).starts_with(compiled->origin()));
    }
    const std::string lowered = render("https://o.example/?a={sub1|default:x|lower}", values);
    EXPECT_EQ(lowered.find_first_of("&#\r\n \\@", 21), std::string::npos) << lowered;
  }
}

TEST(Template, KnowsItsOrigin) {
  const std::vector<std::pair<std::string_view, std::string_view>> origins{
      {"https://offer.example:8443/a?b#c", "https://offer.example:8443"},
      {"http://o.example", "http://o.example"},
      {"HTTPS://O.Example?x=1", "HTTPS://O.Example"},
      {"https://o.example#x", "https://o.example"},
      {"https://192.0.2.1/", "https://192.0.2.1"},
      {"https://[2001:db8::1]:444/x", "https://[2001:db8::1]:444"},
      {"https://o.example/?to=https://other.example/", "https://o.example"},
      {"https://a_b.xn--bcher-kva.example./", "https://a_b.xn--bcher-kva.example."}};
  for (const auto& [text, origin] : origins) {
    const auto compiled = UrlTemplate::compile(text);
    ASSERT_TRUE(compiled) << text << ": " << compiled.error().detail;
    EXPECT_EQ(compiled->origin(), origin);
    EXPECT_EQ(compiled->text(), text);
  }
}

TEST(Template, RefusesWhatIsNotAPlainWebAddress) {
  const std::string long_url = "https://o.example/" + std::string(5000, 'a');
  const std::vector<std::pair<std::string_view, std::string_view>> refused{
      {"", "http:// or https://"},
      {"offer.example/x", "http:// or https://"},
      {"//offer.example/", "http:// or https://"},
      {"ftp://o.example/", "http:// or https://"},
      {"javascript:alert(1)", "http:// or https://"},
      {"javascript://o.example/%0aalert(1)", "http:// or https://"},
      {"https:/o.example/", "http:// or https://"},
      {"https://", "no host"},
      {"https:///x", "no host"},
      {"https://:80/", "no host"},
      {"https://user@o.example/", "user name"},
      {"https://u:p@o.example/", "user name"},
      {"https://@o.example/", "user name"},
      {"https://o.example:0/", "port"},
      {"https://o.example:65536/", "port"},
      {"https://o.example:/", "port"},
      {"https://o.example:80evil.example/", "host or port"},
      {"https://o.example:80.evil.example/", "host or port"},
      {"https://o.example:99999999999999999999/", "port"},
      {"https://o.example:8x/", "host or port"},
      {"https://a\\b.example/", "host or port"},
      {"https://a%2eb/", "DNS name"},
      {"https://a..b/", "DNS name"},
      {"https://*.example/", "DNS name"},
      {"https://[::zz]/", "host or port"},
      {"https://[macro]/", "host or port"},
      {"https://o.example/a b", "space at byte 20"},
      {" https://o.example/", "space at byte 1"},
      {"https://o.example/\r\nX: y", "control character"},
      {"https://o.example/\x7f", "control character"},
      {"https://o.example/\xc3\xa9", "outside ASCII"},
      {"https://b\xc3\xbc\x63her.example/", "outside ASCII"},
      {long_url, "longer than 4096"}};
  for (const auto& [text, expected] : refused) {
    EXPECT_NE(refusal(text).find(expected), std::string::npos) << text << " -> " << refusal(text);
  }
  EXPECT_NE(refusal(std::string_view("https://o.example/\0", 19)).find("control character"), std::string::npos);
}

TEST(Template, RefusesTokensWhereTheyCouldChooseTheDestination) {
  for (const std::string_view text :
       {"https://{sub1}/", "https://{sub1}.example/", "https://o.example{sub1}/", "https://o.example:{sub1}/",
        "https://{sub1}@o.example/", "{sub1}://o.example/", "{sub1}", "{sub1}https://o.example/",
        "https://o.example{sub1}", "https://{sub1|default:a/b}.example/", "https://{sub1|lower}?x=1",
        "ht{sub1}://o.example/", "https://o.example:80{clickid}?x"}) {
    EXPECT_NE(refusal(text).find("scheme, user, host or port"), std::string::npos) << text << " -> " << refusal(text);
  }
}

TEST(Template, RefusesTokensThatNameAParameter) {
  for (const std::string_view text :
       {"https://o.example/?{sub1}=1", "https://o.example/?a=1&{sub1}=1", "https://o.example/?a=1&x{sub1}y=1#f",
        "https://o.example?{sub1}{sub2|default:=}=&b", "https://o.example/?&{clickid}=x"}) {
    EXPECT_NE(refusal(text).find("left of the ="), std::string::npos) << text << " -> " << refusal(text);
  }
  for (const std::string_view text :
       {"https://o.example/?{clickid}", "https://o.example/?a=1&{sub1}&b=2", "https://o.example/?a=b={sub1}=c",
        "https://o.example/{sub1}=1?a=b", "https://o.example/?a=1#{sub1}=1", "https://o.example/?{sub1}#x=1"}) {
    EXPECT_EQ(refusal(text), "") << text;
  }
}

TEST(Template, NoValueClimbsThePath) {
  const std::vector<std::pair<std::string_view, std::string_view>> rows{
      {"/a/{sub1}/b", "/a//b"},      {"/a/{sub1}", "/a/"},
      {"/{sub1}{sub1}/b", "//b"},    {"/{sub1|lower}?a={sub1}", "/?a=V"},
      {"/a?b={sub1}&c", "/a?b=V&c"}, {"/a#/{sub1}", "/a#/V"}};
  for (const std::string value : {".", ".."}) {
    TokenValues values;
    values[Token::sub1] = value;
    for (const auto& [text, expected] : rows) {
      std::string wanted(expected);
      if (const auto at = wanted.find('V'); at != std::string::npos) wanted.replace(at, 1, value);
      EXPECT_EQ(render("https://o.example" + std::string(text), values), "https://o.example" + wanted);
    }
  }
}

TEST(Template, RefusesModifiersThatTheClickIdWouldNotSurvive) {
  for (const std::string modifier :
       {"sha256", "md5", "multiply:2", "round:2", "default:x", "upper|md5", "default:x|lower"}) {
    const std::string detail = refusal("https://o.example/?a={clickid|" + modifier + "}");
    EXPECT_NE(detail.find("never send it back"), std::string::npos) << modifier << " -> " << detail;
  }
  EXPECT_EQ(refusal("https://o.example/?a={clickid|upper|lower}"), "");
}

TEST(Template, NamesWhatIsWrongWithATokensName) {
  const std::vector<std::pair<std::string_view, std::string_view>> refused{
      {"click_id", "did you mean {clickid}?"},
      {"clikid", "did you mean {clickid}?"},
      {"sub21", "did you mean {sub"},
      {"sub0", "did you mean {sub"},
      {"externalid", "did you mean {external_id}?"},
      {"referer", "did you mean {referrer}?"},
      {"useragent", "did you mean {user_agent}?"},
      {"query", "{query.zone}"},
      {"query.", "{query.zone}"},
      {"x", "the tokens are"},
      {"wholly_different_name", "the tokens are"},
      {"payout", "outgoing"},
      {"amount", "outgoing"},
      {"currency", "outgoing"},
      {"txid", "outgoing"},
      {"event", "outgoing"},
      {"status", "outgoing"},
      {"original_status", "outgoing"},
      {"reason", "outgoing"},
      {"conversion_id", "outgoing"},
      {"conversion_time", "outgoing"},
      {"postback.zone", "outgoing"}};
  for (const auto& [name, expected] : refused) {
    const std::string detail = refusal("https://o.example/?a={" + std::string(name) + "}");
    EXPECT_NE(detail.find("{" + std::string(name) + "}"), std::string::npos) << name << " -> " << detail;
    EXPECT_NE(detail.find(expected), std::string::npos) << name << " -> " << detail;
  }
}

TEST(Template, ReportsAllItsFaultsTogether) {
  const std::string detail = refusal("https://o.example/?a={clikid}&b={payout}&c={sub1|loud}&d={sub2|round:9}");
  for (const std::string_view part : {"{clikid}", "{payout}", "\"loud\"", "0 to 6"}) {
    EXPECT_NE(detail.find(part), std::string::npos) << part << " in " << detail;
  }
}

TEST(Template, RefusesModifiersThatAreNone) {
  const std::vector<std::pair<std::string_view, std::string_view>> refused{{"", "not a modifier"},
                                                                           {"lowr", "did you mean \"lower\"?"},
                                                                           {"LOWER", "did you mean \"lower\"?"},
                                                                           {"sha1", "the modifiers are"},
                                                                           {"lower:1", "not a modifier"},
                                                                           {"multiply", "multiply:0.8"},
                                                                           {"multiply:", "multiply:0.8"},
                                                                           {"multiply:x", "multiply:0.8"},
                                                                           {"multiply:1e3", "multiply:0.8"},
                                                                           {"multiply:0.1234567", "multiply:0.8"},
                                                                           {"round", "round:2"},
                                                                           {"round:", "round:2"},
                                                                           {"round:7", "round:2"},
                                                                           {"round:-1", "round:2"},
                                                                           {"round:10", "round:2"},
                                                                           {"default:{x", "brace"},
                                                                           {"default:a b", "cannot hold spaces"},
                                                                           {"lower|", "not a modifier"}};
  for (const auto& [modifier, expected] : refused) {
    const std::string detail = refusal("https://o.example/?a={sub1|" + std::string(modifier) + "}");
    EXPECT_NE(detail.find(expected), std::string::npos) << modifier << " -> " << detail;
  }
}

TEST(Template, AppliesModifiersFromLeftToRight) {
  struct Row {
    std::string_view modifiers, value, expected;
  };
  const std::vector<Row> rows{{"lower", "AbC-\xc3\x89", "abc-%C3%89"},
                              {"upper", "AbC1z", "ABC1Z"},
                              {"md5", "abc", "900150983cd24fb0d6963f7d28e17f72"},
                              {"sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                              {"lower|md5", "ABC", "900150983cd24fb0d6963f7d28e17f72"},
                              {"md5|upper", "abc", "900150983CD24FB0D6963F7D28E17F72"},
                              {"default:none", "", "none"},
                              {"default:none", "x", "x"},
                              {"default:", "", ""},
                              {"default:a/b&c=d?#", "", "a%2Fb%26c%3Dd%3F%23"},
                              {"default:Abc|lower", "", "abc"},
                              {"lower|default:Abc", "", "Abc"},
                              {"default:a:b", "", "a%3Ab"},
                              // An absent value stays absent: the hash of nothing would look like a person.
                              {"sha256", "", ""},
                              {"md5", "", ""},
                              {"multiply:2", "", ""},
                              {"round:2", "", ""},
                              {"multiply:100", "0.07", "7.00"},
                              {"multiply:0.8", "12.50", "10.00"},
                              {"multiply:-1", "3", "-3.00"},
                              {"multiply:0", "3", "0.00"},
                              {"multiply:0.5", "0.000001", "0.00"},
                              {"multiply:0.5", "0.000003", "0.000002"},
                              {"multiply:0.5", "-0.000003", "-0.000002"},
                              {"multiply:0.5", "0.000005", "0.000002"},
                              {"multiply:3", "0.1", "0.30"},
                              {"multiply:2", "abc", "abc"},
                              {"multiply:2", "1e3", "1e3"},
                              {"multiply:2", "NaN", "NaN"},
                              {"multiply:2", "0x10", "0x10"},
                              {"multiply:1000000000", "1000000000", ""},
                              {"multiply:1000000000|default:0", "1000000000", "0"},
                              {"round:2", "12.345", "12.34"},
                              {"round:2", "12.355", "12.36"},
                              {"round:2", "12.3451", "12.35"},
                              {"round:2", "-12.345", "-12.34"},
                              {"round:0", "0.5", "0"},
                              {"round:0", "1.5", "2"},
                              {"round:0", "2.5", "2"},
                              {"round:0", "12", "12"},
                              {"round:0", "-1.5", "-2"},
                              {"round:2", "3", "3.00"},
                              {"round:6", "0.1", "0.100000"},
                              {"round:1", "0.05", "0.0"},
                              {"round:1", "-0.04", "0.0"},
                              {"round:2", "x", "x"},
                              {"round:3", "999.9996", "1000.000"},
                              {"multiply:100|round:0", "0.07", "7"}};
  for (const Row& row : rows) {
    TokenValues values;
    values[Token::sub1] = row.value;
    EXPECT_EQ(render("https://o.example/?a={sub1|" + std::string(row.modifiers) + "}", values),
              "https://o.example/?a=" + std::string(row.expected))
        << row.modifiers << " of " << row.value;
  }
}

TEST(Template, KeepsOnlyTheClickIdWhenBare) {
  const auto compiled = UrlTemplate::compile(
      "https://o.example/{campaign}?c={clickid}&u={clickid|upper}&s={sub1|default:x}&q={query.a}#f");
  ASSERT_TRUE(compiled);
  std::string out;
  compiled->render_bare(out, kClickId);
  EXPECT_EQ(out, "https://o.example/?c=01h455vb4pex5vsknk084sn02q&u=01H455VB4PEX5VSKNK084SN02Q&s=&q=#f");
}

}  // namespace
}  // namespace postback

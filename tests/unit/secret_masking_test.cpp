// Secrets in what is logged of a postback.
#include "domain/credential_masking.hpp"
#include "domain/secret_masking.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback {
namespace {

struct Row {
  const char* given;
  const char* masked;
};

TEST(SecretMask, EncodedText) {
  SecretMask mask(*sample_catalog());
  mask.add("sent");
  const Row rows[] = {
      {"", ""},
      {"/postback/acme?token=T0KEN-acme&a=b", "/postback/acme?token=***&a=b"},
      {"/postback/acme?x=1T0KEN-acme2", "/postback/acme?x=1***2"},
      {"T0KEN-acmeT0KEN-acme", "******"},
      {"/postback/acme&token=GLOBEX-T0KEN", "/postback/acme&token=***"},
      {"?a=T0KEN%2Dacme&b=%zz", "?a=***&b=%zz"},
      {"?a=T0KEN%252dacme", "?a=***"},
      {"?token=sent&x=sentence", "?token=***&x=sentence"},
      {"?token=%73ent", "?token=***"},
      {"T0KEN-acm", "T0KEN-acm"},
      {"?a=%00%ff", "?a=%00%ff"},
  };
  for (const auto& row : rows) EXPECT_EQ(mask.encoded(row.given), row.masked) << row.given;
}

TEST(SecretMask, Json) {
  SecretMask mask(*sample_catalog());
  mask.add("sent");
  const Row rows[] = {
      {R"({"token":"T0KEN-acme","a":"b"})", R"({"token":"***","a":"b"})"},
      {R"({"token":"T0KEN\u002dacme"})", R"({"token":"***"})"},
      {R"({"\"":"T0K\u0045N-acme","x":"\\"})", R"({"\"":"***","x":"\\"})"},
      {R"({"token":"sent","x":"sentence"})", R"({"token":"***","x":"sentence"})"},
      {R"({"token":"T0KEN-acme)", R"({"token":"***)"},
      {R"("\)", R"("\)"},
      {R"("\u00)", R"("\u00)"},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(mask.json(row.given), row.masked) << row.given;
}

TEST(SecretMask, Headers) {
  const SecretMask mask(*sample_catalog());
  EXPECT_EQ(mask.headers("Host: t.example\r\nAUTHORIZATION: Bearer abc\r\ncookie: a=b; c=d\r\nReferer: "
                         "http://x/?token=T0KEN-acme\r\n"),
            "Host: t.example\r\nAUTHORIZATION: ***\r\ncookie: ***\r\nReferer: http://x/?token=***\r\n");
  EXPECT_EQ(mask.headers("Cookie: a=b"), "Cookie: ***");
  EXPECT_EQ(mask.headers(""), "");
}

TEST(SecretMask, WhatTheLogKeepsOfAPostback) {
  SentPostback sent;
  sent.query = "token=wrong&click_id=$ID&other=GLOBEX-T0KEN";
  sent.method = "POST";
  sent.body = "Token=secret&a=wrong&b=T0KEN-acme";
  sent.headers = "Authorization: Basic eA==\r\n";
  const Reading reading = read_sent(sent);
  EXPECT_EQ(reading.logged_target, with_samples("/postback/acme?token=***&click_id=$ID&other=***"));
  EXPECT_EQ(reading.logged_body, "Token=***&a=***&b=***");
  EXPECT_EQ(reading.logged_headers, "Authorization: ***\r\n");
}

TEST(SecretMask, AnUnknownNetworksTokenIsMaskedToo) {
  SentPostback sent;
  sent.network = "nobody";
  sent.query = "token=whatever&click_id=$ID";
  EXPECT_EQ(read_sent(sent).logged_target, with_samples("/postback/nobody?token=***&click_id=$ID"));
}

TEST(SecretMask, AnyBytesAreKept) {
  SentPostback sent;
  sent.query = "token=$TOKEN&click_id=$ID&reason=" + std::string("a\0b\xff\xfe", 5);
  const Reading reading = read_sent(sent);
  EXPECT_NE(reading.logged_target.find(std::string("a\0b\xff\xfe", 5)), std::string::npos);
}

/// So many pairs `name=...`, each with a value of its own, numbered from 0 on.
std::string numbered(const std::string& name, int count, const std::string& before) {
  std::string pairs;
  for (int i = 0; i < count; ++i)
    pairs.append(pairs.empty() ? "" : "&").append(name + "=" + before + std::to_string(10'000'000 + i));
  return pairs;
}

TEST(SecretMask, LooksForAFewValuesAnywhereAndForTheRestAsAWhole) {
  std::vector<std::string> values;
  for (int i = 0; i < 1000; ++i) values.push_back("value-" + std::to_string(1000 + i));
  SecretMask mask(*sample_catalog());
  for (int round = 0; round < 2; ++round) {
    for (const auto& value : values) mask.add(value);
  }
  EXPECT_EQ(mask.sought(), SecretMask::kMostSought);
  EXPECT_EQ(mask.text("of value-1000."), "of ***.");
  EXPECT_EQ(mask.text("value-1999"), "***");
  EXPECT_EQ(mask.encoded("/a?x=value-1999&y=value%2D1998&z=%2576alue-1997"), "/a?x=***&y=***&z=***");
  EXPECT_EQ(mask.json(R"({"a":"value-1999","b":"\u0076alue-1998"})"), R"({"a":"***","b":"***"})");
}

TEST(SecretMask, DoesNotLookForWhatIsLongerThanAnySecret) {
  const std::string longest(SecretMask::kLongestSought, 'a');
  const std::string longer(SecretMask::kLongestSought + 1, 'b');
  SecretMask mask(*sample_catalog());
  mask.add(longest);
  mask.add(longer);
  EXPECT_EQ(mask.sought(), 1U);
  EXPECT_EQ(mask.text(longer), "***") << "as a whole it is masked all the same";
}

TEST(SecretMask, HowEverManyTokensCameNoneIsLeft) {
  constexpr int kCount = 1200;
  // As values that end at nothing, that are divided by other marks, that are encoded, too short or too long.
  for (const char* before : {"", "a=b;c/", "%41", "%25", "a+b%20%0A", "\xC3\xA9"}) {
    SCOPED_TRACE(before);
    SentPostback sent;
    sent.query = numbered("token", kCount, before) + "&Sign=" + before + "20000000";
    sent.method = "POST";
    sent.body = numbered("amp;token", kCount, before) + "&%74oken=" + before + "30000000\r\n";
    const Reading reading = read_sent(sent);
    for (const auto& shown : {reading.logged_target, reading.logged_body}) {
      for (const char* part : {"1000", "20000000", "30000000"}) EXPECT_EQ(shown.find(part), std::string::npos);
      EXPECT_NE(shown.find("oken=***&"), std::string::npos);
    }
    ASSERT_TRUE(reading.refusal);
    EXPECT_EQ((reading.refusal->message + reading.refusal->evidence).find("1000"), std::string::npos);
  }
}

TEST(SecretMask, HowEverManyTokensCameInJsonNoneIsLeft) {
  SentPostback sent;
  sent.method = "POST";
  sent.content_type = "application/json";
  sent.body = "{";
  for (int i = 0; i < 300; ++i) {
    const auto number = std::to_string(10'000'000 + i);
    sent.body.append("\"token\":" + number + ",\"sign\":\"a\\n" + number + "\", \"to\\u006ben\" : \"\\\"" + number +
                     "\",");
  }
  sent.body += R"("x":[1,{"y":"kept"}],"token":null,"sign":""})";
  const Reading reading = read_sent(sent);
  EXPECT_EQ(reading.logged_body.find("1000"), std::string::npos) << reading.logged_body;
  EXPECT_TRUE(reading.logged_body.ends_with(R"("x":[1,{"y":"kept"}],"token":null,"sign":""})")) << reading.logged_body;
  sent.body = R"({"user":{"token":1234,"x":[{"token":"t"}]},"TOKEN":-12345678.5,"a":{}})";
  EXPECT_EQ(read_sent(sent).logged_body, R"({"user":{"token":1234,"x":[{"token":"t"}]},"TOKEN":"***","a":{}})")
      << "what stands deeper is another parameter";
  sent.body = R"({"token":"never-closed)";
  EXPECT_EQ(read_sent(sent).logged_body, R"({"token":"***")");
}

TEST(SecretMask, NoneIsLeftInArrays) {
  const std::vector<std::string> token{"token"};
  const std::vector<std::string> sign{"sign"};
  const CredentialNames names{.token = token, .sign = sign};
  EXPECT_EQ(mask_json_credentials(R"([{"token":"X","sign":"Y","a":["X"]}])", names),
            R"([{"token":"***","sign":"***","a":["X"]}])");
  EXPECT_EQ(mask_json_credentials(R"({"token":["X]",["Y"]],"a":1})", names), R"({"token":"***","a":1})");
  EXPECT_EQ(mask_json_credentials(R"({"token":["X)", names), R"({"token":"***")");
}

TEST(SecretMask, LettersInAnotherCaseHideNothing) {
  const SecretMask mask(*sample_catalog());
  EXPECT_EQ(mask.encoded("/postback/acme?x=T0KEN-ACME&y=t0ken%2dacme"), "/postback/acme?x=***&y=***");
  EXPECT_EQ(mask.json(R"({"x":"globex-t0ken"})"), R"({"x":"***"})");
}

TEST(SecretMask, AWebhookSecretIsKnownWithoutItsPrefix) {
  const auto catalog = catalog_of(patched_example(
      EntityKind::network, R"({"security":{"webhook":{"secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}}})"));
  const SecretMask mask(*catalog);
  EXPECT_EQ(mask.encoded("?a=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw&b=MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            "?a=***&b=***");
}

}  // namespace
}  // namespace postback

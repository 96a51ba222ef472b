// Secrets in what is logged of a postback.
#include "domain/secret_masking.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace postback

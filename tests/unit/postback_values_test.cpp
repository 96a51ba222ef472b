// Event, transaction ID, status, money and time of a postback.
#include "domain/postback_values.hpp"
#include "domain/ascii_text.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

/// `expected` is part of the warnings; nullptr: there are none.
void expect_warning(const Reading& reading, const char* expected) {
  const std::string warnings = joined(reading.warnings);
  if (expected == nullptr)
    EXPECT_EQ(warnings, "");
  else
    EXPECT_NE(warnings.find(expected), std::string::npos) << warnings;
}

TEST(PostbackMoney, Accepted) {
  struct Row {
    const char* query;
    std::optional<Micros> payout;
    std::optional<Micros> amount;
    const char* currency;
    const char* warning;
  };
  const Row rows[] = {
      {"&payout=12.50", 12'500'000, {}, "", nullptr},
      {"&payout=0", 0, {}, "", nullptr},
      {"&payout=1000000000", kLargestMicros, {}, "", nullptr},
      {"&payout=0.1234565", 123'456, {}, "", "rounded"},
      {"&payout=1,50", 1'500'000, {}, "", "`1,50` of `payout` was read as 1.50"},
      {"&payout=$1.50", 1'500'000, {}, "", "read as 1.50"},
      {"&payout=1.5+USD", 1'500'000, {}, "USD", "read as 1.50 USD"},
      {"&payout=1,234.56", 1'234'560'000, {}, "", "read as 1234.56"},
      {"&payout=1.5+USD&currency=usd", 1'500'000, {}, "USD", "read as"},
      {"&payout=1&currency=usd", 1'000'000, {}, "USD", nullptr},
      {"&payout=1&currency=+eUr+", 1'000'000, {}, "EUR", nullptr},
      {"", {}, {}, "", nullptr},
      {"&payout=", {}, {}, "", nullptr},
      {"&payout=+", {}, {}, "", nullptr},
      {"&payout={payout}", {}, {}, "", "`payout` arrived as the unreplaced macro `{payout}`"},
      {"&payout=%payout%", {}, {}, "", "unreplaced macro `%payout%`"},
      {"&payout=1&currency={currency}", 1'000'000, {}, "", "unreplaced macro `{currency}`"},
      {"&payout=1&amount=99.95", 1'000'000, 99'950'000, "", nullptr},
      {"&payout=1&amount=%23amount%23", 1'000'000, {}, "", "`amount` arrived as the unreplaced macro"},
      {"&payout=1&amount=99,5+EUR&currency=EUR", 1'000'000, 99'500'000, "EUR", "of `amount` was read as"},
      {"&payout=1&amount=%E2%82%AC50", 1'000'000, 50'000'000, "", "of `amount` was read as"},
      {"&payout=1&amount=abc", 1'000'000, {}, "", "`abc` of `amount` is not a usable sum and was left out"},
      {"&payout=1&amount=-50", 1'000'000, {}, "", "left out: it is negative"},
      {"&payout=1&amount=1,234", 1'000'000, {}, "", "left out"},
      {"&payout=1&amount=N/A", 1'000'000, {}, "", "`amount` arrived as the placeholder `N/A`"},
      {"&payout=PAYOUT", {}, {}, "", "the placeholder `PAYOUT`"},
      {"&payout=null", {}, {}, "", "the placeholder `null`"},
      {"&payout=REPLACE_ME", {}, {}, "", "the placeholder `REPLACE_ME`"},
      {"&payout=1&currency=XXX", 1'000'000, {}, "", "the placeholder `XXX`"},
      {"&payout=1&currency=CURRENCY", 1'000'000, {}, "", "the placeholder `CURRENCY`"},
      {"&payout=1&currency=undefined", 1'000'000, {}, "", "the placeholder `undefined`"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.query);
    const Reading reading = read_query(row.query);
    ASSERT_FALSE(reading.refusal) << reading.refusal->message;
    EXPECT_EQ(reading.payout, row.payout);
    EXPECT_EQ(reading.amount, row.amount);
    EXPECT_EQ(reading.currency, row.currency);
    expect_warning(reading, row.warning);
  }
}

TEST(PostbackMoney, Refused) {
  struct Row {
    const char* query;
    VerdictCode code;
    const char* message;
  };
  constexpr auto kInvalid = VerdictCode::payout_invalid;
  constexpr auto kCurrency = VerdictCode::currency_unknown;
  const Row rows[] = {
      {"&payout=1e308", kInvalid, "exponents"},
      {"&payout=1e3", kInvalid, "exponents"},
      {"&payout=99999999999999999999", kInvalid, "1000000000"},
      {"&payout=1000000000.01", kInvalid, "1000000000"},
      {"&payout=-5", kInvalid, "negative"},
      {"&payout=-0.01", kInvalid, "negative"},
      {"&payout=NaN", kInvalid, "`NaN` of `payout`"},
      {"&payout=inf", kInvalid, "`inf`"},
      {"&payout=0x10", kInvalid, "hexadecimal"},
      {"&payout=1,234", kInvalid, "1234.00 or as 1.234"},
      {"&payout=1_0", kInvalid, "`1_0`"},
      {"&payout=%D9%A1%D9%A2", kInvalid, "digits 0 to 9"},
      {"&payout=1%00", kInvalid, "payout"},
      {"&payout=%ff", kInvalid, "payout"},
      {"&payout=(12.50+USD)", kInvalid, "`(12.50 USD)`"},
      {"&payout=(12.50)", kInvalid, "brackets around a sum make it negative"},
      {"&payout=1.5+USD&currency=EUR", kInvalid, "it is in USD, but the currency of this postback is EUR"},
      {"&payout=1&currency=ABC", kCurrency, "`ABC`"},
      {"&payout=1&currency=US", kCurrency, "`US`"},
      {"&payout=1&currency=dollars", kCurrency, "`dollars`"},
      {"&currency=%24", kCurrency, "`$`"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.query);
    const Reading reading = read_query(row.query);
    ASSERT_TRUE(reading.refusal);
    EXPECT_EQ(to_string(reading.refusal->code), to_string(row.code));
    EXPECT_NE(reading.refusal->message.find(row.message), std::string::npos) << reading.refusal->message;
    EXPECT_FALSE(reading.refusal->fix.empty());
    EXPECT_EQ(reading.click_id, sample_click());
  }
}

TEST(PostbackMoney, AFixedPayoutRefusesNothing) {
  SentPostback sent;
  sent.network = "fixed";
  sent.query = "token=FIXED-T0KEN&click_id=$ID&payout=garbage";
  const Reading reading = read_sent(sent);
  ASSERT_FALSE(reading.refusal);
  EXPECT_EQ(reading.payout, std::nullopt);
  EXPECT_TRUE(reading.warnings.empty());
  sent.query = "token=FIXED-T0KEN&click_id=$ID&payout=3&currency=dollars";
  const Reading unknown = read_sent(sent);
  ASSERT_FALSE(unknown.refusal);
  EXPECT_EQ(unknown.currency, "");
  expect_warning(unknown, "`dollars` is neither one in use (ISO 4217) nor declared");
}

TEST(PostbackMoney, NumbersOfJsonAreExact) {
  SentPostback sent;
  sent.method = "POST";
  sent.content_type = "application/json";
  sent.query = "token=$TOKEN";
  sent.body = R"({"click_id":"$ID","payout":0.1,"amount":999999999.999999})";
  const Reading reading = read_sent(sent);
  ASSERT_FALSE(reading.refusal);
  EXPECT_EQ(reading.payout, 100'000);
  EXPECT_EQ(reading.amount, 999'999'999'999'999);
}

TEST(PostbackEvent, PathParameterAndSlug) {
  struct Row {
    const char* path;
    const char* query;
    const char* event;
    const char* warning;
  };
  const Row rows[] = {
      {"", "", "conversion", nullptr},
      {"", "&event=", "conversion", nullptr},
      {"", "&event=Sale", "sale", nullptr},
      {"FTD", "", "ftd", nullptr},
      {"sale", "&event=SALE", "sale", nullptr},
      {"sale", "&event=signup", "sale", "the path counts"},
      {"", "&event=First+Deposit!", "first_deposit", "was read as `first_deposit`"},
      {"first%20deposit", "", "first_20deposit", "is not a slug"},
      {"", "&event={event}", "conversion", "unreplaced macro `{event}`"},
      {"{event}", "&event=sale", "sale", "event in the path is the unreplaced macro"},
      {"", "&event=EVENT", "conversion", "the placeholder `EVENT`"},
      {"", "&event=$TOKEN", "event-", "was read as"},
      {"", "&event=__", "event-", "is not a slug"},
      {"", "&event=%00", "event-", "is not a slug"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.path) + row.query);
    SentPostback sent;
    sent.event = row.path;
    sent.query += row.query;
    const Reading reading = read_sent(sent);
    ASSERT_FALSE(reading.refusal);
    EXPECT_TRUE(std::string_view(row.event).ends_with('-') ? reading.event.starts_with(row.event)
                                                           : reading.event == row.event)
        << reading.event;
    EXPECT_TRUE(is_slug(reading.event));
    expect_warning(reading, row.warning);
  }
}

TEST(PostbackEvent, DifferentEventsKeepDifferentSlugs) {
  const std::string long_a = std::string(100, 'a') + "1";
  const std::string long_b = std::string(100, 'a') + "2";
  EXPECT_NE(event_slug(long_a), event_slug(long_b));
  EXPECT_NE(event_slug("покупка2"), event_slug("регистрация2"));
  for (const auto& text : {long_a, std::string("покупка2"), std::string("-x"), std::string("!"), std::string("\xff")}) {
    EXPECT_TRUE(is_slug(event_slug(text))) << event_slug(text);
  }
  EXPECT_EQ(event_slug(" \t"), "");
}

TEST(PostbackStatus, Words) {
  struct Row {
    const char* network;
    const char* query;
    ConversionStatus status;
    bool unknown;
    const char* event;
    const char* warning;
  };
  using Status = ConversionStatus;
  const Row rows[] = {
      {"acme", "", Status::approved, false, "conversion", nullptr},
      {"acme", "&status=", Status::approved, false, "conversion", nullptr},
      {"acme", "&status=APPROVED", Status::approved, false, "conversion", nullptr},
      {"acme", "&status=pending", Status::pending, false, "conversion", nullptr},
      {"acme", "&status=rejected", Status::rejected, false, "conversion", nullptr},
      {"acme", "&status=Refund", Status::rejected, false, "conversion", nullptr},
      {"acme", "&status=refunded", Status::rejected, false, "conversion", nullptr},
      {"acme", "&status=chargeback", Status::rejected, false, "conversion", nullptr},
      {"acme", "&status=reversed", Status::rejected, false, "conversion", nullptr},
      {"acme", "&status=declined", Status::rejected, false, "conversion", nullptr},
      {"acme", "&status=cancelled", Status::rejected, false, "conversion", nullptr},
      {"acme", "&status=trash", Status::rejected, false, "conversion", nullptr},
      {"acme", "&status=frobbed", Status::pending, true, "conversion", "`frobbed` is no status word of network `acme`"},
      {"acme", "&status={status}", Status::pending, true, "conversion", "is an unreplaced macro"},
      {"acme", "&status=STATUS", Status::pending, true, "conversion", "is an unreplaced placeholder"},
      {"acme", "&status=$TOKEN", Status::pending, true, "conversion", "`***` is no status word"},
      {"acme", "&status=hodl", Status::pending, true, "conversion", "no status word"},
      {"globex", "&status=HODL", Status::pending, false, "conversion", nullptr},
      {"globex", "&status=rebill&event=sale", Status::approved, false, "renewal", nullptr},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.network) + row.query);
    SentPostback sent;
    sent.network = row.network;
    sent.query =
        std::string(sent.network == "acme" ? "token=$TOKEN" : "token=GLOBEX-T0KEN") + "&click_id=$ID" + row.query;
    const Reading reading = read_sent(sent);
    ASSERT_FALSE(reading.refusal);
    EXPECT_EQ(to_string(reading.status), to_string(row.status));
    EXPECT_EQ(reading.status_unknown, row.unknown);
    EXPECT_EQ(reading.event, row.event);
    expect_warning(reading, row.warning);
  }
  EXPECT_EQ(read_query("&status=ReFund").original_status, "ReFund");
}

TEST(PostbackTexts, TransactionIdAndReason) {
  EXPECT_EQ(read_query("&txid=+A1+").txid, "A1");
  EXPECT_EQ(read_query("&txid=a%00b").txid, std::string("a\0b", 3));
  EXPECT_EQ(read_query("&txid={tx}").txid, "");
  expect_warning(read_query("&txid={tx}"), "`txid` arrived as the unreplaced macro `{tx}` and counts as blank");
  const std::string same(300, 'y');
  const Reading long_txid = read_query("&txid=" + same + "1");
  EXPECT_EQ(long_txid.txid.size(), kLongestKeptText);
  EXPECT_NE(long_txid.txid, read_query("&txid=" + same + "2").txid);
  expect_warning(long_txid, "longer than 255");
  EXPECT_EQ(read_query("&reason=too+young").reason, "too young");
  EXPECT_EQ(read_query("&reason=" + same).reason.size(), kLongestKeptText);
  EXPECT_EQ(read_query("&reason=%23reason%23").reason, "");
}

TEST(PostbackTexts, RealValuesInDelimitersAreNoMacros) {
  struct Row {
    const char* sent;
    const char* kept;
  };
  const Row txids[] = {
      {"{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}"},
      {"%23A1002%23", "#A1002#"},
      {"%23A1%23", "#A1#"},
      {"(A1002)", "(A1002)"},
      {"(A)", "(A)"},
      {"<A>", "<A>"},
      {"None-1", "None-1"},
      {"{transaction_id}", ""},
      {"%23tx%23", ""},
      {"[txid]", ""},
      {"TXID", ""},
      {"SUBID", ""},
      {"REPLACE_ME", ""},
      {"null", ""},
      {"N/A", ""},
  };
  for (const auto& row : txids) EXPECT_EQ(read_query(std::string("&txid=") + row.sent).txid, row.kept) << row.sent;
  const Row reasons[] = {
      {"[fraud]", "[fraud]"},   {"(fraud)", "(fraud)"}, {"Replaced+by+customer", "Replaced by customer"},
      {"[decline_reason]", ""}, {"[reason]", ""},       {"{reason}", ""},
      {"REASON", ""},           {"undefined", ""},      {"REPLACE", ""},
  };
  for (const auto& row : reasons)
    EXPECT_EQ(read_query(std::string("&reason=") + row.sent).reason, row.kept) << row.sent;
}

TEST(PostbackTexts, TokensAreNotKept) {
  const Reading reading = read_query("&txid=A-$TOKEN&reason=$TOKEN&status=x$TOKEN&event=a$TOKEN");
  const std::string kept =
      reading.txid + reading.reason + reading.original_status + reading.event + joined(reading.warnings);
  EXPECT_EQ(kept.find(kExampleToken), std::string::npos) << kept;
  EXPECT_EQ(kept.find(to_ascii_lower(kExampleToken)), std::string::npos) << kept;
  EXPECT_TRUE(reading.txid.starts_with("A-***-")) << reading.txid;
  EXPECT_NE(reading.txid, read_query("&txid=A-GLOBEX-T0KEN").txid);
}

TEST(PostbackTime, Forms) {
  const TimeMs expected{std::chrono::seconds{1'768'478'000}};
  EXPECT_EQ(read_query("&time=1768478000").time, expected);
  EXPECT_EQ(read_query("&time=1768478000000").time, expected);
  EXPECT_EQ(read_query("&time=2026-01-15T11:53:20Z").time, expected);
  EXPECT_EQ(read_query("&time=").time, std::nullopt);
  expect_warning(read_query("&time=yesterday"), "`yesterday` is neither RFC 3339");
  expect_warning(read_query("&time={time}"), "unreplaced macro `{time}`");
}

}  // namespace
}  // namespace postback

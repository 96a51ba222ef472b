// Sums: what is read, what is refused and how it is explained (spec section 4, robustness rows 15 to 18).
#include "postback/base/money.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace postback {
namespace {

using Kind = DecimalReading::Kind;

std::string to_text(Kind kind) {
  switch (kind) {
    case Kind::exact: return "exact";
    case Kind::rounded: return "rounded";
    case Kind::repaired: return "repaired";
    case Kind::ambiguous: return "ambiguous";
    case Kind::invalid: return "invalid";
    case Kind::too_large: return "too_large";
  }
  return "?";
}

struct ReadingCase {
  std::string_view text;
  Kind kind;
  Micros micros = 0;
  std::string_view currency = "";
  std::string_view note_has = "";
};

void expect_readings(const std::vector<ReadingCase>& cases) {
  for (const ReadingCase& row : cases) {
    SCOPED_TRACE(std::string{row.text});
    const DecimalReading reading = read_decimal(row.text);
    EXPECT_EQ(to_text(reading.kind), to_text(row.kind)) << reading.note;
    EXPECT_EQ(reading.micros, row.micros);
    EXPECT_EQ(reading.currency, row.currency);
    EXPECT_NE(reading.note.find(row.note_has), std::string::npos) << reading.note;
    EXPECT_EQ(reading.note.empty(), row.kind == Kind::exact) << reading.note;
    EXPECT_EQ(reading.has_value(), row.kind == Kind::exact || row.kind == Kind::rounded || row.kind == Kind::repaired);
  }
}

TEST(ReadDecimal, plain_text_is_exact) {
  expect_readings({
      {"0", Kind::exact, 0},
      {"-0", Kind::exact, 0},
      {"12.50", Kind::exact, 12'500'000},
      {"12.5", Kind::exact, 12'500'000},
      {"007", Kind::exact, 7'000'000},
      {"0.000001", Kind::exact, 1},
      {"1.234", Kind::exact, 1'234'000},
      {"-5", Kind::exact, -5'000'000},
      {"-0.07", Kind::exact, -70'000},
      {"1000000000", Kind::exact, kLargestMicros},
      {"1000000000.000000", Kind::exact, kLargestMicros},
      {"-1000000000", Kind::exact, -kLargestMicros},
  });
}

TEST(ReadDecimal, more_than_six_decimals_round_half_to_even) {
  expect_readings({
      {"0.0000005", Kind::rounded, 0, "", "0.00"},
      {"0.0000015", Kind::rounded, 2, "", "0.000002"},
      {"0.0000025", Kind::rounded, 2, "", "0.000002"},
      {"0.00000250000000000001", Kind::rounded, 3, "", "0.000003"},
      {"-0.0000015", Kind::rounded, -2, "", "-0.000002"},
      {"0.0000014999", Kind::rounded, 1, "", "0.000001"},
      {"0.9999999", Kind::rounded, 1'000'000, "", "1.00"},
      {"12.5000000", Kind::rounded, 12'500'000, "", "12.50"},
      {"1.2345678901234567890123456", Kind::rounded, 1'234'568, "", "1.234568"},
      {"999999999.9999999", Kind::rounded, kLargestMicros, "", "1000000000.00"},
      {"12,1234567 EUR", Kind::rounded, 12'123'457, "EUR", "12.123457 EUR"},
  });
}

TEST(ReadDecimal, unambiguous_texts_are_read_with_a_note) {
  expect_readings({
      {"12,50", Kind::repaired, 12'500'000, "", "read as 12.50"},
      {"1,50", Kind::repaired, 1'500'000, "", "read as 1.50"},
      {"1,2345", Kind::repaired, 1'234'500, "", "1.2345"},
      {"0,234", Kind::repaired, 234'000, "", "0.234"},
      {"1234,567", Kind::repaired, 1'234'567'000, "", "1234.567"},
      {"$12.50", Kind::repaired, 12'500'000, "", "read as 12.50"},
      {"$1.50", Kind::repaired, 1'500'000, "", "read as 1.50"},
      {"-$5", Kind::repaired, -5'000'000, "", "-5.00"},
      {"$-5", Kind::repaired, -5'000'000, "", "-5.00"},
      {"12.50 USD", Kind::repaired, 12'500'000, "USD", "read as 12.50 USD"},
      {"1.5 USD", Kind::repaired, 1'500'000, "USD", "read as 1.50 USD"},
      {"12.50usd", Kind::repaired, 12'500'000, "USD", "12.50 USD"},
      {"USD 12.50", Kind::repaired, 12'500'000, "USD", "12.50 USD"},
      {"12.50 USDT", Kind::repaired, 12'500'000, "USDT", "12.50 USDT"},
      {"US$12.50", Kind::repaired, 12'500'000, "USD", "12.50 USD"},
      {"$12.50 USD", Kind::repaired, 12'500'000, "USD", "12.50 USD"},
      {"12,50 €", Kind::repaired, 12'500'000, "EUR", "12.50 EUR"},
      {"£3", Kind::repaired, 3'000'000, "", "3.00"},
      {"1,234.56", Kind::repaired, 1'234'560'000, "", "1234.56"},
      {"1.234,56", Kind::repaired, 1'234'560'000, "", "1234.56"},
      {"1,234,567", Kind::repaired, 1'234'567'000'000, "", "1234567.00"},
      {"1.234.567", Kind::repaired, 1'234'567'000'000, "", "1234567.00"},
      {"1,234,567.8", Kind::repaired, 1'234'567'800'000, "", "1234567.80"},
      {"1 234,56", Kind::repaired, 1'234'560'000, "", "1234.56"},
      {"1'234.56", Kind::repaired, 1'234'560'000, "", "1234.56"},
      {" 12.50 ", Kind::repaired, 12'500'000, "", "12.50"},
      {"12.50\r\n", Kind::repaired, 12'500'000, "", "12.50"},
      {"+5", Kind::repaired, 5'000'000, "", "5.00"},
      {".5", Kind::repaired, 500'000, "", "0.50"},
      {"5.", Kind::repaired, 5'000'000, "", "5.00"},
  });
}

TEST(ReadDecimal, two_possible_readings_are_both_named) {
  expect_readings({
      {"1,234", Kind::ambiguous, 0, "", "1234.00 or as 1.234"},
      {"-12,500", Kind::ambiguous, 0, "", "-12500.00 or as -12.500"},
      {"100,000 USD", Kind::ambiguous, 0, "", "100000.00 or as 100.000"},
      {"$1,234", Kind::ambiguous, 0, "", "1234.00"},
  });
}

TEST(ReadDecimal, what_is_not_a_number_is_explained) {
  expect_readings({
      {"", Kind::invalid, 0, "", "empty"},
      {"   ", Kind::invalid, 0, "", "empty"},
      {"NaN", Kind::invalid},
      {"inf", Kind::invalid},
      {"-Infinity", Kind::invalid},
      {"null", Kind::invalid},
      {"{payout}", Kind::invalid},
      {"0x10", Kind::invalid, 0, "", "hexadecimal"},
      {"1e3", Kind::invalid, 0, "", "exponent"},
      {"1e308", Kind::invalid, 0, "", "exponent"},
      {"1E-3", Kind::invalid, 0, "", "exponent"},
      {"1_0", Kind::invalid},
      {"\xD9\xA1\xD9\xA2", Kind::invalid, 0, "", "0 to 9"},  // Arabic-Indic 12
      {"1\xD9\xA1", Kind::invalid, 0, "", "0 to 9"},
      {"1/2", Kind::invalid},
      {"50%", Kind::invalid},
      {"(5)", Kind::invalid},
      {"--5", Kind::invalid, 0, "", "two signs"},
      {"-$-5", Kind::invalid, 0, "", "two signs"},
      {"5-", Kind::invalid},
      {"-", Kind::invalid, 0, "", "no digits"},
      {"$", Kind::invalid, 0, "", "no digits"},
      {".", Kind::invalid, 0, "", "no digits"},
      {"1.2.3", Kind::invalid, 0, "", "marks"},
      {"1,23.45", Kind::invalid, 0, "", "marks"},
      {"1,234.567,89", Kind::invalid, 0, "", "marks"},
      {"0,123,456", Kind::invalid, 0, "", "marks"},
      {"1234,567,890", Kind::invalid, 0, "", "marks"},
      {"12 50", Kind::invalid, 0, "", "marks"},
      {"12.50 12.50", Kind::invalid, 0, "", "marks"},
      {"12.50 €USD", Kind::invalid, 0, "", "two currencies"},
      {"EUR 12.50 USD", Kind::invalid, 0, "", "two currencies"},
      {"12.50 dollars", Kind::invalid},
      {std::string_view{"1\0002", 3}, Kind::invalid},
  });
}

TEST(ReadDecimal, sums_beyond_the_largest_have_no_value) {
  expect_readings({
      {"1000000000.000001", Kind::too_large, 0, "", "1000000000"},
      {"1000000000.0000001", Kind::too_large},
      {"1000000001", Kind::too_large},
      {"-1000000001", Kind::too_large},
      {"99999999999999999999", Kind::too_large},
      {"9,999,999,999.00", Kind::too_large},
  });
  EXPECT_EQ(to_text(read_decimal(std::string(100'000, '9')).kind), "too_large");
}

TEST(ParseDecimal, takes_plain_text_only) {
  struct Row {
    std::string_view text;
    std::optional<Micros> micros;
  };
  const std::vector<Row> rows{
      {"12.50", 12'500'000},
      {"0", 0},
      {"-0.000001", -1},
      {"1000000000", kLargestMicros},
      {"1.123456", 1'123'456},
      {"", {}},
      {"-", {}},
      {".5", {}},
      {"5.", {}},
      {"1.1234567", {}},
      {"1000000000.1", {}},
      {"12,50", {}},
      {" 1", {}},
      {"1 ", {}},
      {"+1", {}},
      {"1e3", {}},
      {"--1", {}},
      {"1.-1", {}},
      {"99999999999999999999", {}},
  };
  for (const Row& row : rows) EXPECT_EQ(parse_decimal(row.text), row.micros) << row.text;
}

TEST(FormatDecimal, has_two_to_six_decimals) {
  struct Row {
    Micros micros;
    std::string_view text;
  };
  const std::vector<Row> rows{
      {12'500'000, "12.50"},
      {5'000, "0.005"},
      {-3'000'000, "-3.00"},
      {0, "0.00"},
      {1, "0.000001"},
      {-70'000, "-0.07"},
      {kLargestMicros, "1000000000.00"},
      {std::numeric_limits<Micros>::min(), "-9223372036854.775808"},
  };
  for (const Row& row : rows) EXPECT_EQ(format_decimal(row.micros), row.text);
}

TEST(FormatDecimal, is_read_back_exactly) {
  for (Micros micros = 1; micros < kLargestMicros / 8; micros = micros * 7 + 3) {
    EXPECT_EQ(parse_decimal(format_decimal(micros)), micros);
    EXPECT_EQ(parse_decimal(format_decimal(-micros)), -micros);
  }
}

TEST(IsIsoCurrency, knows_currencies_in_use_only) {
  for (const std::string_view code : {"USD", "EUR", "AED", "ZWG", "XOF", "XCG", "SLE"})
    EXPECT_TRUE(is_iso_currency(code)) << code;
  for (const std::string_view code :
       {"XXX", "XTS", "XAU", "XAG", "XDR", "US", "usd", "USDT", "", "DEM", "USDEUR", "HRK"}) {
    EXPECT_FALSE(is_iso_currency(code)) << code;
  }
}

}  // namespace
}  // namespace postback

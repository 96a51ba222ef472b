// Sums as networks write them: which mark is the decimal one, which group thousands, and what cannot be told.
//
//   text   = [space] [sign] [name] [space] [sign] number [space] [name] [space]
//   name   = a currency symbol, or a code of three to five letters
//   number = digits with at most one decimal mark (`.` or `,`) and at most one kind of thousands mark (`,` `.` `'`
//   space)
#include "base/currency_symbols.hpp"
#include "base/digits.hpp"
#include "base/number_parts.hpp"
#include "postback/base/money.hpp"

#include <algorithm>

namespace postback {
namespace {

using Kind = DecimalReading::Kind;

bool is_space(char character) { return character == ' ' || (character >= '\t' && character <= '\r'); }
bool is_number_part(char character) {
  return is_digit(character) || character == '.' || character == ',' || character == '\'' || character == ' ';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

DecimalReading without_value(Kind kind, std::string note) { return {kind, 0, {}, std::move(note)}; }

/// The text taken apart. `plain`: nothing but a minus sign and the number was there.
struct Written {
  std::string_view number;
  std::string currency;
  bool negative = false;
  bool plain = true;
};

/// Takes one sign from the front of `text`; false when there was one already.
bool take_sign(std::string_view& text, Written& written, bool& signed_already) {
  if (!text.starts_with('-') && !text.starts_with('+')) return true;
  if (signed_already) return false;
  signed_already = true;
  written.negative = text.front() == '-';
  written.plain = written.plain && written.negative;
  text.remove_prefix(1);
  return true;
}

/// Takes a currency's symbol or code from the front of `text`; false when it contradicts the one already read.
bool take_currency(std::string_view& text, Written& written) {
  const CurrencyName name = read_currency_name(text);
  if (name.length == 0) return true;
  written.plain = false;
  text.remove_prefix(name.length);
  if (!name.code.empty() && !written.currency.empty() && name.code != written.currency) return false;
  if (!name.code.empty()) written.currency = name.code;
  return true;
}

/// Why a text that begins like `number` and goes on with `rest` is not a sum.
std::string explain_rest(std::string_view number, std::string_view rest) {
  const bool digit_before = !number.empty() && is_digit(number.back());
  const bool digit_after = rest.size() > 1 && (is_digit(rest[1]) || rest[1] == '+' || rest[1] == '-');
  if (digit_before && digit_after && (rest[0] == 'e' || rest[0] == 'E'))
    return "exponents are not read: write the digits out";
  if (number == "0" && (rest[0] == 'x' || rest[0] == 'X')) return "hexadecimal is not read: write a decimal number";
  if (static_cast<unsigned char>(rest[0]) >= 0x80) return "only the digits 0 to 9 are read";
  return number.empty() ? "it is not a number" : "something other than a number stands in it";
}

/// Takes `text` apart into `written`; otherwise says why it is not a sum.
std::string take_apart(std::string_view text, Written& written) {
  const std::string_view trimmed = trim(text);
  if (trimmed.empty()) return "it is empty";
  written.plain = trimmed.size() == text.size();
  std::string_view rest = trimmed;
  bool is_signed = false;
  if (!take_sign(rest, written, is_signed)) return "it has two signs";
  take_currency(rest, written);
  rest = trim(rest);
  if (!take_sign(rest, written, is_signed)) return "it has two signs";

  const auto end = std::find_if_not(rest.begin(), rest.end(), is_number_part);
  const auto length = static_cast<std::size_t>(end - rest.begin());
  written.number = trim(rest.substr(0, length));
  rest.remove_prefix(length);
  const std::string_view tail = rest;
  if (written.number.empty()) return tail.empty() ? "it has no digits" : explain_rest(written.number, tail);
  if (!take_currency(rest, written)) return "it names two currencies";
  // A symbol and a code together are common: `$12.50 USD` has one at each end, `12.50 $ USD` both behind.
  rest = trim(rest);
  if (!take_currency(rest, written)) return "it names two currencies";
  return rest.empty() ? std::string{} : explain_rest(written.number, tail);
}

std::string with_currency(Micros micros, const std::string& currency) {
  return format_decimal(micros) + (currency.empty() ? "" : " " + currency);
}

DecimalReading ambiguous(const Written& written, const NumberParts& parts) {
  const std::string whole = (written.negative ? "-" : "") + std::string{parts.whole};
  const std::string decimals{parts.decimals};
  return without_value(Kind::ambiguous, "it can be read as " + whole + decimals + ".00 or as " + whole + "." +
                                            decimals + ": write it without thousands marks and with a decimal point");
}

}  // namespace

DecimalReading read_decimal(std::string_view text) {
  Written written;
  if (std::string reason = take_apart(text, written); !reason.empty())
    return without_value(Kind::invalid, std::move(reason));
  const NumberParts parts = split_number(written.number);
  if (!parts.has_digits()) return without_value(Kind::invalid, "it has no digits");
  if (!parts.is_well_formed()) {
    return without_value(Kind::invalid, "its decimal and thousands marks fit no way of writing a number");
  }
  if (parts.is_ambiguous()) return ambiguous(written, parts);

  bool rounded = false;
  const std::optional<Micros> magnitude = to_micros(parts, rounded);
  if (!magnitude) return without_value(Kind::too_large, "it is beyond 1000000000, the largest sum accepted");
  const Micros micros = written.negative ? -*magnitude : *magnitude;
  const std::string read_as = with_currency(micros, written.currency);
  if (rounded) return {Kind::rounded, micros, written.currency, "rounded to six decimals (half to even) as " + read_as};
  if (written.plain && parts.is_plain()) return {Kind::exact, micros, {}, {}};
  return {Kind::repaired, micros, written.currency, "read as " + read_as};
}

}  // namespace postback

// Sums as networks write them: which mark is the decimal one, which group thousands, and what cannot be told.
//
//   text   = [space] [sign] [name] [space] [sign] number [space] [name] [space]
//   name   = a currency symbol, or a code of three to five letters
//   number = digits with at most one decimal mark (`.` or `,`) and at most one kind of thousands mark (`,` `.` `'`
//   space)
#include "base/currency_symbols.hpp"
#include "postback/base/money.hpp"

#include <algorithm>

namespace postback {
namespace {

using Kind = DecimalReading::Kind;

constexpr std::size_t kDecimals = 6;

bool is_digit(char character) { return character >= '0' && character <= '9'; }
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

/// Which characters play which part in a number; 0 for none.
struct Marks {
  char decimal = 0;
  char group = 0;
};

Marks find_marks(std::string_view number) {
  const auto dots = std::count(number.begin(), number.end(), '.');
  const auto commas = std::count(number.begin(), number.end(), ',');
  const std::size_t last = number.find_last_of(".,");
  if (dots > 0 && commas > 0) return number[last] == '.' ? Marks{'.', ','} : Marks{',', '.'};
  if (dots > 1) return {0, '.'};
  if (commas > 1) return {0, ','};
  const std::size_t group = number.find_first_of(" '");
  return {last == std::string_view::npos ? char{0} : number[last],
          group == std::string_view::npos ? char{0} : number[group]};
}

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

/// Whether `whole` is digits, or groups of three behind a first one of one to three that does not begin with 0.
bool is_whole_part(std::string_view whole, char group) {
  const std::size_t first = group == 0 ? std::string_view::npos : whole.find(group);
  if (first == std::string_view::npos) return all_digits(whole);
  if (first == 0 || first > 3 || whole.front() == '0' || !all_digits(whole.substr(0, first))) return false;
  for (whole.remove_prefix(first); !whole.empty(); whole.remove_prefix(4)) {
    if (whole.size() < 4 || whole.front() != group || !all_digits(whole.substr(1, 3))) return false;
  }
  return true;
}

/// The number as whole part (with its group marks) and decimals.
struct Parts {
  std::string_view whole;
  std::string_view decimals;
};

/// One comma before exactly three digits, behind what could be a first group: thousands and decimals look the same.
bool is_ambiguous(const Marks& marks, const Parts& parts) {
  return marks.decimal == ',' && marks.group == 0 && parts.decimals.size() == 3 && !parts.whole.empty() &&
         parts.whole.size() <= 3 && parts.whole.front() != '0';
}

/// The value of `parts`, always positive; sets `rounded` when digits beyond the sixth decimal were dropped or carried.
std::optional<Micros> to_micros(const Parts& parts, bool& rounded) {
  Micros micros = 0;
  for (const char character : parts.whole) {
    if (!is_digit(character)) continue;
    micros = micros * 10 + (character - '0') * kMicrosPerUnit;
    if (micros > kLargestMicros) return std::nullopt;
  }
  Micros place = kMicrosPerUnit / 10;
  for (const char digit : parts.decimals.substr(0, kDecimals)) {
    micros += (digit - '0') * place;
    place /= 10;
  }
  const std::string_view beyond = parts.decimals.substr(std::min(kDecimals, parts.decimals.size()));
  const bool tail = beyond.find_first_not_of('0') != std::string_view::npos;
  if (micros > kLargestMicros || (micros == kLargestMicros && tail)) return std::nullopt;
  rounded = !beyond.empty();
  if (!tail || beyond.front() < '5') return micros;
  const bool exactly_half = beyond.front() == '5' && beyond.find_first_not_of('0', 1) == std::string_view::npos;
  return exactly_half && micros % 2 == 0 ? micros : micros + 1;
}

std::string with_currency(Micros micros, const std::string& currency) {
  return format_decimal(micros) + (currency.empty() ? "" : " " + currency);
}

DecimalReading ambiguous(const Written& written, const Parts& parts) {
  const std::string sign = written.negative ? "-" : "";
  const std::string whole{parts.whole};
  const std::string decimals{parts.decimals};
  return without_value(Kind::ambiguous, "it can be read as " + sign + whole + decimals + ".00 or as " + sign + whole +
                                            "." + decimals +
                                            ": write it without thousands marks and with a decimal point");
}

}  // namespace

DecimalReading read_decimal(std::string_view text) {
  Written written;
  if (std::string reason = take_apart(text, written); !reason.empty())
    return without_value(Kind::invalid, std::move(reason));
  const Marks marks = find_marks(written.number);
  const std::size_t mark = marks.decimal == 0 ? std::string_view::npos : written.number.find(marks.decimal);
  const Parts parts{written.number.substr(0, mark),
                    mark == std::string_view::npos ? std::string_view{} : written.number.substr(mark + 1)};
  if (parts.whole.empty() && parts.decimals.empty()) return without_value(Kind::invalid, "it has no digits");
  if (!is_whole_part(parts.whole, marks.group) || !all_digits(parts.decimals)) {
    return without_value(Kind::invalid, "its decimal and thousands marks fit no way of writing a number");
  }
  if (is_ambiguous(marks, parts)) return ambiguous(written, parts);

  bool rounded = false;
  const std::optional<Micros> magnitude = to_micros(parts, rounded);
  if (!magnitude) return without_value(Kind::too_large, "it is beyond 1000000000, the largest sum accepted");
  const Micros micros = written.negative ? -*magnitude : *magnitude;
  const std::string read_as = with_currency(micros, written.currency);
  if (rounded) return {Kind::rounded, micros, written.currency, "rounded to six decimals (half to even) as " + read_as};
  const bool point_or_nothing = mark == std::string_view::npos || (marks.decimal == '.' && !parts.decimals.empty());
  if (written.plain && marks.group == 0 && point_or_nothing && !parts.whole.empty())
    return {Kind::exact, micros, {}, {}};
  return {Kind::repaired, micros, written.currency, "read as " + read_as};
}

}  // namespace postback

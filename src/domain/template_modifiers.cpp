// Modifiers of template tokens: parsing them when the catalog loads, applying them to a click's values.
#include "domain/ascii_text.hpp"
#include "domain/half_even.hpp"
#include "domain/nearest_name.hpp"
#include "domain/template_tokens.hpp"
#include "postback/base/money.hpp"
#include "postback/base/time_text.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

namespace postback {
namespace {

using namespace std::string_view_literals;
using Kind = UrlTemplate::Modifier::Kind;

/// Those without an argument.
constexpr std::array<std::pair<std::string_view, Kind>, 8> kPlain{{{"lower", Kind::lower},
                                                                   {"upper", Kind::upper},
                                                                   {"trim", Kind::trim},
                                                                   {"digits", Kind::digits},
                                                                   {"sha256", Kind::sha256},
                                                                   {"md5", Kind::md5},
                                                                   {"iso8601", Kind::iso8601},
                                                                   {"utc", Kind::utc}}};
constexpr std::array kModifierNames{"lower"sv, "upper"sv,   "trim"sv,    "digits"sv,     "sha256"sv,      "md5"sv,
                                    "utc"sv,   "iso8601"sv, "round:N"sv, "multiply:N"sv, "default:TEXT"sv};
constexpr std::int64_t kMostDecimals = 6;

Error refused(std::string detail) { return Error{ErrorCode::invalid_argument, std::move(detail)}; }

Error unknown_modifier(std::string_view text) {
  std::string detail = "\"" + std::string(text) + "\" is not a modifier";
  const std::string_view nearest = nearest_name(text, kModifierNames);
  if (!nearest.empty()) return refused(detail + "; did you mean \"" + std::string(nearest) + "\"?");
  return refused(detail +
                 "; the modifiers are lower, upper, trim, digits, sha256, md5, iso8601, utc, "
                 "multiply:N, round:N and default:TEXT");
}

Result<UrlTemplate::Modifier> parse_with_argument(std::string_view name, std::string_view argument) {
  if (name == "multiply") {
    const auto factor = parse_decimal(argument);
    if (!factor) return refused("multiply needs a decimal number with at most 6 decimals, as in multiply:0.8");
    return UrlTemplate::Modifier{Kind::multiply, *factor, {}};
  }
  if (name == "round") {
    if (argument.size() != 1 || argument[0] < '0' || argument[0] > '0' + kMostDecimals) {
      return refused("round needs a number of decimals from 0 to 6, as in round:2");
    }
    return UrlTemplate::Modifier{Kind::round, argument[0] - '0', {}};
  }
  if (std::any_of(argument.begin(), argument.end(), [](char c) { return c < '!' || c > '~'; })) {
    return refused(
        "the text of default cannot hold spaces, control characters or characters outside ASCII, nor can they be "
        "written percent-encoded, since the text is encoded once more; use other characters");
  }
  if (argument.find('{') != std::string_view::npos) return refused("the text of default cannot hold a brace");
  return UrlTemplate::Modifier{Kind::fallback, 0, std::string(argument)};
}

std::string hex_digest(std::string_view value, const EVP_MD* algorithm) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  // A system that forbids MD5 gives no digest; no value is better than a wrong one.
  if (EVP_Digest(value.data(), value.size(), digest.data(), &length, algorithm, nullptr) != 1) return {};
  std::string hex;
  hex.reserve(std::size_t{2} * length);
  for (unsigned i = 0; i < length; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4];
    hex += "0123456789abcdef"[digest[i] & 15];
  }
  return hex;
}

/// Exactly `decimals` decimals of a sum that is a multiple of the last one.
std::string format_fixed(Micros micros, std::int64_t decimals) {
  const std::uint64_t size =
      micros < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
  constexpr auto kUnit = static_cast<std::uint64_t>(kMicrosPerUnit);
  std::string text = (micros < 0 ? "-" : "") + std::to_string(size / kUnit);
  if (decimals == 0) return text;
  const std::string fraction = std::to_string(kUnit + size % kUnit).substr(1);
  return text + "." + fraction.substr(0, static_cast<std::size_t>(decimals));
}

std::string multiply(const std::string& value, std::int64_t factor) {
  const DecimalReading reading = read_decimal(value);
  if (reading.kind != DecimalReading::Kind::exact && reading.kind != DecimalReading::Kind::rounded) return value;
  const Wide product = divide_half_even(Wide{reading.micros} * factor, kMicrosPerUnit);
  if (product > kLargestMicros || product < -kLargestMicros) return {};
  return format_decimal(static_cast<Micros>(product));
}

std::string round_to(const std::string& value, std::int64_t decimals) {
  const DecimalReading reading = read_decimal(value);
  if (reading.kind != DecimalReading::Kind::exact && reading.kind != DecimalReading::Kind::rounded) return value;
  Micros step = 1;
  for (std::int64_t i = decimals; i < kMostDecimals; ++i) step *= 10;
  return format_fixed(static_cast<Micros>(divide_half_even(reading.micros, step) * step), decimals);
}

/// Unix seconds as RFC 3339 without decimals, with `between` before the time of day and `zone` behind it. What is no
/// such number stays as it is.
std::string format_time(const std::string& value, char between, std::string_view zone) {
  constexpr std::size_t kLongest = 11;
  const bool number = value.size() <= kLongest && std::all_of(value.begin(), value.end(), is_ascii_digit);
  if (!number) return value;
  std::string text = format_rfc3339(TimeMs{std::chrono::seconds{std::stoll(value)}});
  const std::size_t date = text.find('T');
  text.resize(text.rfind('.'));
  text[date] = between;
  return text.append(zone);
}

std::string apply(std::string value, const UrlTemplate::Modifier& modifier) {
  if (modifier.kind == Kind::fallback) return value.empty() ? modifier.text : value;
  if (value.empty()) return value;
  switch (modifier.kind) {
    case Kind::lower:
      for (char& c : value) c = ascii_lower(c);
      return value;
    case Kind::upper:
      for (char& c : value) c = ascii_upper(c);
      return value;
    case Kind::trim: return std::string(trim(value));
    case Kind::digits: std::erase_if(value, [](char c) { return !is_ascii_digit(c); }); return value;
    case Kind::iso8601: return format_time(value, 'T', "Z");
    case Kind::utc: return format_time(value, ' ', "+00:00");
    case Kind::sha256: return hex_digest(value, EVP_sha256());
    case Kind::md5: return hex_digest(value, EVP_md5());
    case Kind::multiply: return multiply(value, modifier.number);
    case Kind::round: return round_to(value, modifier.number);
    case Kind::fallback: break;
  }
  return value;
}

}  // namespace

Result<UrlTemplate::Modifier> parse_modifier(std::string_view text) {
  const auto plain = std::find_if(kPlain.begin(), kPlain.end(), [text](const auto& row) { return row.first == text; });
  if (plain != kPlain.end()) return UrlTemplate::Modifier{plain->second, 0, {}};
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  if (name != "multiply" && name != "round" && name != "default") return unknown_modifier(text);
  return parse_with_argument(name, colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1));
}

std::string apply_modifiers(std::string_view value, const std::vector<UrlTemplate::Modifier>& modifiers) {
  std::string changed(value);
  for (const UrlTemplate::Modifier& modifier : modifiers) changed = apply(std::move(changed), modifier);
  return changed;
}

}  // namespace postback

// The currencies of ISO 4217 in use, and the names they are written under.
#include "base/currency_symbols.hpp"
#include "postback/base/money.hpp"

#include <algorithm>
#include <array>

namespace postback {
namespace {

/// ISO 4217 list one without fund units, metals, drawing rights and test codes. ANG and BGN, replaced by XCG in 2025
/// and by EUR in 2026, stay while networks still settle in them.
constexpr auto kIsoCodes = std::to_array<std::string_view>({
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF",
    "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC",
    "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS",
    "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD",
    "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL",
    "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD",
    "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD",
    "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP",
    "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED",
    "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
});
static_assert(std::ranges::is_sorted(kIsoCodes));

struct Symbol {
  std::string_view text;
  std::string_view code;  ///< Empty: several currencies use it.
};

constexpr auto kSymbols = std::to_array<Symbol>({
    {"$", ""},
    {"US$", "USD"},
    {"R$", "BRL"},
    {"€", "EUR"},
    {"£", ""},
    {"¥", ""},
    {"₹", "INR"},
    {"₽", "RUB"},
    {"₴", "UAH"},
    {"₺", "TRY"},
    {"₪", "ILS"},
    {"₦", "NGN"},
    {"₫", "VND"},
    {"zł", "PLN"},
    {"Kč", "CZK"},
});

bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

}  // namespace

bool is_iso_currency(std::string_view code) { return std::ranges::binary_search(kIsoCodes, code); }

CurrencyName read_currency_name(std::string_view text) {
  for (const Symbol& symbol : kSymbols) {
    if (text.starts_with(symbol.text)) return {symbol.text.size(), std::string{symbol.code}};
  }
  const auto letters = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_letter) - text.begin());
  if (letters < 3 || letters > 5) return {};
  std::string code{text.substr(0, letters)};
  for (char& letter : code) letter = static_cast<char>(letter & ~0x20);  // an ASCII letter without bit 5 is upper-case
  return {letters, std::move(code)};
}

}  // namespace postback

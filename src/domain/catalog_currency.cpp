// Currency documents: codes that are valid beside those of ISO 4217.
#include "domain/ascii.hpp"
#include "domain/catalog_entities.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::size_t kShortestCode = 2;
constexpr std::size_t kLongestCode = 10;

/// Whether `id` can be a code in lower case.
bool is_code(std::string_view id) {
  return id.size() >= kShortestCode && id.size() <= kLongestCode &&
         std::all_of(id.begin(), id.end(), [](char c) { return is_ascii_lower(c) || is_ascii_digit(c); });
}

std::string to_code(std::string_view id) {
  std::string code(id);
  for (char& c : code) c = ascii_upper(c);
  return code;
}

}  // namespace

CurrencyState currency_state(std::string_view code, const DeclaredCurrencies& declared) {
  if (is_iso_currency(code)) return CurrencyState::usable;
  if (declared.empty() || code.size() > kLongestCode) return CurrencyState::unknown;
  const auto found = declared.find(to_ascii_lower(code));
  if (found == declared.end() || to_code(found->first) != code) return CurrencyState::unknown;
  return found->second->archived ? CurrencyState::archived : CurrencyState::usable;
}

Json read_currency(ObjectReader& reader, Currency& currency) {
  if (!is_code(currency.id)) {
    reader.fault("id", "cannot be a currency's code in lower case", "2 to 10 lower-case letters or digits, as in usdt");
  } else if (is_iso_currency(to_code(currency.id))) {
    reader.fault("id", "is a code of ISO 4217", "nothing to declare: such a code is always valid");
  }
  currency.name = reader.required_text("name", "a name for people, such as \"Tether USD\"");
  reader.finish();
  return Json{{"name", currency.name}};
}

}  // namespace postback

// Currencies written beside a sum: symbols and codes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace postback {

/// What stands at the start of a text. `code` is upper-case, and empty for a symbol that several currencies share.
struct CurrencyName {
  std::size_t length = 0;  ///< In bytes; 0: no currency stands there.
  std::string code;
};

/// Reads a symbol, or a word of three to five letters, which need not be a known currency.
CurrencyName read_currency_name(std::string_view text);

}  // namespace postback

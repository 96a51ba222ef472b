// Visitor: what is known of somebody who follows a tracking link, for routing, templates and the record.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/domain/parameters.hpp"

#include <optional>
#include <string_view>

namespace postback {

/// Gives the values of request headers by name.
class HeaderSource {
 public:
  virtual ~HeaderSource() = default;
  /// The first header of this name (any case); empty: there is none.
  virtual std::string_view header(std::string_view name) const = 0;
};

/// Absent facts are empty. All views live until the visitor is answered.
struct Visitor {
  TimeMs time{};
  std::string_view ip{};        ///< Whole, whatever is recorded of it.
  std::string_view country{};   ///< ISO 3166-1 alpha-2, capitals.
  std::string_view region{};    ///< ISO 3166-2 without the country, or a name, as the database has it.
  std::string_view city{};      ///< Its English name.
  std::string_view device{};    ///< `desktop`, `mobile`, `tablet`, ...
  std::string_view os{};        ///< Family without version, such as `Android`.
  std::string_view browser{};   ///< Family without version, such as `Chrome Mobile`.
  std::string_view language{};  ///< The first of Accept-Language.
  std::string_view user_agent{};
  std::string_view referrer{};
  bool bot = false;
  std::optional<bool>
      unique{};  ///< Whether this is the first visit to the campaign within 24 hours; nothing: not known.
  const Parameters* query = nullptr;
  const HeaderSource* headers = nullptr;
};

}  // namespace postback

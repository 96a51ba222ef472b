// ObjectReader: reads the fields of one JSON object, collecting every fault with its path instead of stopping at the
// first.
#pragma once

#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// Reads fields by name and remembers which were asked for; `finish` reports the others. An absent field and a null are
/// the same. References given must outlive the reader; what it gives lives as long as
/// both.
class ObjectReader {
 public:
  /// `path` goes before a field's name in faults, such as `offers/vpn: ` or `paths[0].`. Not an object: one fault, no
  /// fields.
  ObjectReader(const Json& value, std::string path, Faults& faults);

  /// Its words were taken by an earlier version, perhaps: what is asked for only since then is no fault of theirs.
  void spare_newer_rules() { spared_ = true; }
  bool is_spared() const { return spared_; }

  /// The field's value; nullptr when absent or null.
  const Json* find(std::string_view field);

  /// Text without control characters, at most `largest` bytes. Absent and empty are the same: empty.
  std::string text(std::string_view field, std::size_t largest = 200);
  /// The same, where absent or empty is a fault.
  std::string required_text(std::string_view field, std::string_view expected, std::size_t largest = 200);
  /// One of `choices` (`fallback` when absent); `not_yet` lists values of the spec that cannot be used yet.
  std::string choice(std::string_view field, std::string_view fallback, std::initializer_list<std::string_view> choices,
                     std::initializer_list<std::string_view> not_yet = {});
  /// A code of ISO 4217 or of a declared currency, which must be in use unless `archived` says that the object itself
  /// is not; empty when absent.
  std::string currency(std::string_view field, const DeclaredCurrencies& declared, bool archived = false);
  /// Decimal text of at least 0, or nothing when absent.
  std::optional<Micros> amount(std::string_view field);
  std::uint32_t integer(std::string_view field, std::uint32_t fallback, std::uint32_t least, std::uint32_t largest);
  bool boolean(std::string_view field, bool fallback);
  /// A parameter name, or an array of 1 to 20 different ones. Absent: none.
  std::vector<std::string> parameter_names(std::string_view field);
  /// The field's array (empty when absent), of at most `largest` entries.
  std::span<const Json> array(std::string_view field, std::size_t largest);
  /// The field's object, or an empty one when absent.
  const Json& object(std::string_view field);

  /// Fields of parts that do not exist yet: accepted when null, empty or false, so that whole exports can be sent.
  void not_available(std::initializer_list<std::string_view> fields);
  /// The same for one field, which may also have the value that stands for how things are without it.
  void not_available_except(std::string_view field, const Json& harmless);
  /// Reports every field that nobody asked for, with the nearest known name.
  void finish();

  void fault(std::string_view field, std::string problem, std::string expected);
  /// A fault of the object itself.
  void fault_here(std::string problem, std::string expected);
  /// For a reader of a nested object: `path` + field + suffix.
  std::string path_of(std::string_view field, std::string_view suffix = {}) const;
  Faults& faults() { return faults_; }

 private:
  const Json& value_;
  Json no_object_;  ///< Stands for an object that is absent.
  std::string path_;
  Faults& faults_;
  std::vector<std::string> known_;
  bool spared_ = false;
};

/// Whether `text` may be a parameter's name: 1 to 100 letters, digits or `- _ . ~ : @ $ [ ]`, which links carry
/// unchanged.
bool is_parameter_name(std::string_view text);

/// For the canonical form: text, or null when empty.
Json text_or_null(std::string_view text);
/// For the canonical form: one name as text, several as an array.
Json names_as_json(const std::vector<std::string>& names);

}  // namespace postback

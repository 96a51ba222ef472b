// PostbackParameters: the fields of one request by their canonical names, from query, form and JSON alike.
#pragma once

#include "domain/postback_json.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/parameters.hpp"
#include "postback/domain/postback.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// The beginning of a parameter's name that is left by HTML escaping: `&amp;` instead of `&`.
inline constexpr std::string_view kHtmlAmpersand = "amp;";

/// How a body is to be read, by its Content-Type.
enum class BodyForm { none, form, json, unsupported };
BodyForm body_form(const Postback& postback);
/// Whether a form's body looks like JSON: curl -d and many scripts send it under the form's content type.
bool is_json_as_form(const Postback& postback);
/// Whether parameters were written into the event's path segment: `/postback/acme/sale&click_id=...`.
bool is_query_in_path(std::string_view event);

/// One canonical field as it arrived.
struct Field {
  std::string_view name;       ///< As the sender wrote it; empty if the field is absent.
  std::string_view value;      ///< Decoded, of the first occurrence.
  std::string_view raw_value;  ///< Before decoding.
  std::string_view other;      ///< A second, different value under the same name.
  bool repeated = false;       ///< `other` is set (it may be empty text), and neither value may be preferred.
  bool doubled = false;        ///< `other` is set and yields to `value`.
  bool other_case = false;     ///< Found only by ignoring case.
  std::string_view rival;      ///< Another of the field's names that came with another value, which yields.
  std::string_view rival_value;
  std::optional<bool> macro;  ///< Whether `value` holds one, once another value was compared with it.
  bool present() const { return !name.empty(); }
};

/// The names that each field may arrive under: the preferred one first, the canonical one last.
using FieldNames = std::array<std::vector<std::string>, kPostbackFieldCount>;

/// All parameters of one request. The query is read at once; the body when asked, since a request must authenticate
/// before a body that cannot be read is spoken of. Views the postback, which must outlive it.
///
/// Which parameter is a field: of the names looked for, in their order, the first that arrived with a value under
/// exactly this name; else the first that arrived empty; else the same ignoring case. The query comes before the body,
/// and only the first Parameters::kLargestCount count. Bodies of GET requests are not read. Of two different values
/// under one name, a macro yields to a value, and the second reason, amount or time to the first; letters
/// in another case are no difference in click ID, status, event and currency.
class PostbackParameters {
 public:
  explicit PostbackParameters(const Postback& postback);

  const std::vector<Parameter>& all() const { return parameters_.all(); }
  const Parameters& parameters() const { return parameters_; }
  /// Why the body could not be read; for BodyForm::unsupported there is no fault, only no parameters.
  const std::optional<BodyFault>& body_fault() const { return body_fault_; }
  BodyForm form() const { return form_; }

  /// Looks up all fields under these names, which must outlive this object.
  void name_fields(const FieldNames& names);
  /// What the field was looked up under; empty before name_fields.
  std::span<const std::string> names(PostbackField field) const;
  const Field& operator[](PostbackField field) const { return fields_[static_cast<std::size_t>(field)]; }

 private:
  Field find(PostbackField which, const std::vector<std::string>& names, bool ignore_case) const;
  void add_value(PostbackField which, const Parameter& parameter, Field& field) const;
  void find_rival(const std::vector<std::string>& names, Field& field) const;

  Parameters parameters_;
  BodyForm form_ = BodyForm::none;
  std::optional<BodyFault> body_fault_;
  const FieldNames* names_ = nullptr;
  std::array<Field, kPostbackFieldCount> fields_{};
};

}  // namespace postback

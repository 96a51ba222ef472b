// Reads query, form and JSON into named fields.
#include "domain/postback_parameters.hpp"

#include "domain/ascii_text.hpp"
#include "domain/macro_syntax.hpp"

#include <algorithm>

namespace postback {
namespace {

bool same_value(PostbackField which, std::string_view a, std::string_view b) {
  const bool ignore_case = which == PostbackField::click_id || which == PostbackField::status ||
                           which == PostbackField::event || which == PostbackField::currency;
  return ignore_case ? equal_ignoring_case(a, b) : a == b;
}

/// Fields that decide neither what a conversion is nor what it pays.
bool first_counts(PostbackField which) {
  return which == PostbackField::reason || which == PostbackField::amount || which == PostbackField::time;
}

}  // namespace

bool is_json_as_form(const Postback& postback) {
  return body_form(postback) == BodyForm::form && trim(postback.body).starts_with('{');
}

bool is_query_in_path(std::string_view event) { return event.find_first_of("&=?") != std::string_view::npos; }

BodyForm body_form(const Postback& postback) {
  if (postback.body.empty() || postback.method != "POST") return BodyForm::none;
  const auto type = to_ascii_lower(trim(postback.content_type.substr(0, postback.content_type.find(';'))));
  if (type.empty() || type == "application/x-www-form-urlencoded") return BodyForm::form;
  if (type == "application/json" || type == "text/json" || type.ends_with("+json")) return BodyForm::json;
  return BodyForm::unsupported;
}

PostbackParameters::PostbackParameters(const Postback& postback) : form_(body_form(postback)) {
  parameters_.add_query(postback.query);
  if (form_ == BodyForm::form) parameters_.add_query(trim(postback.body, "\r\n"));
  if (form_ == BodyForm::json) body_fault_ = add_json(postback.body, parameters_);
}

void PostbackParameters::add_value(PostbackField which, const Parameter& parameter, Field& field) const {
  if (!field.present()) {
    field.name = parameter.name;
    field.value = parameter.value;
    field.raw_value = parameter.raw_value;
    return;
  }
  if (field.repeated || same_value(which, parameter.value, field.value)) return;
  // Looked for once, however many others come under the name.
  if (!field.macro) field.macro = find_macro(field.raw_value, field.value).has_value();
  const bool macro_first = *field.macro;
  const bool macro_second = find_macro(parameter.raw_value, parameter.value).has_value();
  field.other = parameter.value;
  if ((macro_first && !macro_second) || (first_counts(which) && field.value.empty())) {
    field.other = field.value;
    field.value = parameter.value;
    field.raw_value = parameter.raw_value;
    field.macro = macro_second;
    field.doubled = true;
  } else if (first_counts(which) || macro_second) {
    field.doubled = true;
  } else {
    field.repeated = true;
  }
}

Field PostbackParameters::find(PostbackField which, const std::vector<std::string>& names, bool ignore_case) const {
  Field best;
  for (const auto& name : names) {
    Field found;
    for (const auto& parameter : parameters_.all()) {
      const bool same = ignore_case ? equal_ignoring_case(parameter.name, name) : parameter.name == name;
      if (same) add_value(which, parameter, found);
    }
    found.other_case = ignore_case && found.present();
    if (found.present() && (found.repeated || !found.value.empty())) return found;
    if (!best.present()) best = found;
  }
  return best;
}

void PostbackParameters::find_rival(const std::vector<std::string>& names, Field& field) const {
  if (field.value.empty() || names.size() < 2) return;
  for (const auto& parameter : parameters_.all()) {
    if (equal_ignoring_case(parameter.name, field.name) || parameter.value.empty()) continue;
    const bool named = std::find(names.begin(), names.end(), parameter.name) != names.end();
    if (!named || parameter.value == field.value) continue;
    field.rival = parameter.name;
    field.rival_value = parameter.value;
    return;
  }
}

void PostbackParameters::name_fields(const FieldNames& names) {
  names_ = &names;
  for (std::size_t i = 0; i < kPostbackFieldCount; ++i) {
    const auto which = static_cast<PostbackField>(i);
    fields_[i] = find(which, names[i], false);
    if (!fields_[i].present()) fields_[i] = find(which, names[i], true);
    find_rival(names[i], fields_[i]);
  }
}

std::span<const std::string> PostbackParameters::names(PostbackField field) const {
  if (names_ == nullptr) return {};
  return (*names_)[static_cast<std::size_t>(field)];
}

}  // namespace postback

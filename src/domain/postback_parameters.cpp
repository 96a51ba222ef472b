// Reads query, form and JSON into named fields.
#include "domain/postback_parameters.hpp"

#include "domain/ascii_text.hpp"

namespace postback {

BodyForm body_form(const Postback& postback) {
  if (postback.body.empty() || postback.method != "POST") return BodyForm::none;
  const auto type = to_ascii_lower(trim(postback.content_type.substr(0, postback.content_type.find(';'))));
  if (type.empty() || type == "application/x-www-form-urlencoded") return BodyForm::form;
  if (type == "application/json" || type.ends_with("+json")) return BodyForm::json;
  return BodyForm::unsupported;
}

PostbackParameters::PostbackParameters(const Postback& postback) : form_(body_form(postback)) {
  parameters_.add_query(postback.query);
  if (form_ == BodyForm::form) parameters_.add_query(trim(postback.body, "\r\n"));
  if (form_ == BodyForm::json) body_fault_ = add_json(postback.body, parameters_);
}

Field PostbackParameters::find(const std::vector<std::string>& names, bool ignore_case) const {
  Field best;
  for (const auto& name : names) {
    Field found;
    for (const auto& parameter : parameters_.all()) {
      const bool same = ignore_case ? equal_ignoring_case(parameter.name, name) : parameter.name == name;
      if (!same) continue;
      if (!found.present()) {
        found = {parameter.name, parameter.value, parameter.raw_value, {}, false, ignore_case};
      } else if (!found.repeated && parameter.value != found.value) {
        found.repeated = true;
        found.other = parameter.value;
      }
    }
    if (found.present() && (found.repeated || !found.value.empty())) return found;
    if (!best.present()) best = found;
  }
  return best;
}

void PostbackParameters::name_fields(const Network& network) {
  for (std::size_t i = 0; i < kPostbackFieldCount; ++i) {
    fields_[i] = find(network.names[i], false);
    if (!fields_[i].present()) fields_[i] = find(network.names[i], true);
  }
}

}  // namespace postback

// Explains why a postback seems to have no click ID.
#include "domain/ascii_text.hpp"
#include "domain/click_id_reading.hpp"
#include "domain/verdict_text.hpp"

#include <algorithm>

namespace postback {
namespace {

/// Longer values hold more than an ID.
constexpr std::size_t kLongestSearched = 256;

bool is_click_id_name(const PostbackParameters& parameters, std::string_view name) {
  const auto names = parameters.names(PostbackField::click_id);
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& own) { return equal_ignoring_case(own, name); });
}

/// The name such postbacks should use for the click ID.
std::string expected_name(const PostbackParameters& parameters) {
  const auto names = parameters.names(PostbackField::click_id);
  return names.empty() ? std::string(to_string(PostbackField::click_id)) : names.front();
}

Verdict missing(std::string message, std::string evidence, std::string fix) {
  return refusal(VerdictCode::click_id_missing, std::move(message), std::move(evidence), std::move(fix));
}

std::string names_that_arrived(const ClickIdContext& context) {
  std::string list;
  for (const auto& parameter : context.parameters.all()) {
    if (list.size() > kLongestEvidence) break;
    list += (list.empty() ? "" : ", ") + quoted(context.mask, parameter.name);
  }
  return list.empty() ? "No parameters arrived." : "These parameters arrived: " + list + ".";
}

const Parameter* html_escaped(const ClickIdContext& context) {
  for (const auto& parameter : context.parameters.all()) {
    if (parameter.name.starts_with(kHtmlAmpersand) &&
        is_click_id_name(context.parameters, parameter.name.substr(kHtmlAmpersand.size()))) {
      return &parameter;
    }
  }
  return nullptr;
}

const Parameter* misplaced_id(const ClickIdContext& context) {
  for (const auto& parameter : context.parameters.all()) {
    if (parameter.value.size() > kLongestSearched || parameter.name.starts_with(kHtmlAmpersand)) continue;
    const auto outcome = repair_click_id(parameter.value, context.keys).outcome;
    if (outcome == ClickIdRepair::Outcome::plain || outcome == ClickIdRepair::Outcome::repaired) return &parameter;
  }
  return nullptr;
}

std::string misplaced_evidence(const ClickIdContext& context, const Parameter& parameter) {
  return "A valid click ID arrived in " + quoted(context.mask, parameter.name) + ": " +
         quoted(context.mask, parameter.value) + ".";
}

/// The second half of a fix that starts with the parameter's new name.
std::string or_add_name(const ClickIdContext& context, const Parameter& parameter) {
  if (context.postback.shape != PostbackShape::own) return " in the postback URL.";
  return " in the postback URL, or add \"click_id\": \"" + shortened(context.mask.text(parameter.name), kLongestQuote) +
         "\" to the params of network `" + context.network.id + "`.";
}

}  // namespace

void name_misplaced_click_id(const ClickIdContext& context, const Field& field, Verdict& verdict) {
  const auto* parameter = misplaced_id(context);
  if (parameter == nullptr) return;
  verdict.evidence = shortened(verdict.evidence + " " + misplaced_evidence(context, *parameter), kLongestEvidence);
  verdict.fix = "Send the value of " + quoted(context.mask, parameter->name) + " in " +
                quoted(context.mask, field.name) + or_add_name(context, *parameter);
}

Verdict explain_missing_click_id(const ClickIdContext& context) {
  const std::string name = expected_name(context.parameters);
  const std::string message = "The click ID is missing: the parameter `" + name + "` is absent or empty.";
  if (const auto* parameter = html_escaped(context)) {
    return missing(
        message,
        quoted(context.mask, parameter->name) + " arrived with the value " + quoted(context.mask, parameter->value) +
            ".",
        "The postback URL was copied with HTML escaping (`&amp;`): write a plain `&` between the parameters.");
  }
  if (const auto* parameter = misplaced_id(context)) {
    return missing(
        message, misplaced_evidence(context, *parameter),
        "Rename " + quoted(context.mask, parameter->name) + " to `" + name + "`" + or_add_name(context, *parameter));
  }
  if (is_query_in_path(context.postback.event)) {
    return missing(
        message, "The event in the path is " + quoted(context.mask, context.postback.event) + ".",
        "The `?` between path and parameters is missing: write it behind the event's name in the postback URL.");
  }
  if (is_json_as_form(context.postback)) {
    return missing(message,
                   "The body looks like JSON, but came as " + quoted(context.mask, context.postback.content_type) + ".",
                   "Send the header `Content-Type: application/json` with a JSON body.");
  }
  return missing(message, names_that_arrived(context),
                 "Add `" + name + "` to the postback URL at the network: " + right_click_id(context.network) + ".");
}

}  // namespace postback

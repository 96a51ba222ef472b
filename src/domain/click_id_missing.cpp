// Explains why a postback seems to have no click ID.
#include "domain/ascii_text.hpp"
#include "domain/click_id_reading.hpp"
#include "domain/verdict_text.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::string_view kHtmlAmpersand = "amp;";

bool is_click_id_name(const Network& network, std::string_view name) {
  const auto& names = network.names[static_cast<std::size_t>(PostbackField::click_id)];
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& own) { return equal_ignoring_case(own, name); });
}

/// The name this network's postbacks should use for the click ID.
std::string expected_name(const Network& network) {
  const auto& names = network.names[static_cast<std::size_t>(PostbackField::click_id)];
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
        is_click_id_name(context.network, parameter.name.substr(kHtmlAmpersand.size()))) {
      return &parameter;
    }
  }
  return nullptr;
}

const Parameter* misplaced_id(const ClickIdContext& context) {
  for (const auto& parameter : context.parameters.all()) {
    const auto id = parse_click_id(trim(parameter.value));
    if (id && context.keys.verify(*id) && !parameter.name.starts_with(kHtmlAmpersand)) return &parameter;
  }
  return nullptr;
}

/// Parameters that were written into the path: `/postback/acme/sale&click_id=...`.
bool in_path(std::string_view event) { return event.find_first_of("&=?") != std::string_view::npos; }

/// curl -d and many scripts send JSON under the form's content type.
bool json_as_form(const ClickIdContext& context) {
  return context.parameters.form() == BodyForm::form && trim(context.postback.body).starts_with('{');
}

}  // namespace

Verdict explain_missing_click_id(const ClickIdContext& context) {
  const std::string name = expected_name(context.network);
  const std::string message = "The click ID is missing: the parameter `" + name + "` is absent or empty.";
  if (const auto* parameter = html_escaped(context)) {
    return missing(
        message,
        quoted(context.mask, parameter->name) + " arrived with the value " + quoted(context.mask, parameter->value) +
            ".",
        "The postback URL was copied with HTML escaping (`&amp;`): write a plain `&` between the parameters.");
  }
  if (const auto* parameter = misplaced_id(context)) {
    return missing(message,
                   "A valid click ID arrived in " + quoted(context.mask, parameter->name) + ": " +
                       quoted(context.mask, parameter->value) + ".",
                   "Rename " + quoted(context.mask, parameter->name) + " to `" + name +
                       "` in the postback URL, or add \"click_id\": \"" +
                       shortened(context.mask.text(parameter->name), kLongestQuote) + "\" to the params of network `" +
                       context.network.id + "`.");
  }
  if (in_path(context.postback.event)) {
    return missing(
        message, "The event in the path is " + quoted(context.mask, context.postback.event) + ".",
        "The `?` between path and parameters is missing: write it behind the event's name in the postback URL.");
  }
  if (json_as_form(context)) {
    return missing(message,
                   "The body looks like JSON, but came as " + quoted(context.mask, context.postback.content_type) + ".",
                   "Send the header `Content-Type: application/json` with a JSON body.");
  }
  return missing(message, names_that_arrived(context),
                 "Add `" + name + "` to the postback URL at the network: " + right_click_id(context.network) + ".");
}

}  // namespace postback

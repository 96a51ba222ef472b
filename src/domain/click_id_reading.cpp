// Decides on the click ID a postback sent, and explains an unusable one.
#include "domain/click_id_reading.hpp"

#include "domain/ascii_text.hpp"
#include "domain/macro_syntax.hpp"
#include "domain/network_profile.hpp"
#include "domain/verdict_text.hpp"

namespace postback {
namespace {

/// The network's macro that gives the click ID back; empty where none is known.
const std::string& own_token(const Network& network) {
  return network.tokens[static_cast<std::size_t>(PostbackField::click_id)];
}

/// Whether what arrived asks for the right value. Where the macro is known, nothing else does.
bool is_right_macro(const Network& network, std::string_view asked_for, std::string_view arrived) {
  if (const auto& token = own_token(network); !token.empty()) return arrived == token;
  return !network.click_param.empty() && equal_ignoring_case(trim(asked_for, "@$:| "), network.click_param);
}

std::string unfilled_fix(const ClickIdContext& context, std::string_view asked_for, std::string_view arrived) {
  if (is_right_macro(context.network, asked_for, arrived)) {
    return "The macro " + quoted(context.mask, arrived) +
           " asks for the right value, but the network did not fill it in: the URL was " +
           "opened by hand, or it was saved in a place where the network does not expand macros. Send a conversion "
           "through the network.";
  }
  return "In the postback URL at the network, replace " + quoted(context.mask, arrived) + ": " +
         right_click_id(context.network) + ".";
}

Verdict unreplaced(const ClickIdContext& context, std::string_view name, const Macro& macro) {
  return refusal(VerdictCode::click_id_unreplaced,
                 "The click ID arrived as the macro " + quoted(context.mask, macro.text) +
                     ", which the network did not replace by a value.",
                 quoted(context.mask, name) + " arrived as " + quoted(context.mask, macro.text) + ".",
                 unfilled_fix(context, macro.name, macro.text));
}

Verdict placeholder(const ClickIdContext& context, const Field& field) {
  return refusal(
      VerdictCode::click_id_unreplaced,
      "The click ID arrived as the placeholder " + quoted(context.mask, field.value) + " instead of a value.",
      quoted(context.mask, field.name) + " arrived as " + quoted(context.mask, field.value) + ".",
      unfilled_fix(context, "", field.value));
}

/// The macro that arrived. The network's own is known even where it has no brackets.
std::optional<Macro> own_or_any_macro(const Network& network, const Field& field) {
  const auto& token = own_token(network);
  if (!token.empty() && (trim(field.value) == token || field.raw_value == token))
    return Macro{token, network.click_param};
  return find_macro(field.raw_value, field.value);
}

/// What is wrong with a value that is no click ID at all: a clause.
std::string malformation(std::string_view value) {
  for (const char c : value) {
    if (c == '\0') return "it contains a zero byte";
    if (!is_ascii_alphanumeric(c)) return "it contains characters other than letters and digits";
  }
  if (value.size() != kClickIdLength) {
    return "it has " + std::to_string(value.size()) + " characters instead of " + std::to_string(kClickIdLength);
  }
  return "it is not in the alphabet of our click IDs";
}

Verdict swallowed(const ClickIdContext& context, const Field& field, const ClickIdRepair& repair) {
  const std::string rest = quoted(context.mask, repair.rest);
  std::string fix = "Send the click ID alone in " + quoted(context.mask, field.name) + ".";
  if (repair.rest.starts_with('?')) {
    fix = "A URL has one `?` only: in the postback URL, write `&` instead of the `?` behind the click ID.";
  } else if (repair.rest.starts_with('&')) {
    fix = "The `&` behind the click ID arrived percent-encoded: in the postback URL, write it plainly.";
  }
  return refusal(VerdictCode::click_id_malformed,
                 "The click ID came together with " + rest + ", which would be lost if the ID were accepted.",
                 quoted(context.mask, field.name) + " arrived as " + quoted(context.mask, field.value) +
                     "; the click ID in it is " + to_string(repair.id) + ".",
                 std::move(fix));
}

Verdict unusable(const ClickIdContext& context, const Field& field, const ClickIdRepair& repair) {
  using Outcome = ClickIdRepair::Outcome;
  const std::string evidence =
      quoted(context.mask, field.name) + " arrived as " + quoted(context.mask, field.value) + ".";
  if (repair.outcome == Outcome::forged) {
    return refusal(
        VerdictCode::click_id_forged, "The click ID is damaged or not ours: its signature does not match.", evidence,
        "Compare it with the click ID in the offer's link, which must come back unchanged. If it belongs to another "
        "tracker or another installation, send this postback there.");
  }
  if (repair.outcome == Outcome::several) {
    return refusal(VerdictCode::click_id_malformed, "The click ID parameter contains two different click IDs.",
                   evidence, "Send one postback for each click, with that click's ID alone.");
  }
  return refusal(VerdictCode::click_id_malformed, "The click ID is malformed: " + malformation(field.value) + ".",
                 evidence, "In the postback URL at the network, " + right_click_id(context.network) + ".");
}

Verdict no_id_of_ours(const ClickIdContext& context, const Field& field, const ClickIdRepair& repair) {
  if (repair.outcome == ClickIdRepair::Outcome::malformed) {
    if (const auto macro = own_or_any_macro(context.network, field)) return unreplaced(context, field.name, *macro);
    if (is_placeholder_word(field.value)) return placeholder(context, field);
  }
  return unusable(context, field, repair);
}

}  // namespace

std::string right_click_id(const Network& network) {
  if (network.id.empty()) return "send back the value in which the network received our click ID";
  if (const auto& token = own_token(network); !token.empty()) {
    const auto* const profile = profile_of(network);
    const bool doubtful = profile != nullptr &&
                          token == profile->tokens[static_cast<std::size_t>(PostbackField::click_id)] &&
                          !profile->origin.is_confirmed();
    return "write `" + token + "`, " + network.name + "'s macro for " +
           (network.click_param.empty() ? "our click ID" : "the value you received in " + network.click_param) +
           (doubtful ? " (unconfirmed: compare it with your account there)" : "");
  }
  if (!network.click_param.empty()) return "send back the value you received in " + network.click_param;
  return "send back the value of the offer link's parameter that carries our click ID (network `" + network.id +
         "` has no click_param yet: set it to that parameter's name)";
}

void read_click_id(const ClickIdContext& context, Reading& reading) {
  if (context.postback.foreign_click.high != 0) {
    reading.click_id = context.postback.foreign_click;
    return;
  }
  const Field& field = context.parameters[PostbackField::click_id];
  if (trim(field.value).empty()) {
    reading.refusal = explain_missing_click_id(context);
    return;
  }
  const ClickIdRepair repair = repair_click_id(field.value, context.keys);
  using Outcome = ClickIdRepair::Outcome;
  reading.click_id = repair.id;
  if (repair.outcome == Outcome::plain) return;
  if (repair.outcome == Outcome::repaired) {
    reading.warnings.push_back("The click ID was not exactly as we sent it (" + repair.note +
                               "); it was recognised all the same, but should come back unchanged.");
  } else if (repair.outcome == Outcome::swallowed) {
    reading.refusal = swallowed(context, field, repair);
    return;
  } else {
    reading.refusal = no_id_of_ours(context, field, repair);
    // Another tracker's IDs may look like anything, also like a macro: it is asked for first.
    if (repair.outcome != Outcome::several && trim(field.value).size() <= kLongestForeignId)
      reading.foreign_id = trim(field.value);
  }
  if (reading.refusal && repair.outcome != Outcome::several) name_misplaced_click_id(context, field, *reading.refusal);
}

}  // namespace postback

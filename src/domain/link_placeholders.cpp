// The placeholders of networks and sources without a profile.
#include "domain/link_placeholders.hpp"

namespace postback {
namespace {

/// What a network's macro for a field stands for, after "its macro for".
std::string meaning_of(PostbackField field, std::string_view click_param) {
  switch (field) {
    case PostbackField::click_id:
      return click_param.empty() ? "the click ID that it received with the visitor"
                                 : "the value that it received in " + std::string(click_param) + ", our click ID";
    case PostbackField::payout: return "what it pays you for the conversion";
    case PostbackField::currency: return "the currency of the payout (ISO 4217)";
    case PostbackField::txid: return "its own ID of the conversion";
    case PostbackField::status: return "the conversion's status, such as approved or rejected";
    default: return std::string(to_string(field));
  }
}

std::string_view word_of(PostbackField field) {
  switch (field) {
    case PostbackField::click_id: return "CLICK_ID";
    case PostbackField::payout: return "PAYOUT";
    case PostbackField::currency: return "CURRENCY";
    case PostbackField::txid: return "TRANSACTION_ID";
    default: return "STATUS";
  }
}

}  // namespace

Placeholder postback_placeholder(const Network& network, PostbackField field, std::string_view click_param) {
  const std::string text = "REPLACE_WITH_YOUR_" + std::string(word_of(field)) + "_MACRO";
  std::string note =
      "In postback_url put " + network.name + "'s macro for " + meaning_of(field, click_param) + " in place of " + text;
  note += field == PostbackField::click_id ? "." : "; if it has none, leave the parameter out.";
  return {text, std::move(note)};
}

Placeholder source_placeholder(const Source& source, std::string_view parameter, std::string_view meaning) {
  const std::string text = "{" + std::string(parameter) + "}";
  return {text, "In tracking_link put " + source.name + "'s macro for " + std::string(meaning) + " in place of " +
                    text + "; if it has none, leave the parameter out."};
}

}  // namespace postback

// One plain sentence for each code whose messages quote.
#include "domain/plain_message.hpp"

#include "postback/domain/verdict.hpp"

namespace postback {
namespace {

struct Plain {
  VerdictCode code;
  std::string_view message;
};

constexpr Plain kPlain[] = {
    {VerdictCode::updated, "The conversion was updated."},
    {VerdictCode::ignored_by_rule, "Such postbacks are to be ignored; nothing was counted."},
    {VerdictCode::click_id_unreplaced,
     "The click ID arrived as a macro or placeholder, which the network did not replace by a value."},
    {VerdictCode::click_id_malformed, "The click ID is malformed."},
    {VerdictCode::parameter_repeated, "A parameter came twice with different values."},
    {VerdictCode::event_unknown, "The event is none of those that the network lists."},
    {VerdictCode::currency_unknown, "The currency is neither one in use (ISO 4217) nor declared in the catalog."},
    {VerdictCode::payout_invalid, "The payout is not a usable sum."},
    {VerdictCode::status_transition, "The conversion cannot go back to pending."},
};

}  // namespace

std::string_view plain_message(std::string_view code, std::string_view message) {
  if (message.find('`') == std::string_view::npos) return message;
  for (const auto& plain : kPlain) {
    if (to_string(plain.code) == code) return plain.message;
  }
  return message;
}

}  // namespace postback

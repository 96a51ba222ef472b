// What is kept of a postback with the conversion that it changed, and what is told by it.
#include "domain/conversion_record.hpp"

#include "postback/domain/conversion_lookup.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <string_view>

namespace postback {
namespace {

void append_text(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append(name).append("=").append(std::to_string(value.size())).append(":").append(value).append(" ");
}

void append_sum(std::string& out, std::string_view name, const std::optional<Micros>& sum) {
  if (sum) out.append(name).append("=").append(std::to_string(*sum)).append(" ");
}

std::string said_as(const Reading& reading, std::string_view word, std::string_view amount_currency,
                    std::string_view currency) {
  std::string said = "status=";
  said.append(reading.status_unknown ? std::string_view("unknown") : to_string(reading.status)).append(" ");
  append_text(said, "word", word);
  append_sum(said, "payout", reading.payout);
  append_sum(said, "amount", reading.amount);
  append_text(said, "amount_currency", amount_currency);
  append_text(said, "currency", currency);
  append_text(said, "reason", reading.reason);
  return said;
}

/// As earlier versions kept it, in the words that arrived: equal for the very same request only.
std::string said_verbatim(const Reading& reading) {
  return said_as(reading, reading.original_status, reading.amount_currency, reading.currency);
}

/// Whether the last postback that changed the conversion said the same.
bool says_the_same(const Reading& reading, const Conversion& found) {
  return found.last_said == said_text(reading, found.currency) || found.last_said == said_verbatim(reading);
}

}  // namespace

ConversionStatus next_status(const Reading& reading, const Conversion& found) {
  return reading.status_unknown ? found.status : reading.status;
}

bool is_held(const Conversion& conversion) { return conversion.hold_until.has_value(); }

bool keeps_status(const Reading& reading, const Conversion& found) {
  const ConversionStatus next = next_status(reading, found);
  return next == found.status || (is_held(found) && next == ConversionStatus::approved);
}

std::string said_text(const Reading& reading, std::string_view currency) {
  const std::string_view counted = reading.currency.empty() ? currency : reading.currency;
  const bool own = reading.amount_currency != counted;
  const std::string_view word = reading.status_unknown ? std::string_view(reading.original_status) : "";
  return said_as(reading, word, own ? std::string_view(reading.amount_currency) : "", counted);
}

std::string_view without_reason(std::string_view said, std::string_view reason) {
  // Texts come with their length, so that nothing within one is taken for the next name.
  constexpr std::string_view kTexts[] = {"word", "amount_currency", "currency"};
  for (std::size_t at = 0; at < said.size();) {
    const auto equals = std::min(said.find('=', at), said.size());
    const auto name = said.substr(at, equals - at);
    const auto colon = std::min(said.find(':', equals), said.size());
    if (name == "reason") {
      const auto text = said.substr(std::min(colon + 1, said.size()));
      const bool same = text.size() == reason.size() + 1 && text.starts_with(reason);
      return reason.empty() || same ? said.substr(0, at) : said;
    }
    if (std::ranges::find(kTexts, name) == std::end(kTexts)) {
      at = std::min(said.find(' ', equals), said.size()) + 1;
      continue;
    }
    std::size_t length = 0;
    std::from_chars(said.data() + std::min(equals + 1, said.size()), said.data() + colon, length);
    at = colon + std::min(length, said.size()) + 2;
  }
  return said;
}

void record_change(const Reading& reading, Conversion& conversion) {
  if (!reading.original_status.empty()) conversion.original_status = reading.original_status;
  ++conversion.revision;
  // A postback that is judged again may have arrived before the newest change: resends are of that one all the same.
  if (reading.arrival < conversion.updated) return;
  conversion.updated = reading.arrival;
  conversion.last_said = said_text(reading, conversion.currency);
  conversion.request_hash = reading.request_hash;
}

bool is_resend(const Reading& reading, const Facts& facts, const Conversion& found) {
  if (!resends_by_time(reading)) return says_the_same(reading, found);
  if (!facts.same_request || facts.same_request->id != found.id) return false;
  return found.request_hash == reading.request_hash || keeps_status(reading, found);
}

}  // namespace postback

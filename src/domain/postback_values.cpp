// Event, transaction ID, status, reason and time.
#include "domain/postback_values.hpp"

#include "domain/ascii_text.hpp"
#include "domain/macro_syntax.hpp"
#include "domain/verdict_text.hpp"
#include "postback/base/json_text.hpp"
#include "postback/base/time_text.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::string_view kDefaultEvent = "conversion";
constexpr std::size_t kLongestSlug = 64;

/// FNV-1a, 64 bits, as 16 hexadecimal digits: tells texts apart, guards nothing.
std::string hash_text(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  std::string digits(16, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, hash >>= 4U)
    *digit = "0123456789abcdef"[hash & 15U];
  return digits;
}

std::string lower_trimmed(std::string_view text) { return to_ascii_lower(trim(text)); }

/// The macro in `field`, with a warning that it counts as `instead`.
bool is_unreplaced(const ValueContext& context, const Field& field, std::string_view instead) {
  const auto macro = find_macro(field.raw_value, field.value);
  if (!macro) return false;
  context.reading.warnings.push_back(quoted(context.mask, field.name) + " arrived as the unreplaced macro " +
                                     quoted(context.mask, macro->text) + " and counts as " + std::string(instead) +
                                     ".");
  return true;
}

std::string kept_text(const ValueContext& context, const Field& field) {
  const auto text = trim(field.value);
  if (text.size() <= kLongestKeptText) return std::string(text);
  context.reading.warnings.push_back(quoted(context.mask, field.name) + " is longer than " +
                                     std::to_string(kLongestKeptText) + " bytes and was cut.");
  return std::string(utf8_prefix(text, kLongestKeptText));
}

/// `text` as a slug, with a warning if it was not one.
std::string slug_with_warning(const ValueContext& context, std::string_view text) {
  std::string slug = to_ascii_lower(text);
  if (is_slug(slug)) return slug;
  slug = event_slug(slug);
  context.reading.warnings.push_back("The event " + quoted(context.mask, text) +
                                     " is not a slug (a-z, 0-9, _ and -, at most 64) and was read as `" + slug + "`.");
  return slug;
}

/// The event parameter's value, blank if it is absent or a macro.
std::string_view event_parameter(const ValueContext& context) {
  const Field& field = context.parameters[PostbackField::event];
  const auto value = trim(field.value);
  return value.empty() || is_unreplaced(context, field, "blank") ? std::string_view{} : value;
}

}  // namespace

std::string event_slug(std::string_view text) {
  const std::string lower = lower_trimmed(text);
  if (lower.empty()) return {};
  std::string slug;
  bool lost = false;
  for (const char c : lower) {
    const bool kept = is_ascii_alphanumeric(c) || c == '-';
    lost = lost || static_cast<unsigned char>(c) >= 0x80;
    if (kept)
      slug += c;
    else if (!slug.empty() && slug.back() != '_')
      slug += '_';
  }
  slug.erase(0, std::min(slug.find_first_not_of("_-"), slug.size()));
  slug.erase(slug.find_last_not_of('_') + 1);
  if (!lost && !slug.empty() && slug.size() <= kLongestSlug) return slug;
  const std::string hash = hash_text(lower);
  slug.resize(std::min(slug.size(), kLongestSlug - hash.size() - 1));
  return (slug.empty() ? "event" : slug) + "-" + hash;
}

void read_event(const ValueContext& context, std::string_view path_event) {
  const auto path = find_macro(path_event) ? std::string_view{} : trim(path_event);
  const auto parameter = event_parameter(context);
  Reading& reading = context.reading;
  if (!path.empty()) {
    reading.event = slug_with_warning(context, path);
    if (!parameter.empty() && event_slug(parameter) != event_slug(path)) {
      reading.warnings.push_back("The event is `" + reading.event + "` by the path and " +
                                 quoted(context.mask, parameter) + " by the parameter; the path counts.");
    }
  } else {
    reading.event = parameter.empty() ? std::string(kDefaultEvent) : slug_with_warning(context, parameter);
    if (!trim(path_event).empty()) {
      reading.warnings.push_back("The event in the path is the unreplaced macro " + quoted(context.mask, path_event) +
                                 "; `" + reading.event + "` counts instead.");
    }
  }
}

void read_txid(const ValueContext& context) {
  const Field& field = context.parameters[PostbackField::txid];
  const auto value = trim(field.value);
  if (value.empty() || is_unreplaced(context, field, "blank")) return;
  std::string& txid = context.reading.txid;
  txid = value;
  if (txid.size() <= kLongestKeptText) return;
  const std::string hash = hash_text(value);
  txid = std::string(utf8_prefix(value, kLongestKeptText - hash.size() - 1)) + "-" + hash;
  context.reading.warnings.push_back("The transaction ID is longer than " + std::to_string(kLongestKeptText) +
                                     " bytes; it was shortened to `" + context.mask.text(txid) + "`.");
}

void read_status(const ValueContext& context) {
  const Field& field = context.parameters[PostbackField::status];
  Reading& reading = context.reading;
  reading.original_status = kept_text(context, field);
  if (reading.original_status.empty()) return;
  const std::string word = to_ascii_lower(reading.original_status);
  if (const auto meaning = context.network.status_words.find(std::string_view(word));
      meaning != context.network.status_words.end()) {
    reading.status = meaning->second.status;
    if (!meaning->second.event.empty()) reading.event = meaning->second.event;
  } else if (const auto status = parse_conversion_status(word)) {
    reading.status = *status;
  } else {
    reading.status = ConversionStatus::pending;
    reading.status_unknown = true;
    const std::string what = find_macro(field.raw_value, field.value)
                                 ? "an unreplaced macro"
                                 : "no status word of network `" + context.network.id + "`";
    reading.warnings.push_back("The status " + quoted(context.mask, field.value) + " is " + what +
                               ": a new conversion waits as pending, an existing one keeps its status.");
  }
}

void read_reason_and_time(const ValueContext& context) {
  const Field& reason = context.parameters[PostbackField::reason];
  if (!trim(reason.value).empty() && !is_unreplaced(context, reason, "blank")) {
    context.reading.reason = kept_text(context, reason);
  }
  const Field& time = context.parameters[PostbackField::time];
  const auto value = trim(time.value);
  if (value.empty() || is_unreplaced(context, time, "missing: the arrival is the conversion's time")) return;
  context.reading.time = parse_network_time(value);
  if (!context.reading.time) {
    context.reading.warnings.push_back(
        "The time " + quoted(context.mask, value) +
        " is neither RFC 3339 nor Unix seconds or milliseconds; the arrival counts instead.");
  }
}

}  // namespace postback

// Event, transaction ID, status, reason and time.
#include "domain/postback_values.hpp"

#include "domain/ascii_text.hpp"
#include "domain/macro_syntax.hpp"
#include "domain/nearest_name.hpp"
#include "domain/shape_words.hpp"
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

bool is_free_text(PostbackField which) { return which == PostbackField::txid || which == PostbackField::reason; }

/// The macro that arrived instead of a value.
std::optional<Macro> unreplaced_macro(const Field& field, PostbackField which) {
  const bool doubtful = is_free_text(which) || which == PostbackField::payout || which == PostbackField::amount;
  auto macro = doubtful ? find_field_macro(field.raw_value, field.value) : find_macro(field.raw_value, field.value);
  if (!macro || which != PostbackField::reason) return macro;
  // `[fraud]` is how people write a reason.
  const bool square = macro->text.starts_with('[') && !macro->text.starts_with("[[") && !macro->text.starts_with("[=");
  const bool asks = macro->name.find('_') != std::string::npos || equal_ignoring_case(macro->name, "reason");
  return square && !asks ? std::nullopt : macro;
}

/// What was meant to be replaced by a value and was not: a clause, empty if nothing.
std::string unfilled(const ValueContext& context, const Field& field, PostbackField which) {
  // The network's own macro is known even where it has no brackets.
  const auto& token = context.network.tokens[static_cast<std::size_t>(which)];
  if (!token.empty() && (trim(field.value) == token || field.raw_value == token))
    return "the unreplaced macro " + quoted(context.mask, token);
  if (const auto macro = unreplaced_macro(field, which))
    return "the unreplaced macro " + quoted(context.mask, macro->text);
  if (is_unfilled_word(field.value, to_string(which))) return "the placeholder " + quoted(context.mask, field.value);
  return {};
}

/// `text` without tokens.
std::string masked(const ValueContext& context, std::string_view text) { return context.mask.text(text); }

std::string kept_text(const ValueContext& context, const Field& field) {
  const std::string text = masked(context, trim(field.value));
  if (text.size() <= kLongestKeptText) return text;
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

/// The event that the network calls `word`: ours where the network document or its profile translates it.
std::string translated_event(const ValueContext& context, const std::string& word) {
  const auto known = context.network.event_words.find(to_ascii_lower(word));
  return known == context.network.event_words.end() ? word : known->second;
}

/// The event parameter's value without tokens, blank if it is absent or a macro.
std::string event_parameter(const ValueContext& context) {
  const Field& field = context.parameters[PostbackField::event];
  if (counts_as_blank(context, field, PostbackField::event, "blank")) return {};
  return translated_event(context, masked(context, trim(field.value)));
}

/// What a status word (lower case) means: by the URL's shape, else to the network. Nothing: nobody knows.
std::optional<StatusMeaning> meaning_of(const ValueContext& context, const std::string& word) {
  if (auto meaning = status_in_shape(context.shape, context.parameters, word)) return meaning;
  const auto known = context.network.status_words.find(std::string_view(word));
  if (known == context.network.status_words.end()) return std::nullopt;
  return known->second;
}

}  // namespace

bool counts_as_blank(const ValueContext& context, const Field& field, PostbackField which, std::string_view instead) {
  if (trim(field.value).empty()) return true;
  const std::string what = unfilled(context, field, which);
  if (what.empty()) return false;
  context.reading.warnings.push_back(quoted(context.mask, field.name) + " arrived as " + what + " and counts as " +
                                     std::string(instead) + ".");
  return true;
}

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
  const std::string path =
      find_macro(path_event) ? std::string{} : translated_event(context, masked(context, trim(path_event)));
  const std::string parameter = event_parameter(context);
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

void check_event(const ValueContext& context) {
  const auto& known = context.network.policies.events;
  const std::string& event = context.reading.event;
  if (known.empty() || std::ranges::binary_search(known, event)) return;
  const std::vector<std::string_view> names(known.begin(), known.end());
  const auto nearest = nearest_name(event, names);
  const bool sent = context.parameters[PostbackField::event].present() || event != kDefaultEvent;
  context.reading.refusal =
      refusal(VerdictCode::event_unknown, "The event `" + event + "` is not one that this network lists.",
              sent ? "The event was read as `" + event + "`." : "No event arrived, which stands for `" + event + "`.",
              (nearest.empty() ? std::string() : "Did you mean `" + std::string(nearest) + "`? ") +
                  "Add the event to `events` of network `" + context.network.id +
                  "`, or correct it in the postback URL at the network; then replay this postback.");
}

void read_txid(const ValueContext& context) {
  const Field& field = context.parameters[PostbackField::txid];
  if (counts_as_blank(context, field, PostbackField::txid, "blank")) return;
  const auto value = trim(field.value);
  std::string& txid = context.reading.txid;
  txid = masked(context, value);
  // Two transaction IDs that differ only in a token stay different.
  if (txid != value) txid += "-" + hash_text(value).substr(0, 8);
  if (txid.size() <= kLongestKeptText) return;
  const std::string hash = hash_text(value);
  txid = std::string(utf8_prefix(txid, kLongestKeptText - hash.size() - 1)) + "-" + hash;
  context.reading.warnings.push_back("The transaction ID is longer than " + std::to_string(kLongestKeptText) +
                                     " bytes; it was shortened to `" + txid + "`.");
}

void read_status(const ValueContext& context) {
  const Field& field = context.parameters[PostbackField::status];
  Reading& reading = context.reading;
  reading.original_status = kept_text(context, field);
  if (reading.original_status.empty()) return;
  const std::string word = to_ascii_lower(trim(field.value));
  if (const auto meaning = meaning_of(context, word)) {
    reading.status = meaning->status;
    if (!meaning->event.empty()) reading.event = meaning->event;
  } else if (const auto status = parse_conversion_status(word)) {
    reading.status = *status;
  } else {
    reading.status = ConversionStatus::pending;
    reading.status_unknown = true;
    const std::string what = find_macro(field.raw_value, field.value) ? "an unreplaced macro"
                             : is_unfilled_word(field.value, to_string(PostbackField::status))
                                 ? "an unreplaced placeholder"
                                 : "no status word of network `" + context.network.id + "`";
    reading.warnings.push_back("The status " + quoted(context.mask, field.value) + " is " + what +
                               ": a new conversion waits as pending, an existing one keeps its status.");
  }
}

void read_reason_and_time(const ValueContext& context) {
  const Field& reason = context.parameters[PostbackField::reason];
  if (!counts_as_blank(context, reason, PostbackField::reason, "blank")) {
    context.reading.reason = kept_text(context, reason);
  }
  const Field& time = context.parameters[PostbackField::time];
  if (counts_as_blank(context, time, PostbackField::time, "missing: the arrival is the conversion's time")) return;
  const auto value = trim(time.value);
  context.reading.time = parse_network_time(value);
  if (!context.reading.time) {
    context.reading.warnings.push_back(
        "The time " + quoted(context.mask, value) +
        " is neither RFC 3339 nor Unix seconds or milliseconds; the arrival counts instead.");
  }
}

}  // namespace postback

// The words of a network: what its status words mean, the generic ones included, and what a repeat of an event does.
#include "domain/network_words.hpp"

#include "domain/ascii.hpp"
#include "domain/ascii_text.hpp"

namespace postback {
namespace {

constexpr std::size_t kMostWords = 500;

/// Adds a word in lower case; false, with a fault, when it is empty, padded or there already.
template <class Meaning>
bool add_word(ObjectReader& reader, StringMap<Meaning>& words, const std::string& word, Meaning meaning) {
  if (word.empty()) {
    reader.fault_here("has an empty word", "the network's own word; one that is absent has a meaning anyway");
    return false;
  }
  if (trim(word) != word) {
    reader.fault(word, "has white space at its start or end, which postbacks are read without", "the word alone");
    return false;
  }
  if (words.try_emplace(to_ascii_lower(word), std::move(meaning)).second) return true;
  reader.fault(word, "stands twice when case is ignored", "each word once");
  return false;
}

RepeatPolicy repeat_policy_of(std::string_view name) {
  if (name == "ignore") return RepeatPolicy::ignore;
  if (name == "add") return RepeatPolicy::add;
  return name == "new" ? RepeatPolicy::new_ : RepeatPolicy::update;
}

ConversionStatus read_status(ObjectReader& reader, std::string_view field) {
  return *parse_conversion_status(reader.choice(field, "approved", {"approved", "pending", "rejected"}));
}

StatusMeaning read_meaning(ObjectReader& words, const std::string& word, const Json& value) {
  StatusMeaning meaning;
  if (value.is_object()) {
    ObjectReader reader(value, words.path_of(word, "."), words.faults());
    meaning.status = read_status(reader, "status");
    meaning.event = event_name(reader, "event", reader.text("event", 64));
    reader.finish();
  } else {
    meaning.status = read_status(words, word);
  }
  return meaning;
}

}  // namespace

std::string event_name(ObjectReader& reader, std::string_view field, const std::string& given) {
  std::string event = to_ascii_lower(given);
  if (!event.empty() && !is_slug(event)) {
    reader.fault(field, "\"" + given.substr(0, 100) + "\" is not an event's name",
                 "1 to 64 letters, digits, - or _, such as \"sale\"");
    return {};
  }
  return event;
}

Json read_status_words(ObjectReader& reader, StringMap<StatusMeaning>& words) {
  const Json& object = reader.object("status_words");
  ObjectReader given(object, reader.path_of("status_words."), reader.faults());
  Json canonical = Json::object();
  if (object.size() > kMostWords) {
    given.fault_here("has too many words", "at most " + std::to_string(kMostWords));
    return canonical;
  }
  for (const auto& [word, value] : object.items()) {
    StatusMeaning meaning = read_meaning(given, word, value);
    Json as_written = to_string(meaning.status);
    if (!meaning.event.empty()) as_written = Json{{"status", to_string(meaning.status)}, {"event", meaning.event}};
    if (add_word(given, words, word, std::move(meaning))) canonical[to_ascii_lower(word)] = std::move(as_written);
  }
  return canonical;
}

Json read_event_words(ObjectReader& reader, StringMap<std::string>& words) {
  const Json& object = reader.object("event_words");
  ObjectReader given(object, reader.path_of("event_words."), reader.faults());
  Json canonical = Json::object();
  if (object.size() > kMostWords) {
    given.fault_here("has too many words", "at most " + std::to_string(kMostWords));
    return canonical;
  }
  for (const auto& [word, value] : object.items()) {
    const std::size_t before = given.faults().size();
    std::string event = event_name(given, word, given.required_text(word, "an event's name, such as \"sale\"", 64));
    if (given.faults().size() > before) continue;
    if (add_word(given, words, word, event)) canonical[to_ascii_lower(word)] = std::move(event);
  }
  return canonical;
}

Json read_repeat(ObjectReader& reader, StringMap<RepeatPolicy>& repeat) {
  const Json& object = reader.object("repeat");
  ObjectReader given(object, reader.path_of("repeat."), reader.faults());
  Json canonical = Json::object();
  if (object.size() > kMostWords) {
    given.fault_here("has too many events", "at most " + std::to_string(kMostWords));
    return canonical;
  }
  for (const auto& [event, value] : object.items()) {
    const std::string policy = given.choice(event, "update", {"update", "ignore", "add", "new"});
    const std::string name = event == "*" ? event : event_name(given, event, event);
    if (name.empty()) {
      if (event.empty()) given.fault_here("has an event without a name", "an event's name, or \"*\" for all others");
      continue;
    }
    if (!repeat.try_emplace(name, repeat_policy_of(policy)).second)
      given.fault(event, "stands twice when case is ignored", "each event once");
    canonical[name] = policy;
  }
  return canonical;
}

void add_generic_status_words(StringMap<StatusMeaning>& words) {
  constexpr std::string_view kApproved[] = {"approved", "accepted", "confirmed", "paid", "success"};
  constexpr std::string_view kPending[] = {"pending", "hold", "on_hold", "waiting", "new", "open"};
  constexpr std::string_view kRejected[] = {"rejected",  "refund",   "refunded", "chargeback", "reversed", "declined",
                                            "cancelled", "canceled", "trash",    "fraud",      "invalid"};
  for (const auto word : kApproved) words.try_emplace(std::string(word), StatusMeaning{ConversionStatus::approved, {}});
  for (const auto word : kPending) words.try_emplace(std::string(word), StatusMeaning{ConversionStatus::pending, {}});
  for (const auto word : kRejected) words.try_emplace(std::string(word), StatusMeaning{ConversionStatus::rejected, {}});
}

}  // namespace postback

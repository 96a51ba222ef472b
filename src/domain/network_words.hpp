// The words of a network document: status words, event words and repeat policies.
#pragma once

#include "domain/object_reader.hpp"
#include "postback/domain/catalog.hpp"

#include <string>
#include <string_view>

namespace postback {

/// Reads the field `status_words`; returns its canonical object. Words are kept in lower case.
Json read_status_words(ObjectReader& reader, StringMap<StatusMeaning>& words);

/// Reads the field `event_words`: what the network calls an event, and what we call it. Words are kept in lower case.
Json read_event_words(ObjectReader& reader, StringMap<std::string>& words);

/// Reads the field `repeat`; returns its canonical object. Events are kept in lower case.
Json read_repeat(ObjectReader& reader, StringMap<RepeatPolicy>& repeat);

/// `given` as an event's name, in lower case; empty, with a fault under `field`, when it cannot be one.
std::string event_name(ObjectReader& reader, std::string_view field, const std::string& given);

/// Adds the words that most networks share, such as refund and hold. Words already there keep their meaning.
void add_generic_status_words(StringMap<StatusMeaning>& words);

}  // namespace postback

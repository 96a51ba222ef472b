// The parts of reading a destination's document.
#pragma once

#include "domain/object_reader.hpp"
#include "postback/domain/destination.hpp"
#include "postback/domain/destination_profiles.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postback {

/// The settings of one destination: each of its profile's, by name, with the value that counts.
using SettingValues = std::vector<std::pair<std::string, std::string>>;

/// Reads `profile` into `id`. Null for `generic`, and for one that is none, which is a fault.
const DestinationProfile* read_destination_profile_name(ObjectReader& reader, std::string& id);

/// Reads `settings`; secret ones are added to the destination's secrets. Returns the document's own.
Json read_settings(ObjectReader& reader, const DestinationProfile* profile, SettingValues& values,
                   Destination& destination);

/// `text` with each `{setting.NAME}` replaced. What is literal in a value is encoded for the place; its tokens stay.
std::string with_settings(std::string_view text, const SettingValues& values, OutgoingPlace place,
                          Destination& destination);

/// Reads what is sent and where to: method, url, headers, body, body_type, omit_empty, expect, and the columns of a
/// feed; writes them to `canonical`. With a profile, what the document leaves to it is null there.
void read_request(ObjectReader& reader, const DestinationProfile* profile, const SettingValues& settings,
                  Destination& destination, Json& canonical);

/// Reads `when` for a destination whose trigger is known; `fallback` stands for an absent one. Returns the canonical
/// form.
Json read_when(ObjectReader& reader, const Json& fallback, Destination& destination);

/// Reads `expect`.
Json read_expected_answer(ObjectReader& reader, ExpectedAnswer& expect);

/// Whether a parameter or setting of this name (lower case) holds a secret, for all that can be told.
bool sounds_secret(std::string_view name);

/// Adds a text that must never be shown, in every form that a request may have it.
void add_secret(Destination& destination, std::string_view secret);
void add_secret(std::vector<std::string>& secrets, std::string_view secret);
/// The value of a header, and its words, where they are long enough for a key; `most_words` of them. Returns how many
/// words there were.
std::size_t add_secrets_of_header(std::vector<std::string>& secrets, std::string_view value,
                                  std::size_t most_words = std::string_view::npos);
/// Whether a header, by its name in lower case, never holds a secret.
bool is_open_header(std::string_view lower);
/// Faults for modifiers of settings that cannot be applied: unknown ones, `number`, and any where the setting has
/// tokens itself. Not for documents that are stored: earlier versions took them.
void check_setting_modifiers(ObjectReader& reader, const SettingValues& settings);

}  // namespace postback

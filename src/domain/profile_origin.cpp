// Where the facts of a profile come from, and how far they can be trusted.
#include "domain/profile_reading.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::size_t kMostTexts = 50;

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) (list.empty() ? list : list.append(", ")).append(name);
  return list;
}

}  // namespace

bool ProfileOrigin::is_secondhand() const {
  return confidence == "memory" || tier == "template_export" || tier == "code" || tier == "memory";
}

std::string caution(const ProfileOrigin& origin) {
  if (origin.confidence == "memory" || origin.tier == "memory") {
    return "Unconfirmed: no page is known that shows this. Compare it with what your account shows.";
  }
  if (origin.tier == "template_export") {
    return "Unconfirmed: seen only in a public list of other trackers' presets. Compare it with what your account "
           "shows.";
  }
  if (origin.tier == "code") {
    return "Unconfirmed: seen only in published code. Compare it with what your account shows.";
  }
  if (origin.unconfirmed.empty()) return {};
  return "Unconfirmed: " + listed(origin.unconfirmed) +
         " (not on the page that shows the rest). Compare with what your account shows.";
}

std::vector<std::string> read_texts(ObjectReader& reader, std::string_view field) {
  std::vector<std::string> texts;
  for (const Json& value : reader.array(field, kMostTexts)) {
    if (value.is_string() && !value.get_ref<const std::string&>().empty())
      texts.push_back(value.get<std::string>());
    else
      reader.fault(field, "has an entry that is no text", "texts that are not empty");
  }
  return texts;
}

void read_origin(ObjectReader& reader, ProfileOrigin& origin, Json& json) {
  origin.confidence = reader.choice("confidence", {}, {"sourced", "memory"});
  origin.tier =
      reader.choice("tier", {}, {"vendor", "vendor_customer", "tracker", "code", "template_export", "memory"});
  if (origin.confidence.empty() || origin.tier.empty())
    reader.fault("confidence", "or tier is missing", "how far these facts can be trusted");
  origin.source = reader.text("source", 500);
  if (origin.source.empty() == (origin.confidence == "sourced"))
    reader.fault("source", "does not fit the confidence", "a URL where confidence is sourced, none where it is memory");
  origin.unconfirmed = read_texts(reader, "unconfirmed");
  json["confidence"] = origin.confidence;
  json["tier"] = origin.tier;
  json["source"] = text_or_null(origin.source);
  json["also_seen_in"] = read_texts(reader, "also_seen_in");
  json["unconfirmed"] = origin.unconfirmed;
  json["confirmed"] = origin.is_confirmed();
  json["caution"] = text_or_null(caution(origin));
}

void read_identity(ObjectReader& reader, std::string_view kind, std::string& id, std::string& name, Json& json) {
  id = reader.required_text("id", "a slug", 64);
  if (!id.empty() && (!is_slug(id) || id == "generic")) reader.fault("id", "is not usable", "a slug but generic");
  name = reader.required_text("name", "its name");
  json["kind"] = kind;
  json["id"] = id;
  json["name"] = name;
}

std::string read_note(ObjectReader& reader, Json& json) {
  std::string note = reader.text("note", 1000);
  json["note"] = text_or_null(note);
  return note;
}

}  // namespace postback

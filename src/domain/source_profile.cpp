// A source's profile, and the parameters and macros that it and the document give.
#include "domain/source_profile.hpp"

#include "domain/macro_syntax.hpp"
#include "domain/nearest_name.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr unsigned kExternalSlot = 0;
constexpr unsigned kCostSlot = 1;
constexpr unsigned kFirstSubSlot = 2;

/// The first parameter that carries the slot; empty if none does.
std::string_view parameter_of(const Source& source, unsigned slot) {
  if (slot == kExternalSlot) return source.external_id.empty() ? std::string_view{} : source.external_id.front();
  return slot == kCostSlot ? source.cost : source.sub[slot - kFirstSubSlot];
}

void add_free(Source& source, const std::string& name, std::string& place, unsigned slot) {
  if (!name.empty() && place.empty() && source.slots.try_emplace(name, slot).second) place = name;
}

/// The profile's macro for what the source's parameter carries; empty if none is known.
std::string macro_for(const SourceProfile& profile, const Source& source, unsigned slot) {
  if (slot == kExternalSlot) return profile.external_id_macro;
  if (slot == kCostSlot) return profile.cost.macro;
  const auto& name = source.sub[slot - kFirstSubSlot];
  const auto same = std::find_if(profile.subs.begin(), profile.subs.end(),
                                 [&name](const SourceSlot& known) { return known.param == name; });
  return same == profile.subs.end() ? std::string{} : same->macro;
}

std::string read_macro(ObjectReader& given, std::string_view field) {
  std::string macro = given.text(field, 100);
  if (is_macro_text(macro)) return macro;
  given.fault(field, "has a character that a URL cannot carry in a value, such as a space or &",
              "the source's macro as its account shows it, such as \"{click_id}\"");
  return {};
}

}  // namespace

const SourceProfile* read_source_profile_name(ObjectReader& reader, std::string& id) {
  id = reader.text("profile", 64);
  if (id.empty()) id = "generic";
  if (id == "generic") return nullptr;
  const Profiles& profiles = built_in_profiles();
  if (const auto* profile = profiles.source(id)) return profile;
  std::vector<std::string_view> known{"generic"};
  for (const auto& profile : profiles.sources()) known.push_back(profile.id);
  const auto nearest = nearest_name(id, known);
  reader.fault(
      "profile",
      profiles.network(id) != nullptr ? "\"" + id + "\" is the profile of a network, not of a traffic source"
                                      : "there is no profile \"" + id + "\" of a traffic source",
      (nearest.empty() ? std::string("\"generic\", or") : "did you mean \"" + std::string(nearest) + "\"? Or") +
          " another of the list at /api/v1/profiles?kind=source");
  return nullptr;
}

const SourceProfile* profile_of(const Source& source) { return built_in_profiles().source(source.profile); }

std::string slot_name(unsigned slot) {
  if (slot == kExternalSlot) return "external_id";
  return slot == kCostSlot ? "cost" : "sub" + std::to_string(slot - kFirstSubSlot + 1);
}

void add_profile_parameters(const SourceProfile& profile, Source& source) {
  if (source.external_id.empty()) {
    for (const std::string& name : profile.external_id) {
      if (source.slots.try_emplace(name, kExternalSlot).second) source.external_id.push_back(name);
    }
  }
  add_free(source, profile.cost.param, source.cost, kCostSlot);
  for (unsigned n = 0; n < profile.subs.size(); ++n)
    add_free(source, profile.subs[n].param, source.sub[n], kFirstSubSlot + n);
}

Json read_source_macros(ObjectReader& reader, const SourceProfile* profile, Source& source) {
  const Json& object = reader.object("macros");
  ObjectReader given(object, reader.path_of("macros."), reader.faults());
  Json own = Json::object();
  for (unsigned slot = 0; slot < kSourceSlotCount; ++slot) {
    const std::string name = slot_name(slot);
    std::string macro = read_macro(given, name);
    if (!macro.empty() && parameter_of(source, slot).empty())
      given.fault(name, "has no parameter that could carry it", "its name in params");
    if (!macro.empty()) own[name] = macro;
    if (macro.empty() && profile != nullptr && !parameter_of(source, slot).empty())
      macro = macro_for(*profile, source, slot);
    if (!macro.empty()) source.macros.emplace(name, std::move(macro));
  }
  given.finish();
  return own;
}

}  // namespace postback

// What a source document takes from its profile.
#pragma once

#include "domain/object_reader.hpp"
#include "postback/domain/profiles.hpp"

namespace postback {

/// Reads the field `profile` into `id`. Nothing for `generic`, and for an unknown one, which is a fault.
const SourceProfile* read_source_profile_name(ObjectReader& reader, std::string& id);

/// The profile of a source that was read; nothing for `generic`.
const SourceProfile* profile_of(const Source& source);

/// The name of a slot in `params` and `macros`: 0 is `external_id`, 1 `cost`, 2 + n sub-ID n (from 0).
std::string slot_name(unsigned slot);
inline constexpr unsigned kSourceSlotCount = 2 + kSubIdCount;

/// Gives the source every parameter of the profile whose slot and name are still free.
void add_profile_parameters(const SourceProfile& profile, Source& source);

/// Reads the field `macros` into `source.macros`, with the profile's for the parameters that carry the same as there.
/// Returns the document's own. Call it when all parameters are known.
Json read_source_macros(ObjectReader& reader, const SourceProfile* profile, Source& source);

}  // namespace postback

// The values of a recorded click for a template.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/parameters.hpp"

#include <string>

namespace postback {

/// The texts that recorded_values makes views into; reused.
struct RecordedTexts {
  std::string click_id;
  std::string cost;
  std::string timestamp;
  std::string random;
  Parameters parameters;
};

/// What tokens stand for when their click comes from the store. `click`, `texts`, the catalog and what `parameters`
/// were read from must outlive the values. `id`: 0 leaves {clickid} empty. `offer`: null leaves {offer} and {network}
/// empty.
TokenValues recorded_values(const Catalog& catalog, const Offer* offer, const StoredClick& click, const ClickId& id,
                            RecordedTexts& texts);

/// Adds what came with the click: under the names of its source (null: none), then what the source does not map.
void add_recorded_parameters(const Source* source, const StoredClick& click, Parameters& parameters);

}  // namespace postback

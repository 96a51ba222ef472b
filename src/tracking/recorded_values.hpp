// The values of a recorded click for a URL template.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/parameters.hpp"

#include <string>

namespace postback {

/// The texts that `fill` makes views into; reused.
struct RecordedTexts {
  std::string click_id;
  std::string cost;
  std::string timestamp;
  std::string random;
  Parameters parameters;
};

/// What the tokens of an offer's URL stand for when its click comes from the store. `click`, `texts`, the catalog and
/// what `parameters` were read from must outlive the values. `id`: 0 leaves {clickid} empty.
TokenValues recorded_values(const Catalog& catalog, const Offer& offer, const StoredClick& click, const ClickId& id,
                            RecordedTexts& texts);

}  // namespace postback

// From a click ID to the network of its offer.
#include "postback/store/network_lookup.hpp"

#include "postback/domain/postback_shape.hpp"

#include <optional>

namespace postback {

Result<void> find_network(Reader& reader, const Catalog& catalog, const ClickIdKeys& keys, Postback& postback) {
  if (!leaves_network_to_click(postback.shape)) return {};
  const auto sought = sought_click(postback, keys);
  SnowflakeId id = sought.id.high;
  if (!sought.foreign_id.empty()) {
    const auto foreign = reader.foreign_click(sought.foreign_id);
    if (!foreign) return foreign.error();
    id = *foreign;
    if (id != 0) postback.foreign_click = keys.sign(id);
  }
  std::optional<ClickFacts> click;
  if (id != 0) {
    auto found = reader.click_facts(id);
    if (!found) return found.error();
    click = *found;
  }
  if (const auto* network = network_of(postback, catalog, click ? &*click : nullptr)) postback.network = network->id;
  return {};
}

}  // namespace postback

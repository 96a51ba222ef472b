// From the ID of another tracker to the click that was imported under it.
#include "postback/store/foreign_lookup.hpp"

namespace postback {

Result<void> resolve_foreign_click(Reader& reader, const ClickIdKeys& keys, Postback& postback, Reading& reading) {
  if (reading.foreign_id.empty()) return {};
  const auto click = reader.foreign_click(reading.foreign_id);
  if (!click) return click.error();
  if (*click == 0) return {};
  postback.foreign_click = keys.sign(*click);
  reading = read(postback, reading.catalog, keys);
  return {};
}

}  // namespace postback

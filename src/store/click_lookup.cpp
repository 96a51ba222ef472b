// Clicks for postbacks, read before the recorder gets them.
#include "postback/store/click_lookup.hpp"

#include "postback/domain/conversion_lookup.hpp"

#include <memory>
#include <utility>

namespace postback {

Result<std::optional<ClickFacts>> look_up_click(Reader& reader, const Reading& reading) {
  if (reading.click_id.high == 0) return std::optional<ClickFacts>{};
  auto found = reader.click_facts(reading.click_id.high);
  if (!found || !found->has_value()) return found;
  settle_offer(reading, **found);
  if (const auto fetched = fetch_click_row(reader, reading, **found); !fetched) return fetched.error();
  return found;
}

Result<void> fetch_click_row(Reader& reader, const Reading& reading, ClickFacts& click) {
  if (!needs_click_row(reading)) return {};
  auto row = reader.click(click.id);
  if (!row) return row.error();
  if (row->has_value()) click.row = std::make_shared<const StoredClick>(std::move(**row));
  return {};
}

}  // namespace postback

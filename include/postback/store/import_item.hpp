// ImportItem: clicks that another tracker recorded, for the recorder.
#pragma once

#include "postback/store/items.hpp"

#include <string_view>
#include <vector>

namespace postback {

/// One click of another tracker. All views live until the item was settled.
struct ImportedClick {
  enum class Outcome : std::uint8_t {
    imported,
    known,    ///< It was imported before: nothing was changed.
    no_room,  ///< No ID is free at its time: too many clicks of the same time.
  };

  std::string_view foreign_id;  ///< Not empty unless the click has an ID of ours.
  TimeMs time{};                ///< When it happened, to the millisecond.
  /// Its `id` is 0, and the store gives it one of its time; or it is an ID of ours, of a click that was lost.
  Click click;

  // Filled by the store's commit.
  Outcome outcome = Outcome::imported;
  SnowflakeId id = 0;  ///< The click's, also of a known one.
};

/// Each is imported once, by its foreign ID, within this item too.
class ImportItem : public Item {
 public:
  ImportItem() : Item(ItemKind::import) {}
  std::vector<ImportedClick> clicks;
};

}  // namespace postback

// Items that change conversions without a postback: the end of holds, and corrections by hand.
#pragma once

#include "postback/domain/conversion_correction.hpp"
#include "postback/store/items.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace postback {

/// Approves conversions that were held until now, the longest due first.
class ReleaseItem : public Item {
 public:
  ReleaseItem() : Item(ItemKind::release) {}
  TimeMs now{};
  std::size_t limit = 500;  ///< Most of them.
  std::size_t skip = 0;     ///< So many of the longest due are left aside.

  std::size_t released = 0;  ///< Filled by the store's commit.
};

/// Corrects one conversion, with its line in the audit log.
class CorrectionItem : public Item {
 public:
  CorrectionItem() : Item(ItemKind::correction) {}
  SnowflakeId click = 0;
  std::uint32_t number = 0;
  ConversionCorrection correction;
  std::optional<std::vector<std::uint64_t>> if_revisions{};  ///< Only if it is at one of these.
  AuditEntry audit;  ///< Its time is the correction's. Written when something was changed.

  // Filled by the store's commit.
  std::optional<Conversion> before;  ///< Nothing: there is no such conversion.
  std::optional<Conversion> after;   ///< Nothing: it was left as it is.
  bool outdated = false;             ///< It is at none of `if_revisions`.
};

}  // namespace postback

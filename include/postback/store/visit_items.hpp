// CtaItem and ImpressionItem: what visitors do besides following a tracking link, for the recorder and as read back.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/store/items.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace postback {

/// A visitor went from a lander to an offer.
struct Cta {
  SnowflakeId click = 0;
  TimeMs time{};
  EntityNumber offer = 0;
};

/// A CTA as read back.
struct StoredCta : Cta {
  std::uint32_t number = 0;  ///< The how-manieth of its click, from 1.
};

class CtaItem : public Item {
 public:
  CtaItem() : Item(ItemKind::cta) {}
  Cta cta;
  bool told = false;  ///< A destination may have to be told of it.
};

/// The time that impressions are counted by: offsets of :30 and :45 exist, so a quarter of an hour fits any time zone.
inline constexpr std::chrono::milliseconds kImpressionBucket{15 * 60'000};

/// Impressions of a campaign within one bucket.
struct Impressions {
  EntityNumber campaign = 0;
  TimeMs bucket{};  ///< Its beginning.
  std::uint64_t count = 1;
  bool of_bots = false;  ///< Counted apart, so that reports can leave them out.

  /// Whether `other` adds to the same sum.
  bool is_summed_with(const Impressions& other) const {
    return campaign == other.campaign && bucket == other.bucket && of_bots == other.of_bots;
  }
};

constexpr TimeMs impression_bucket(TimeMs time) {
  return TimeMs{time.time_since_epoch() / kImpressionBucket * kImpressionBucket};
}

class ImpressionItem : public Item {
 public:
  ImpressionItem() : Item(ItemKind::impression) {}
  Impressions impressions;
  bool told = false;        ///< A destination may have to be told of it: then it is one impression.
  TimeMs told_time{};       ///< Occurrence::time; the bucket is too coarse.
  std::string told_detail;  ///< Occurrence::detail.
};

/// Whether an item is a visitor's doing: it waits in the spool while the store refuses, and the visitor does not.
constexpr bool is_visit(ItemKind kind) {
  return kind == ItemKind::click || kind == ItemKind::cta || kind == ItemKind::impression;
}

}  // namespace postback

// The matcher: from a postback to a verdict in two pure steps, without clock, store or I/O.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/click.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/conversion.hpp"
#include "postback/domain/postback.hpp"
#include "postback/domain/verdict.hpp"

#include <memory>
#include <optional>

namespace postback {

/// Step one: what does the request say? Checks in the order of spec section 4 up to event, status and money: network,
/// token, parse, click ID. The result either carries a refusal or names the click and the identity (click, event, txid)
/// to look up.
Reading read(const Postback& postback, std::shared_ptr<const Catalog> catalog, const ClickIdKeys& keys);

/// How many conversions an offer has had, those rejected left out.
struct OfferCounts {
  std::uint64_t day = 0;    ///< On the UTC day of the postback's arrival.
  std::uint64_t month = 0;  ///< In its UTC month.
  std::uint64_t total = 0;
};

/// What the store knows about a reading.
struct Facts {
  std::optional<ClickFacts> click;
  std::optional<Conversion> conversion;  ///< The one with this identity, if any; under a wider scope of transaction IDs
                                         ///< it may be another click's.
  std::uint32_t conversions_of_click = 0;  ///< How many the click has: the next number is one more.
  /// What a rejection without a transaction ID means under `new`: the click's newest of this event that is not rejected
  /// yet, else its newest.
  std::optional<Conversion> newest{};
  std::optional<OfferCounts> offer_counts{};  ///< Where the offer has caps.
  /// Without a transaction ID under `add` and `new`: the conversion that a request of the same target and body made or
  /// changed within the resend window.
  std::optional<Conversion> same_request{};
};

/// What to do besides logging the postback: at most one effect.
struct Judgement {
  Verdict verdict;
  /// The conversion as it is to be stored: new when `creates`, else the changed state of facts.conversion. Empty: no
  /// effect. The store gives a new one its `id`.
  std::optional<Conversion> effect;
  bool creates = false;
  /// The conversion the verdict speaks of (the effect's, or the one found), for the answer: number within the click, or
  /// 0.
  std::uint32_t conversion_number = 0;
  SnowflakeId conversion_click = 0;  ///< Whose it is; under a wider scope of transaction IDs perhaps not the reading's.
};

/// Step two: what follows? Checks click, network match and policy; warns rather than losing a paid conversion.
/// A reading that carries a refusal is answered with it.
Judgement judge(const Reading& reading, const Facts& facts);

}  // namespace postback

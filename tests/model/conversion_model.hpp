// ConversionModel: section 4 of the specification written down a second time, as plainly as possible, for clicks and
// postbacks given in structured form.
#pragma once

#include "postback/domain/click_id.hpp"
#include "postback/domain/conversion.hpp"
#include "postback/domain/verdict.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace postback::model {

/// The offers of the model's catalog, by number. All belong to network acme but `foreign`.
enum class OfferKind : std::uint32_t { priced = 1, unpriced = 2, foreign = 3 };
inline constexpr OfferKind kOfferKinds[] = {OfferKind::priced, OfferKind::unpriced, OfferKind::foreign};
inline constexpr Micros kOfferPayout = 12'500'000;  ///< Of `priced`, in kOfferCurrency.
inline constexpr const char* kOfferCurrency = "GBP";
inline constexpr const char* kNetworkCurrency = "EUR";  ///< Of acme: counts for `unpriced`.
// The events whose repeat policy is not `update`.
inline constexpr const char* kIgnoredEvent = "signup";
inline constexpr const char* kAddedEvent = "deposit";
inline constexpr const char* kNewEvent = "sale";

/// `shared` is accepted by acme and by a network without offers; it is sent in URLs that name no network only.
enum class TokenKind { right, shared, wrong, missing };
enum class ClickKind { stored, valid_but_unknown, forged, malformed, unreplaced, missing };
enum class StatusKind { missing, approved, pending, rejected, unknown };
enum class SumKind { missing, number, invalid };

// What the operator teaches acme at the end: two words that were unknown, and the rules of that day.
inline constexpr const char* kApprovedWord = "wibble";
inline constexpr const char* kRejectedWord = "7";      ///< It stands for another event as well.
inline constexpr const char* kIgnoredReason = "late";  ///< The first rule rejects it.
inline constexpr Micros kHeldPayout = 1'000'000;       ///< The second rule holds it.

/// What a postback says, before it is written as a query.
struct Say {
  TokenKind token = TokenKind::right;
  ClickKind click_kind = ClickKind::stored;
  ClickId click;
  std::string event;  ///< As sent, in any case; empty: none.
  std::string txid;
  StatusKind status = StatusKind::missing;
  std::string status_word;
  SumKind payout_kind = SumKind::missing;
  Micros payout = 0;
  std::string payout_text;
  bool currency_known = true;
  std::string currency;
  std::optional<Micros> amount;
  std::string reason;
  bool test = false;
  bool dropped_in = false;  ///< Its URL names no network: the click tells it.
  bool click_seen = false;  ///< Then whether its click was there when it arrived,
  bool acme_seen = false;   ///< and had led to an offer of acme.
  std::string bytes;        ///< The request's target, without its token.
  TimeMs time{};            ///< Its arrival.
};

/// The state of a conversion as the model has it.
struct ModelConversion {
  std::uint32_t number = 0;
  ConversionStatus status = ConversionStatus::approved;
  std::string original_status;
  Micros payout = 0;
  std::optional<Micros> amount;
  std::string currency;
  std::string reason;
  std::uint32_t revision = 1;
  OfferKind offer = OfferKind::priced;
  bool held = false;
  std::vector<Say> changes{};  ///< What made and changed it, in order, but for what was judged later than newer ones.
  std::vector<std::uint32_t> told{
      1U};  ///< The revisions that destinations are told of: the first, and changes of status.
};

struct Expected {
  VerdictResult result = VerdictResult::refused;
  VerdictCode code = VerdictCode::unparseable;
  std::uint32_t number = 0;  ///< Of the conversion spoken of, 0: none.
  bool waits = false;        ///< For its click.
};

class ConversionModel {
 public:
  /// Click, event, txid, and which one of those without a transaction ID under `new`.
  using Identity = std::tuple<SnowflakeId, std::string, std::string, std::uint32_t>;

  void click(SnowflakeId id, OfferKind offer) { clicks_[id] = offer; }
  void cta(SnowflakeId click, OfferKind offer) { ctas_[click].push_back(offer); }
  bool has_click(SnowflakeId id) const { return clicks_.contains(id); }
  /// The newest offer of acme that the visitor of this click went to; `foreign`: none.
  OfferKind offer_of(SnowflakeId click) const;
  /// Decides and, unless it is a test, takes effect.
  Expected postback(const Say& say);
  /// One that waited, once its click is there: it undoes nothing that came later.
  Expected late(const Say& say);
  /// What a postback that was accepted with an unknown word becomes once the operator taught the word. Whether anything
  /// changes.
  bool replay(const Say& say);

  const std::map<Identity, ModelConversion>& conversions() const { return conversions_; }
  /// Conversions of an offer that are not rejected: what caps are compared with.
  std::uint64_t count_of(OfferKind offer) const;
  /// Sum of payouts by status and currency.
  std::map<std::pair<ConversionStatus, std::string>, Micros> sums() const;

 private:
  std::optional<VerdictCode> refusal(const Say& say) const;
  std::optional<Expected> without_network(const Say& say) const;
  Expected judged(const Say& say);
  Expected create(const Say& say, const Identity& identity);
  Expected repeat(const Say& say, ModelConversion& found);
  Expected add(const Say& say, ModelConversion& found);
  Expected move(const Say& say, ModelConversion& found, ConversionStatus next);
  ModelConversion* spoken_of(const Say& say, const Identity& identity);

  std::map<SnowflakeId, OfferKind> clicks_;
  std::map<SnowflakeId, std::vector<OfferKind>> ctas_;  ///< In order.
  std::map<SnowflakeId, std::uint32_t> conversions_of_;
  std::map<Identity, ModelConversion> conversions_;
};

}  // namespace postback::model

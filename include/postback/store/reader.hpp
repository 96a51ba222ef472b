// Reader: read-only access to the store for one thread. Reads never wait for writes.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/result.hpp"
#include "postback/domain/click.hpp"
#include "postback/domain/conversion.hpp"
#include "postback/domain/delivery.hpp"
#include "postback/domain/matcher.hpp"
#include "postback/domain/verdict.hpp"
#include "postback/store/forget_item.hpp"
#include "postback/store/log_query.hpp"
#include "postback/store/operator_change.hpp"
#include "postback/store/visit_items.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// A row of the postback log.
struct StoredPostback {
  SnowflakeId id = 0;
  TimeMs time{};
  std::string network;
  std::string method;
  std::string target;
  std::string headers;
  std::string body;
  std::string peer;
  std::string authentication;
  int http_status = 0;
  std::string result;
  std::string code;
  std::string message;
  std::string evidence;
  std::string fix;
  std::vector<std::string> warnings;
  SnowflakeId click = 0;                ///< 0: none.
  std::uint32_t conversion_number = 0;  ///< Within `click`; 0: none.
  std::string event;
  std::string txid;
  std::optional<Micros> payout;
  std::optional<Micros> amount;
  std::string currency;
  std::string status;
  std::string original_status;
  std::uint64_t revision = 0;
  std::string shape;               ///< Whose parameter names it used; empty: `own`.
  bool secure = false;             ///< It came by HTTPS.
  std::optional<TimeMs> judged{};  ///< When it was judged again.
  std::string first_code{};        ///< What it was at first, if it was judged again.
  std::uint64_t repeats = 0;       ///< Further refusals like this one that the row stands for, under a flood.
};

/// A postback that waits for its click.
struct WaitingPostback {
  SnowflakeId click = 0;
  SnowflakeId postback = 0;
  std::vector<EntityNumber> proved_to{};  ///< Reading::proved_to, where its network is not known yet.
};

/// Whom rows are to be forgotten for: one of these.
struct Person {
  SnowflakeId click = 0;
  std::string ip{};                        ///< In any notation.
  std::string external_id{};               ///< As the clicks have it.
  std::vector<std::string> recorded_ip{};  ///< What clicks may have in place of the address: its network, its hash.
  std::string click_id{};                  ///< The click's, as requests have it that were refused before it was read.
};

/// Rows found in a search: their IDs. `next` continues it, 0: the end was reached.
struct FoundRows {
  std::vector<SnowflakeId> rows;
  SnowflakeId next = 0;
};

/// A row of the log of conversions: with what its click and its first postback say.
struct StoredConversion : Conversion {
  EntityNumber campaign = 0;
  EntityNumber offer = 0;
  std::string network;  ///< Slug.
};

/// One state of a conversion, and what caused it.
struct ConversionRevision {
  std::uint32_t revision = 0;
  SnowflakeId postback = 0;  ///< 0: none.
  std::string cause;         ///< `replay`, `hold`, `correction`, ...; empty: the postback alone.
  TimeMs time{};
  ConversionStatus status = ConversionStatus::approved;
  std::string original_status;
  Micros payout = 0;
  std::optional<Micros> amount;
  std::string currency;
  std::string reason;
};

/// A destination as the store knows it.
struct StoredDestination {
  EntityNumber destination = 0;
  SendRemainder remainder = 0;
  std::optional<TimeMs> paused{};    ///< Since: by what it answered, or by hand.
  std::string reason{};              ///< Why it is paused.
  std::optional<TimeMs> next_due{};  ///< Of its pending deliveries; nothing: it has none.
};

/// Where a page of pending deliveries ended.
struct DueCursor {
  TimeMs due{};
  SnowflakeId id = 0;
};

/// Used by one thread. Every call sees a snapshot of its own and lets it go on return.
class Reader {
 public:
  virtual ~Reader() = default;
  /// What the matcher needs of a click; nothing if there is no such row.
  virtual Result<std::optional<ClickFacts>> click_facts(SnowflakeId id) = 0;
  /// All that the store knows about a reading; nothing if it carries a refusal.
  virtual Result<Facts> facts(const Reading& reading) = 0;
  virtual Result<std::optional<StoredClick>> click(SnowflakeId id) = 0;
  /// Pages of the logs. Error beside the store's: invalid_argument for a filter on a column that the log has not.
  virtual Result<LogPage<StoredClick>> clicks(const LogQuery& query) = 0;
  virtual Result<LogPage<StoredConversion>> conversions(const LogQuery& query) = 0;
  /// One conversion by its public ID, `<click>-<number>`.
  virtual Result<std::optional<StoredConversion>> conversion(SnowflakeId click, std::uint32_t number) = 0;
  /// All states that the conversion with this ID had, the first one first.
  virtual Result<std::vector<ConversionRevision>> conversion_revisions(SnowflakeId id) = 0;
  /// When the next of the conversions that are held is due; nothing if none waits for a time.
  virtual Result<std::optional<TimeMs>> next_release() = 0;
  virtual Result<LogPage<StoredPostback>> postbacks(const LogQuery& query) = 0;
  virtual Result<LogPage<AuditEntry>> audit(const LogQuery& query) = 0;
  /// A click's newest CTAs, the newest first, at most `limit`.
  virtual Result<std::vector<StoredCta>> ctas(SnowflakeId click, std::size_t limit) = 0;
  virtual Result<std::vector<SpendEntry>> spend(const SpendQuery& query) = 0;
  /// Revisions with a number below `before` (0: from the newest), newest first, at most `limit`.
  virtual Result<std::vector<Revision>> revisions(std::uint64_t before, std::size_t limit) = 0;
  virtual Result<std::optional<Revision>> revision(std::uint64_t number) = 0;
  /// The entities that revision `number` changed, as it left them.
  virtual Result<std::vector<EntityDocument>> changed_in(std::uint64_t number) = 0;
  /// One entity as revision `number` left it; nothing if it was not there yet.
  virtual Result<std::optional<EntityDocument>> document_at(EntityKind kind, std::string_view id,
                                                            std::uint64_t number) = 0;
  /// The newest revision up to `until` that changed an entity of this kind; 0: none did.
  virtual Result<std::uint64_t> last_change(EntityKind kind, std::uint64_t until) = 0;
  /// The whole catalog as revision `number` left it, archived entities included, ordered by kind and ID.
  virtual Result<std::vector<EntityDocument>> catalog_at(std::uint64_t number) = 0;

  /// The conversion whose newest change this postback caused; nothing if it caused none, or something changed it since.
  virtual Result<std::optional<Conversion>> left_by(SnowflakeId click, std::uint32_t number, SnowflakeId postback) = 0;
  /// Postbacks that wait for their click, behind `after` in the order of click and postback, at most `limit`.
  virtual Result<std::vector<WaitingPostback>> waiting(const WaitingPostback& after, std::size_t limit) = 0;
  /// The click of ours that was imported under this ID of another tracker; 0 if none was. While no click was ever
  /// imported under such an ID, the store is not touched.
  virtual Result<SnowflakeId> foreign_click(std::string_view foreign_id) = 0;
  /// The newest of the rows that lost what is personal in them because they were old enough; 0 for none.
  virtual Result<SnowflakeId> forgotten_to(ForgetTable table) = 0;
  /// Rows of `table` that tell of a person, newest first, within `budget`, before `before` (0: from the newest). For
  /// postbacks: those of the person's clicks, and those that name the click, the address or a long external ID. For
  /// deliveries: those of the person's clicks and impressions.
  virtual Result<FoundRows> rows_about(const Person& person, ForgetTable table, SnowflakeId before,
                                       std::chrono::milliseconds budget) = 0;

  /// Occurrences that no delivery was planned for yet, with an ID above `after`, in their order, at most `limit`.
  virtual Result<std::vector<Occurrence>> occurrences(SnowflakeId after, std::size_t limit) = 0;
  /// What a delivery of these may speak of. `postback`: with the request that caused the conversion's state.
  struct FactsWanted {
    SnowflakeId click = 0;
    SnowflakeId conversion = 0;
    std::uint32_t conversion_revision = 0;
    std::uint32_t cta = 0;
    bool postback = false;
  };
  virtual Result<DeliveryFacts> delivery_facts(const FactsWanted& wanted) = 0;
  /// Whether the destination was told (or withheld) this conversion before.
  virtual Result<bool> was_told(SnowflakeId conversion, EntityNumber destination) = 0;
  /// All destinations that have a state or a pending delivery.
  virtual Result<std::vector<StoredDestination>> destination_states() = 0;
  /// Pending deliveries of a destination that are due at `now` or before, behind `after`, the longest due first.
  virtual Result<std::vector<Delivery>> due_deliveries(EntityNumber destination, TimeMs now, const DueCursor& after,
                                                       std::size_t limit) = 0;
  /// When the destination's next pending delivery behind `after` is due.
  virtual Result<std::optional<TimeMs>> next_due(EntityNumber destination, const DueCursor& after) = 0;
  virtual Result<LogPage<Delivery>> deliveries(const LogQuery& query) = 0;
  virtual Result<std::optional<Delivery>> delivery(SnowflakeId id) = 0;
  /// The first first.
  virtual Result<std::vector<DeliveryAttempt>> delivery_attempts(SnowflakeId delivery) = 0;
  /// How many deliveries are pending. Costs a step through all of them, some 10 ns each.
  virtual Result<std::uint64_t> pending_deliveries() { return std::uint64_t{0}; }
};

}  // namespace postback

// The visitor's and the network's endpoints: /c/{campaign}, /postback/{network}[/{event}] and the URLs of other
// trackers.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/offer_caps.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/http/router.hpp"
#include "postback/store/catalog_slot.hpp"
#include "postback/store/reader_pool.hpp"
#include "postback/store/recorder.hpp"
#include "postback/tracking/batch_limits.hpp"
#include "postback/tracking/cookies.hpp"
#include "postback/tracking/refusal_log.hpp"
#include "postback/tracking/request_counts.hpp"
#include "postback/tracking/visitor_services.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace postback {

/// Counters for /metrics, from all io threads; only what is rare is counted here, the rest by the recorder.
struct TrackingFigures {
  std::atomic<std::uint64_t> unknown_campaign{0};
  std::atomic<std::uint64_t> paused_campaign{0};
  std::atomic<std::uint64_t> prefetches{0};
  std::atomic<std::uint64_t> values_cut{0};          ///< A visitor's value exceeded its limit and was cut.
  std::atomic<std::uint64_t> unknown_ctas{0};        ///< A CTA without a click ID of ours, or whose click is nowhere.
  std::atomic<std::uint64_t> deep_links_ignored{0};  ///< A link named a page that its offer does not allow.
  std::atomic<std::uint64_t> locations_bared{0};     ///< A Location over 8 KiB lost every value but {clickid}.
  std::atomic<std::uint64_t> user_agents_parsed{0};  ///< A user agent was not in its io thread's memory.
  std::atomic<std::uint64_t> refusals_unlogged{0};   ///< Postbacks refused under a flood, counted in one row together.
};

/// What the endpoints work with; all of it outlives the server.
struct TrackingServices {
  const Clock& clock;
  const CatalogSlot& catalog;
  const ClickIdKeys& keys;
  SnowflakeGenerator& ids;
  Recorder& recorder;
  ReaderPool& lookups;
  TrackingFigures& figures;
  RequestCounts& counts;
  RefusalLog& refusals;
  BatchLimits batch{};
  CookieSettings cookies{};
  const OfferCounter* offers = nullptr;       ///< Null: caps are not looked at.
  const VisitorServices* visitors = nullptr;  ///< Null: of visitors only what their headers say is known.
};

/// Bounds on what a click keeps of its visitor, in bytes; longer values are cut at a UTF-8 boundary.
inline constexpr std::size_t kLongestValue = 4096;  ///< External ID and sub-IDs.
inline constexpr std::size_t kLongestExtra = 8192;  ///< All parameters that the source does not map, together.
inline constexpr std::size_t kLongestUserAgent = 1024;
inline constexpr std::size_t kLongestReferrer = 2048;
inline constexpr std::size_t kLongestLanguage = 35;  ///< RFC 5646 section 4.4.1.
inline constexpr std::size_t kLongestLocation = 8192;

/// The routes of one io thread. Call once per thread: handlers keep that thread's view of the catalog.
std::vector<http::Route> tracking_routes(TrackingServices& services);

}  // namespace postback

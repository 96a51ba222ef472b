// VisitorFacts: what a request tells about its visitor, for routing, for templates and for the record.
#pragma once

#include "postback/domain/click.hpp"
#include "postback/domain/visitor.hpp"
#include "postback/http/request.hpp"
#include "postback/tracking/tracking.hpp"
#include "postback/tracking/visitor_services.hpp"
#include "tracking/user_agent_cache.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postback {

/// Texts that a visitor's and a click's views point into; kept with the click under way, so that nothing is allocated.
struct VisitorTexts {
  GeoFacts place;
  std::string address;
};

/// One of an io thread.
class VisitorFacts {
 public:
  /// Without services only what the headers say is told, and addresses are recorded whole.
  VisitorFacts(const VisitorServices* services, TrackingFigures& figures);

  /// Fills what the visitor's own request says: address, user agent, referrer, language.
  static void read(const http::Request& request, Visitor& visitor);
  /// Adds what follows from address and user agent. A country that is there already stays.
  void complete(VisitorTexts& texts, Visitor& visitor);
  /// Both: all of `visitor` but `unique`, `query` and `headers`. `time`: of the visit.
  void fill(const http::Request& request, TimeMs time, VisitorTexts& texts, Visitor& visitor);
  /// Whether the visitor that was completed last only fetches what people are shown of a link before they follow it.
  bool is_link_preview() const { return link_preview_; }
  /// Whether a user agent is a bot's.
  bool is_bot(std::string_view user_agent);
  /// Fills `unique`, once for a visit that is recorded. `first_by_cookie` is what our cookie says, where it knows the
  /// campaign; it beats the memory, which notes the visit all the same. Neither address nor user agent: not known.
  void count_visit(EntityNumber campaign, std::optional<bool> first_by_cookie, Visitor& visitor);
  /// What of it is recorded. The click's views point into `visitor`'s texts and into `texts`.
  void record(const Visitor& visitor, VisitorTexts& texts, Click& click) const;

 private:
  const VisitorServices* services_;
  TrackingFigures& figures_;
  std::optional<GeoView> geo_;
  std::optional<UserAgentCache> user_agents_;
  // Of the visitor that was completed last.
  std::uint64_t user_agent_hash_ = 0;
  bool link_preview_ = false;
};

}  // namespace postback

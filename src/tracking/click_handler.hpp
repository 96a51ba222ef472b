// ClickHandler: GET /c/{campaign} records a click and answers with the redirect once it is committed.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/parameters.hpp"
#include "postback/domain/visitor.hpp"
#include "postback/http/exchange.hpp"
#include "postback/http/router.hpp"
#include "postback/tracking/tracking.hpp"
#include "tracking/visitor_facts.hpp"

#include <optional>
#include <string>

namespace postback {

/// The headers of a visitor's request, for rules.
class RequestHeaders final : public HeaderSource {
 public:
  std::string_view header(std::string_view name) const override {
    return request->header(name).value_or(std::string_view{});
  }
  const http::Request* request = nullptr;
};

/// A click under way: the item for the recorder together with the texts its views point into.
class ClickExchange final : public http::ExchangeState, public ClickItem {
 public:
  /// The click is committed, or whoever reported it must not wait for our trouble; `outcome` says which.
  void run() noexcept override { answer(*this); }

  http::Exchange* exchange = nullptr;
  void (*answer)(ClickExchange&) = nullptr;
  Parameters parameters;
  Visitor visitor;         ///< Views into the request or `said`.
  RequestHeaders headers;  ///< Those of the visitor, where the request is his own.
  RedirectMode redirect = RedirectMode::found;
  std::string location;
  std::string extra;
  std::string tested_headers;
  VisitorTexts visitor_texts;
  std::string cookie;                ///< The value of Set-Cookie; empty: none.
  std::string origin;                ///< Of the page that reported it.
  Parameters said;                   ///< What a server or a page reported in place of the visitor's browser.
  const Catalog* catalog = nullptr;  ///< What the click is recorded by; only until it is submitted.
  std::string slugs;                 ///< Copies of catalog texts: a snapshot may go while the click waits.
};

/// One per io thread.
class ClickHandler {
 public:
  explicit ClickHandler(TrackingServices& services)
      : services_(services), catalog_(services.catalog), facts_(services.visitors, services.figures) {}
  void handle(http::Exchange& exchange, std::string_view campaign_id);

  /// The exchange's state, empty. The caller fills in the visitor's facts, the parameters and the way to answer.
  static ClickExchange& begin(http::Exchange& exchange);
  /// What the visitor's own request says of him.
  static void take_headers(const http::Request& request, ClickExchange& state);
  /// Gives the click its ID, chooses where it goes, and submits it; `state.answer` is called when it is settled,
  /// perhaps at once.
  void record(ClickExchange& state, const Campaign& campaign, const Catalog& catalog);
  /// What a click of this visitor with these parameters would have on record: of an impression, which has no row of its
  /// own, for the destinations that are told of it (see impression_detail.hpp).
  std::string describe(const Campaign& campaign, const Visitor& visitor, const Parameters& parameters);
  /// Whether a visitor with this user agent is a bot.
  bool is_bot(std::string_view user_agent) { return facts_.is_bot(user_agent); }

 private:
  void follow(http::Exchange& exchange, const Campaign& campaign, const Catalog& catalog);
  void redirect_without_record(http::Exchange& exchange, const Campaign& campaign, const Catalog& catalog);
  void route(const Catalog& catalog, const Campaign& campaign, ClickExchange& state);
  bool follow_deep_link(const Campaign& campaign, const Offer& offer, ClickExchange& state);
  std::optional<bool> first_by_cookie(const Campaign& campaign, const ClickExchange& state) const;
  void remember(const Campaign& campaign, ClickExchange& state);

  TrackingServices& services_;
  CatalogView catalog_;
  VisitorFacts facts_;
};

}  // namespace postback

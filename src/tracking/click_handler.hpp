// ClickHandler: GET /c/{campaign} records a click and answers with the redirect once it is committed.
#pragma once

#include "postback/domain/parameters.hpp"
#include "postback/http/exchange.hpp"
#include "postback/http/router.hpp"
#include "postback/tracking/tracking.hpp"
#include "tracking/visitor_facts.hpp"

#include <string>

namespace postback {

/// A click under way: the item for the recorder together with the texts its views point into.
class ClickExchange final : public http::ExchangeState, public ClickItem {
 public:
  /// Answers with the redirect: the click is committed, or the visitor must not wait for our trouble.
  void run() noexcept override;

  http::Exchange* exchange = nullptr;
  Parameters parameters;
  std::string location;
  std::string extra;
  VisitorTexts visitor_texts;
  std::string slugs;  ///< Copies of catalog texts: a snapshot may go while the click waits.
};

/// One per io thread.
class ClickHandler {
 public:
  explicit ClickHandler(TrackingServices& services)
      : services_(services), catalog_(services.catalog), facts_(services.visitors, services.figures) {}
  void handle(http::Exchange& exchange, std::string_view campaign_id);

 private:
  void record(http::Exchange& exchange, const Campaign& campaign, const Catalog& catalog);
  void redirect_without_record(http::Exchange& exchange, const Campaign& campaign);
  void map_parameters(const Campaign& campaign, ClickExchange& state);
  void render(const Offer& offer, const Campaign& campaign, ClickExchange& state);
  std::string_view bounded(std::string_view value, std::size_t longest);

  TrackingServices& services_;
  CatalogView catalog_;
  VisitorFacts facts_;
};

}  // namespace postback

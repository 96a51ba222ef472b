// PageVisitHandler: POST /click, by which a page's script records a click without a redirect, and its CORS preflight.
#pragma once

#include "postback/http/exchange.hpp"
#include "postback/tracking/tracking.hpp"
#include "tracking/click_handler.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

namespace postback {

/// One per io thread.
class PageVisitHandler {
 public:
  PageVisitHandler(TrackingServices& services, ClickHandler& clicks)
      : services_(services), clicks_(clicks), catalog_(services.catalog) {}
  void handle(http::Exchange& exchange);
  /// Answers OPTIONS: whether pages of this origin may call at all; the campaign stands only in the body.
  void preflight(http::Exchange& exchange);

 private:
  bool is_listed(std::string_view origin);

  TrackingServices& services_;
  ClickHandler& clicks_;
  CatalogView catalog_;
  std::shared_ptr<const Catalog> listed_by_;  ///< The catalog that `listed_` was made of.
  std::unordered_set<std::string> listed_;    ///< Every campaign's origins.
};

}  // namespace postback

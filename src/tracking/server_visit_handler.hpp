// ServerVisitHandler: POST /s2s/click/{campaign} and /s2s/impression/{campaign}, called by a source's servers.
#pragma once

#include "postback/domain/parameters.hpp"
#include "postback/http/exchange.hpp"
#include "postback/tracking/tracking.hpp"
#include "tracking/click_handler.hpp"

#include <string_view>

namespace postback {

/// Longest body of a click or an impression that a server or a page reports, in bytes.
inline constexpr std::size_t kLongestVisitBody = 64 * 1024;

/// One per io thread.
class ServerVisitHandler {
 public:
  ServerVisitHandler(TrackingServices& services, ClickHandler& clicks)
      : services_(services), clicks_(clicks), catalog_(services.catalog) {}
  void handle_click(http::Exchange& exchange, std::string_view campaign_id);
  void handle_impression(http::Exchange& exchange, std::string_view campaign_id);

 private:
  /// The campaign, once the caller may speak for its source; else the problem was answered, and it is null.
  const Campaign* authorized(http::Exchange& exchange, const Catalog& catalog, std::string_view campaign_id,
                             Parameters& said);

  TrackingServices& services_;
  ClickHandler& clicks_;
  CatalogView catalog_;
};

}  // namespace postback

// ImpressionHandler: GET /i/{campaign}.gif counts an impression and answers with a pixel once it is committed.
#pragma once

#include "postback/http/exchange.hpp"
#include "postback/store/visit_items.hpp"
#include "postback/tracking/tracking.hpp"
#include "tracking/click_handler.hpp"

#include <string_view>

namespace postback {

/// An impression under way.
class ImpressionExchange final : public http::ExchangeState, public ImpressionItem {
 public:
  /// It is committed, or counted in memory while the store refuses, or lost and counted as that.
  void run() noexcept override { answer(*this); }
  http::Exchange* exchange = nullptr;
  void (*answer)(ImpressionExchange&) = nullptr;
};

/// Whether a destination may have to be told of an impression: then it is described, which no other pays for.
inline bool is_told(const Catalog& catalog, const Campaign& campaign) {
  return catalog.tells(Trigger::impression, campaign);
}

/// Submits one impression of now; `state.answer` is called when it is settled, perhaps at once. The caller sets
/// `state.told` and, with it, `state.told_detail`. `of_bot`: a bot saw it.
void count_impression(http::Exchange& exchange, ImpressionExchange& state, const Campaign& campaign,
                      TrackingServices& services, bool of_bot);

/// One per io thread.
class ImpressionHandler {
 public:
  ImpressionHandler(TrackingServices& services, ClickHandler& clicks)
      : services_(services), clicks_(clicks), catalog_(services.catalog) {}
  void handle(http::Exchange& exchange, std::string_view campaign_id);

 private:
  TrackingServices& services_;
  ClickHandler& clicks_;
  CatalogView catalog_;
};

}  // namespace postback

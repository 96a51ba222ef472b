// The table of tracking routes.
#include "postback/tracking/tracking.hpp"
#include "tracking/batch_handler.hpp"
#include "tracking/click_handler.hpp"
#include "tracking/postback_handler.hpp"

#include <memory>

namespace postback {

std::vector<http::Route> tracking_routes(TrackingServices& services) {
  using http::Exchange;
  using http::Method;
  using http::PathValues;
  const auto click = std::make_shared<ClickHandler>(services);
  const auto postback = std::make_shared<PostbackHandler>(services);
  const auto on_click = [click](Exchange& exchange, const PathValues& values) { click->handle(exchange, values[0]); };
  const auto on_postback = [postback](Exchange& exchange, const PathValues& values) {
    postback->handle(exchange, values[0]);
  };
  const auto batch = std::make_shared<BatchHandler>(services);
  const auto on_batch = [batch](Exchange& exchange, const PathValues& values) { batch->handle(exchange, values[0]); };
  http::Route batches{Method::post, "/postback/{}/batch",       services.batch.bytes, on_batch,
                      false,        "/postback/{network}/batch"};
  batches.may_send_body = [batch](const http::Request& head) { return batch->may_send_body(head); };
  return {
      {Method::get, "/c/{}", 0, on_click, true, "/c/{campaign}"},
      batches,
      // Whatever follows, so that a postback whose path is wrong is logged as well. HEAD must not have an effect.
      {Method::get, "/postback/{*}", kLongestPostbackBody, on_postback, false, "/postback/{network}"},
      {Method::post, "/postback/{*}", kLongestPostbackBody, on_postback, false, "/postback/{network}"},
  };
}

}  // namespace postback

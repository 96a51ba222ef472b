// The table of tracking routes.
#include "postback/tracking/tracking.hpp"
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
  const auto on_postback = [postback](Exchange& exchange, const PathValues&) { postback->handle(exchange); };
  // HEAD must not have an effect.
  const auto take_postbacks = [&on_postback](std::vector<http::Route>& table, const std::string& pattern,
                                             const std::string& label) {
    for (const auto method : {Method::get, Method::post}) {
      table.push_back({method, pattern, kLongestPostbackBody, on_postback, false, label});
    }
  };
  std::vector<http::Route> routes{{Method::get, "/c/{}", 0, on_click, true, "/c/{campaign}"}};
  // Whatever follows, so that a postback whose path is wrong is logged as well.
  take_postbacks(routes, "/postback/{*}", "/postback/{network}");
  take_postbacks(routes, "/click.php", "/click.php");
  take_postbacks(routes, "/{}/postback", "/{key}/postback");
  return routes;
}

}  // namespace postback

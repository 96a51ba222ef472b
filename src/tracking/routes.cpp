// The table of tracking routes.
#include "postback/tracking/tracking.hpp"
#include "tracking/batch_handler.hpp"
#include "tracking/browser_conversion_handler.hpp"
#include "tracking/click_handler.hpp"
#include "tracking/impression_handler.hpp"
#include "tracking/out_handler.hpp"
#include "tracking/page_script.hpp"
#include "tracking/page_visit_handler.hpp"
#include "tracking/postback_handler.hpp"
#include "tracking/server_visit_handler.hpp"

#include <iterator>
#include <memory>

namespace postback {
namespace {

using http::Exchange;
using http::Method;
using http::PathValues;
using Routes = std::vector<http::Route>;

Routes postback_routes(TrackingServices& services) {
  const auto postback = std::make_shared<PostbackHandler>(services);
  const auto on_postback = [postback](Exchange& exchange, const PathValues&) { postback->handle(exchange); };
  struct PostbackPath {
    const char* pattern;
    const char* label;
  };
  const auto batch = std::make_shared<BatchHandler>(services);
  const auto on_batch = [batch](Exchange& exchange, const PathValues& values) { batch->handle(exchange, values[0]); };
  http::Route batches{Method::post, "/postback/{}/batch",       services.batch.bytes, on_batch,
                      false,        "/postback/{network}/batch"};
  batches.may_send_body = [batch](const http::Request& head) { return batch->may_send_body(head); };
  Routes routes{batches};
  // Whatever follows /postback, so that a postback whose path is wrong is logged as well. HEAD must not have an effect.
  for (const auto& [pattern, label] : {PostbackPath{"/postback/{*}", "/postback/{network}"},
                                       {"/click.php", "/click.php"},
                                       {"/{}/postback", "/{key}/postback"}}) {
    for (const auto method : {Method::get, Method::post}) {
      routes.push_back({method, pattern, kLongestPostbackBody, on_postback, false, label});
    }
  }
  return routes;
}

/// What landers and advertisements call.
Routes visitor_routes(TrackingServices& services, std::shared_ptr<ClickHandler> click) {
  const auto out = std::make_shared<OutHandler>(services);
  const auto impression = std::make_shared<ImpressionHandler>(services, *click);
  const auto on_out = [out](Exchange& exchange, const PathValues& values) {
    out->handle(exchange, values[0], values[1]);
  };
  // The handler refers to `click`, which lives as long as it.
  const auto on_impression = [impression, click](Exchange& exchange, const PathValues& values) {
    impression->handle(exchange, values[0]);
  };
  const auto on_script = [](Exchange& exchange, const PathValues&) { answer_page_script(exchange); };
  return {
      {Method::get, "/out", 0, on_out, true, "/out"},
      {Method::get, "/out/{}", 0, on_out, true, "/out/{clickid}"},
      {Method::get, "/out/{}/{}", 0, on_out, true, "/out/{clickid}/{n}"},
      {Method::get, "/i/{}.gif", 0, on_impression, true, "/i/{campaign}.gif"},
      {Method::get, "/t.js", 0, on_script, true, "/t.js"},
  };
}

/// What the pages of advertisers call. HEAD must not have an effect.
Routes conversion_routes(TrackingServices& services) {
  const auto browser = std::make_shared<BrowserConversionHandler>(services);
  const auto answering = [browser](BrowserAnswer answer) {
    return [browser, answer](Exchange& exchange, const PathValues&) { browser->handle(exchange, answer); };
  };
  return {
      {Method::get, "/pixel.gif", 0, answering(BrowserAnswer::picture), false, "/pixel.gif"},
      {Method::get, "/pixel.js", 0, answering(BrowserAnswer::script), false, "/pixel.js"},
      {Method::get, "/convert", 0, answering(BrowserAnswer::redirect), false, "/convert"},
  };
}

/// What servers and pages report.
Routes reporting_routes(TrackingServices& services, std::shared_ptr<ClickHandler> click) {
  const auto server = std::make_shared<ServerVisitHandler>(services, *click);
  const auto page = std::make_shared<PageVisitHandler>(services, *click);
  // The handlers refer to `click`, which lives as long as any of these.
  const auto on_server_click = [server, click](Exchange& exchange, const PathValues& values) {
    server->handle_click(exchange, values[0]);
  };
  const auto on_server_impression = [server, click](Exchange& exchange, const PathValues& values) {
    server->handle_impression(exchange, values[0]);
  };
  const auto on_page = [page, click](Exchange& exchange, const PathValues&) { page->handle(exchange); };
  const auto on_preflight = [page, click](Exchange& exchange, const PathValues&) { page->preflight(exchange); };
  return {
      {Method::post, "/s2s/click/{}", kLongestVisitBody, on_server_click, false, "/s2s/click/{campaign}"},
      {Method::post, "/s2s/impression/{}", kLongestVisitBody, on_server_impression, false,
       "/s2s/impression/{campaign}"},
      {Method::post, "/click", kLongestVisitBody, on_page, false, "/click"},
      {Method::options, "/click", 0, on_preflight, false, "/click"},
  };
}

}  // namespace

Routes tracking_routes(TrackingServices& services) {
  const auto click = std::make_shared<ClickHandler>(services);
  const auto on_click = [click](Exchange& exchange, const PathValues& values) { click->handle(exchange, values[0]); };
  Routes all{{Method::get, "/c/{}", 0, on_click, true, "/c/{campaign}"}};
  for (auto&& more : {visitor_routes(services, click), conversion_routes(services), reporting_routes(services, click),
                      postback_routes(services)})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace postback

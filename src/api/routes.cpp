// The table of the API's routes.
#include "postback/api/routes.hpp"

#include "call.hpp"
#include "collections.hpp"
#include "health.hpp"
#include "logs.hpp"

namespace postback::api {
namespace {

using http::Method;

constexpr EntityKind kCollections[] = {EntityKind::network, EntityKind::offer, EntityKind::source,
                                       EntityKind::campaign};

void add_collection(std::vector<http::Route>& table, EntityKind kind, Services& services) {
  const auto path = "/api/v1/" + std::string(collection_name(kind));
  const auto add = [&](Method method, std::string pattern, std::size_t body_limit,
                       http::Response (*handler)(EntityKind, const Call&)) {
    auto bound = [kind, handler](const Call& call) { return handler(kind, call); };
    table.push_back({method, std::move(pattern), body_limit, authenticated(services, std::move(bound))});
  };
  add(Method::get, path, 0, &list_entities);
  add(Method::post, path, kBodyLimit, &post_entity);
  add(Method::get, path + "/{}", 0, &get_entity);
  add(Method::put, path + "/{}", kBodyLimit, &put_entity);
}

void add_logs(std::vector<http::Route>& table, Services& services) {
  table.push_back({Method::get, "/api/v1/clicks", 0, authenticated(services, &list_clicks)});
  table.push_back({Method::get, "/api/v1/clicks/{}", 0, authenticated(services, &get_click)});
  table.push_back({Method::get, "/api/v1/conversions", 0, authenticated(services, &list_conversions)});
  table.push_back({Method::get, "/api/v1/postbacks", 0, authenticated(services, &list_postbacks)});
}

void add_health(std::vector<http::Route>& table, Services& services) {
  table.push_back({Method::get, "/healthz", 0,
                   [](http::Exchange& exchange, const http::PathValues&) { exchange.answer(healthz()); }});
  table.push_back({Method::get, "/readyz", 0, [&services](http::Exchange& exchange, const http::PathValues&) {
                     exchange.answer(readyz(services));
                   }});
  table.push_back({Method::get, "/metrics", 0, [&services](http::Exchange& exchange, const http::PathValues&) {
                     exchange.answer(metrics(services));
                   }});
}

}  // namespace

std::vector<http::Route> routes(Services& services) {
  std::vector<http::Route> table;
  for (const auto kind : kCollections) add_collection(table, kind, services);
  add_logs(table, services);
  add_health(table, services);
  return table;
}

}  // namespace postback::api

// The table of the API's routes.
#include "postback/api/routes.hpp"

#include "call.hpp"
#include "catalog_transfer.hpp"
#include "click_import.hpp"
#include "collections.hpp"
#include "conversion.hpp"
#include "delivery.hpp"
#include "delivery_changes.hpp"
#include "destination_state.hpp"
#include "destination_test.hpp"
#include "erasure.hpp"
#include "explain.hpp"
#include "feed.hpp"
#include "health.hpp"
#include "keys.hpp"
#include "links.hpp"
#include "logs.hpp"
#include "manual_conversions.hpp"
#include "openapi.hpp"
#include "problem.hpp"
#include "profiles.hpp"
#include "replay.hpp"
#include "revisions.hpp"
#include "spend.hpp"

#include <utility>

namespace postback::api {
namespace {

using http::Method;

void add_collection(std::vector<http::Route>& table, EntityKind kind, Services& services) {
  const auto path = "/api/v1/" + std::string(collection_name(kind));
  const auto add = [&](Method method, Role least, std::string pattern, std::size_t body_limit,
                       http::Response (*handler)(EntityKind, const Call&), ChooseReaders choose = &api_readers) {
    auto bound = [kind, handler](const Call& call) { return handler(kind, call); };
    table.push_back({method, std::move(pattern), body_limit, authenticated(services, least, std::move(bound), choose)});
  };
  const ChooseReaders save = kind == EntityKind::destination ? &outside_readers : &api_readers;
  add(Method::get, Role::viewer, path, 0, &list_entities);
  add(Method::post, Role::admin, path, kBodyLimit, &post_entity, save);
  add(Method::get, Role::viewer, path + "/{}", 0, &get_entity);
  add(Method::put, Role::admin, path + "/{}", kBodyLimit, &put_entity, save);
  add(Method::delete_, Role::admin, path + "/{}", 0, &delete_entity);
}

/// Who may do what, and who did.
void add_keys(std::vector<http::Route>& table, Services& services) {
  const auto add = [&](Method method, std::string pattern, std::size_t body_limit, ApiHandler handler) {
    table.push_back({method, std::move(pattern), body_limit, authenticated(services, Role::admin, std::move(handler))});
  };
  add(Method::get, "/api/v1/keys", 0, &list_keys);
  add(Method::post, "/api/v1/keys", kBodyLimit, &post_key);
  add(Method::get, "/api/v1/keys/{}", 0, &get_key);
  add(Method::put, "/api/v1/keys/{}", kBodyLimit, &put_key);
  add(Method::delete_, "/api/v1/keys/{}", 0, &delete_key);
}

void add_catalog(std::vector<http::Route>& table, Services& services) {
  const auto add = [&](Method method, Role least, std::string pattern, std::size_t body_limit, ApiHandler handler,
                       ChooseReaders choose = &api_readers) {
    table.push_back(
        {method, std::move(pattern), body_limit, authenticated(services, least, std::move(handler), choose)});
  };
  for (const auto kind : kEntityKinds) add_collection(table, kind, services);
  add(Method::get, Role::admin, "/api/v1/catalog", 0, &export_catalog);
  add(Method::post, Role::admin, "/api/v1/catalog", kImportLimit, &import_catalog, &outside_readers);
  add(Method::get, Role::viewer, "/api/v1/revisions", 0, &list_revisions);
  // Whole catalogs are read for these: beside small requests, not before them.
  const auto searched = [&](std::string pattern, ApiHandler handler) {
    table.push_back({Method::get, std::move(pattern), 0,
                     authenticated(services, Role::viewer, std::move(handler), &search_readers)});
  };
  searched("/api/v1/revisions/{}", &get_revision);
  searched("/api/v1/revisions/{}/compare", &compare_revisions);
  add(Method::post, Role::admin, "/api/v1/revisions/{}/restore", kBodyLimit, &restore_revision, &outside_readers);
}

void add_logs(std::vector<http::Route>& table, Services& services) {
  const auto add = [&](Role least, std::string pattern, ApiHandler handler, ChooseReaders choose = &api_readers) {
    table.push_back({Method::get, "/api/v1/" + pattern, 0, authenticated(services, least, std::move(handler), choose)});
  };
  add(Role::operator_, "clicks", &list_clicks, &log_readers<LogKind::clicks>);
  add(Role::operator_, "clicks/{}", &get_click);
  add(Role::operator_, "conversions", &list_conversions, &log_readers<LogKind::conversions>);
  add(Role::operator_, "conversions/{}", &get_conversion);
  table.push_back({Method::patch, "/api/v1/conversions/{}", kBodyLimit,
                   authenticated(services, Role::operator_, &correct_conversion)});
  table.push_back({Method::post, "/api/v1/conversions", services.conversion_bytes,
                   authenticated(services, Role::operator_, &post_conversions)});
  add(Role::operator_, "postbacks", &list_postbacks, &log_readers<LogKind::postbacks>);
  add(Role::operator_, "deliveries", &list_deliveries, &log_readers<LogKind::deliveries>);
  add(Role::operator_, "deliveries/{}", &get_delivery);
  add(Role::admin, "audit", &list_audit, &log_readers<LogKind::audit>);
  table.push_back({Method::post, "/api/v1/postbacks/explain", kBodyLimit,
                   authenticated(services, Role::operator_, &explain_postback)});
}

/// What changes the logs after the fact. These wait for the recorder, so they run on threads that never stand still.
void add_matching(std::vector<http::Route>& table, Services& services) {
  const auto add = [&](Role least, std::string pattern, std::size_t body_limit, ApiHandler handler) {
    table.push_back({Method::post, "/api/v1/" + std::move(pattern), body_limit,
                     authenticated(services, least, std::move(handler))});
  };
  add(Role::operator_, "postbacks/replay", kBodyLimit, &replay_postbacks);
  add(Role::admin, "clicks/import", kClickImportLimit, &import_clicks);
  add(Role::admin, "erasure", kBodyLimit, &erase_person);
}

/// What is sent out, and where to.
void add_deliveries(std::vector<http::Route>& table, Services& services) {
  const auto add = [&](Method method, Role least, std::string pattern, ApiHandler handler,
                       ChooseReaders choose = &api_readers) {
    const std::size_t body = method == Method::post ? kBodyLimit : 0;
    table.push_back(
        {method, "/api/v1/" + std::move(pattern), body, authenticated(services, least, std::move(handler), choose)});
  };
  using Action = DeliveryChangeItem::Action;
  for (const auto& [name, action] :
       {std::pair{"retry", Action::retry}, {"cancel", Action::cancel}, {"resend", Action::resend}}) {
    add(Method::post, Role::operator_, std::string("deliveries/") + name,
        [action = action](const Call& call) { return change_deliveries(action, call); });
  }
  add(Method::get, Role::viewer, "destinations/{}/state", &get_destination_state);
  add(Method::post, Role::operator_, "destinations/{}/pause", &pause_destination);
  add(Method::post, Role::operator_, "destinations/{}/resume", &resume_destination);
  add(Method::post, Role::operator_, "destinations/{}/test", &test_destination, &outside_readers);
  add(Method::get, Role::viewer, "delivery-hosts", &list_delivery_hosts);
}

void add_public(std::vector<http::Route>& table, Services& services) {
  // Without a key: it holds no secret, and tools that read it have none.
  table.push_back({Method::get, "/api/v1/openapi.json", 0, [](http::Exchange& exchange, const http::PathValues&) {
                     exchange.answer(json_response(200, std::string(openapi_json())));
                   }});
  table.push_back({Method::get, "/metrics", 0, [&services](http::Exchange& exchange, const http::PathValues&) {
                     exchange.answer(metrics(services));
                   }});
}

}  // namespace

std::vector<http::Route> routes(Services& services) {
  std::vector<http::Route> table;
  add_keys(table, services);
  add_catalog(table, services);
  add_matching(table, services);  // first: clicks/import is no click
  add_deliveries(table, services);
  add_logs(table, services);
  add_public(table, services);
  table.push_back({Method::get, "/api/v1/spend", 0, authenticated(services, Role::viewer, &list_spend)});
  table.push_back({Method::post, "/api/v1/spend", kBodyLimit, authenticated(services, Role::operator_, &post_spend)});
  table.push_back({Method::post, "/api/v1/links", kBodyLimit, authenticated(services, Role::operator_, &make_links)});
  table.push_back({Method::get, "/api/v1/profiles", 0, authenticated(services, Role::viewer, &list_profiles)});
  table.push_back({Method::get, "/api/v1/profiles/{}", 0, authenticated(services, Role::viewer, &get_profile)});
  for (auto& route : table) guard_body(services, route);
  return table;
}

std::vector<http::Route> feed_routes(Services& services) {
  std::vector<http::Route> table;
  table.push_back({Method::get, "/feeds/{}.csv", 0, admitted(services, &admit_fetcher, &get_feed, &search_readers)});
  return table;
}

std::vector<http::Route> health_routes(Services& services) {
  std::vector<http::Route> table;
  table.push_back({Method::get, "/healthz", 0,
                   [](http::Exchange& exchange, const http::PathValues&) { exchange.answer(healthz()); }});
  table.push_back({Method::get, "/readyz", 0, [&services](http::Exchange& exchange, const http::PathValues&) {
                     exchange.answer(readyz(services));
                   }});
  return table;
}

}  // namespace postback::api

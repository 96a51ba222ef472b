// Matching of paths against the table of routes.
#include "postback/http/router.hpp"

#include "postback/base/check.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>
#include <utility>

namespace postback::http {

namespace {

/// Takes the next `/segment` off `path`. `path` must start with `/`.
std::string_view take_segment(std::string_view& path) {
  const auto end = path.find('/', 1);
  const auto segment = path.substr(1, end == std::string_view::npos ? end : end - 1);
  path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
  return segment;
}

/// `segment` decoded once; text that needed decoding is kept in `storage`, whose capacity must suffice.
std::string_view decoded(std::string_view segment, std::string& storage) {
  if (segment.find('%') == std::string_view::npos) return segment;
  const auto start = storage.size();
  append_path_decoded(storage, segment);
  return std::string_view(storage).substr(start);
}

bool matches(std::string_view pattern, std::string_view path, Router::Match& match) {
  match.values.count = 0;
  match.decoded.clear();
  match.decoded.reserve(path.size());  // decoding never lengthens, so views into it stay put
  while (!pattern.empty()) {
    const auto expected = take_segment(pattern);
    if (expected == "{*}") {
      match.values.values[match.values.count++] = path.empty() ? path : path.substr(1);
      return true;
    }
    if (path.empty()) return false;
    const auto segment = decoded(take_segment(path), match.decoded);
    if (expected.starts_with("{}")) {
      const auto ending = expected.substr(2);
      if (segment.size() <= ending.size() || !segment.ends_with(ending)) return false;
      match.values.values[match.values.count++] = segment.substr(0, segment.size() - ending.size());
    } else if (segment != expected) {
      return false;
    }
  }
  return path.empty();
}

}  // namespace

std::string label_of(const Route& route) {
  if (!route.label.empty()) return route.label;
  std::string label;
  for (std::string_view rest = route.pattern; !rest.empty();) {
    const auto segment = take_segment(rest);
    label.append("/").append(segment == "{}" ? "{id}" : segment == "{*}" ? "{rest}" : segment);
  }
  return label;
}

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  for (const Route& route : routes_) {
    check(route.pattern.starts_with('/'), "a route's pattern starts with a slash");
    const auto rest = route.pattern.find("{*}");
    check(rest == std::string::npos || rest + 3 == route.pattern.size(), "only a route's last segment may be {*}");
    check(route.handler != nullptr, "a route has a handler");
  }
}

void Router::find(Method method, std::string_view path, Match& match) const {
  match.route = nullptr;
  match.status = 404;
  match.allow.clear();
  match.values.count = 0;
  if (!path.starts_with('/')) return;
  const Method wanted = method == Method::head ? Method::get : method;
  for (const Route& route : routes_) {
    if (!matches(route.pattern, path, match)) continue;
    const bool refuses_head = method == Method::head && !route.head;
    if (route.method == wanted && !refuses_head) {
      match.route = &route;
      match.status = 200;
      return;
    }
    if (route.method == Method::options) continue;
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += to_string(route.method);
    if (route.method == Method::get && route.head) match.allow += ", HEAD";
  }
  if (match.allow.empty()) return;
  match.allow += ", OPTIONS";
  match.status = method == Method::options ? 204 : 405;
}

}  // namespace postback::http

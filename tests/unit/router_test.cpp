// The table of routes: which path and method finds which handler, and what it is told instead.
#include "postback/http/router.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace postback::http {
namespace {

Route route(Method method, std::string pattern) {
  return {method, std::move(pattern), 0, [](Exchange&, const PathValues&) {}};
}

Router example() {
  std::vector<Route> routes;
  routes.push_back(route(Method::get, "/c/{}"));
  routes.push_back(route(Method::get, "/p/{}"));
  routes.push_back(route(Method::post, "/p/{}"));
  routes.push_back(route(Method::get, "/p/{}/{}"));
  routes.push_back(route(Method::get, "/things"));
  routes.push_back(route(Method::post, "/things/own"));
  routes.push_back(route(Method::put, "/things/{}"));
  routes.push_back(route(Method::get, "/things/{}"));
  routes.push_back(route(Method::get, "/all/{*}"));
  routes.back().head = false;
  routes.push_back(route(Method::post, "/all/{*}"));
  return Router(std::move(routes));
}

struct Row {
  Method method;
  const char* path;
  int status;
  const char* found;  ///< `pattern value value`, or the Allow value.
};

TEST(Router, FindsExactlyOrNotAtAll) {
  const std::vector<Row> rows = {
      {Method::get, "/c/summer", 200, "/c/{} summer"},
      {Method::head, "/c/summer", 200, "/c/{} summer"},
      {Method::get, "/c/s%75mmer", 200, "/c/{} summer"},
      {Method::get, "/%63/summer", 200, "/c/{} summer"},
      {Method::get, "/c/a%2Fb", 200, "/c/{} a/b"},
      {Method::get, "/c/a+b", 200, "/c/{} a+b"},
      {Method::get, "/c/%zz", 200, "/c/{} %zz"},
      {Method::get, "/c/%2575", 200, "/c/{} %75"},
      {Method::get, "/c/..", 200, "/c/{} .."},
      {Method::get, "/p/a/b", 200, "/p/{}/{} a b"},
      {Method::get, "/p/%61/%62", 200, "/p/{}/{} a b"},
      {Method::post, "/p/a", 200, "/p/{} a"},
      {Method::get, "/things", 200, "/things"},
      {Method::put, "/things/x", 200, "/things/{} x"},
      {Method::post, "/things/own", 200, "/things/own"},
      {Method::get, "/things/own", 405, "POST, OPTIONS"},
      {Method::get, "/all/a", 200, "/all/{*} a"},
      {Method::post, "/all/a/b%2F/c", 200, "/all/{*} a/b%2F/c"},
      {Method::get, "/%61ll//b", 200, "/all/{*} /b"},
      {Method::get, "/all/", 200, "/all/{*} "},
      {Method::get, "/all", 200, "/all/{*} "},
      {Method::get, "/alls", 404, ""},
      {Method::get, "/all%2Fa", 404, ""},
      {Method::head, "/all/a", 405, "GET, POST, OPTIONS"},
      {Method::options, "/all/a", 204, "GET, POST, OPTIONS"},
      {Method::get, "/c/", 404, ""},
      {Method::get, "/c", 404, ""},
      {Method::get, "/c/summer/", 404, ""},
      {Method::get, "//c/summer", 404, ""},
      {Method::get, "/c//summer", 404, ""},
      {Method::get, "/c%2Fsummer", 404, ""},
      {Method::get, "/x/../c/summer", 404, ""},
      {Method::get, "/C/summer", 404, ""},
      {Method::get, "/p/a/b/c", 404, ""},
      {Method::get, "/p//b", 404, ""},
      {Method::get, "/things/", 404, ""},
      {Method::get, "/", 404, ""},
      {Method::get, "", 404, ""},
      {Method::get, "c/summer", 404, ""},
      {Method::options, "/nowhere", 404, ""},
      {Method::post, "/c/summer", 405, "GET, HEAD, OPTIONS"},
      {Method::put, "/p/a", 405, "GET, HEAD, POST, OPTIONS"},
      {Method::delete_, "/things/x", 405, "PUT, GET, HEAD, OPTIONS"},
      {Method::other, "/things", 405, "GET, HEAD, OPTIONS"},
      {Method::options, "/p/a", 204, "GET, HEAD, POST, OPTIONS"},
  };
  const auto router = example();
  Router::Match match;  // one for all, as a thread has
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(to_string(row.method)) + " " + row.path);
    router.find(row.method, row.path, match);
    EXPECT_EQ(match.status, row.status);
    ASSERT_EQ(match.route != nullptr, row.status == 200);
    std::string found = match.route != nullptr ? match.route->pattern : match.allow;
    if (match.route != nullptr)
      for (std::size_t i = 0; i < match.values.count; ++i) found += " " + std::string(match.values[i]);
    EXPECT_EQ(found, row.found);
  }
}

TEST(Router, AValueThatThePatternLacksIsEmptyWhateverWasFoundBefore) {
  const auto router = example();
  Router::Match match;
  router.find(Method::get, "/p/network/event", match);
  ASSERT_EQ(match.values[1], "event");
  router.find(Method::get, "/p/network", match);
  ASSERT_EQ(match.route->pattern, "/p/{}");
  EXPECT_EQ(match.values[1], "");
  EXPECT_EQ(match.values[2], "");
}

TEST(RouterDeathTest, ATableThatCannotWorkEndsTheProcess) {
  EXPECT_DEATH(Router({route(Method::get, "no-slash")}), "slash");
  EXPECT_DEATH(Router({route(Method::get, "/{*}/x")}), "last segment");
  EXPECT_DEATH(Router({{Method::get, "/x", 0, nullptr}}), "handler");
}

}  // namespace
}  // namespace postback::http

// Router: a plain table of routes; finds the handler of a request by method and path.
#pragma once

#include "postback/http/exchange.hpp"
#include "postback/http/request.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace postback::http {

/// The decoded values of a pattern's `{}` segments, in order; the rest that `{*}` took, undecoded. Views live as long
/// as the Match and the request.
struct PathValues {
  static constexpr std::size_t kLargestCount = 3;
  /// Empty when the pattern has no such segment: what stands behind `count` is of an earlier request.
  std::string_view operator[](std::size_t index) const { return index < count ? values[index] : std::string_view{}; }
  std::string_view values[kLargestCount] = {};
  std::size_t count = 0;
};

/// Called on the connection's thread; answers at once or later, exactly once. Must not throw and must not block.
using Handler = std::function<void(Exchange&, const PathValues&)>;

struct Route {
  Method method;  ///< A get route also serves HEAD (the handler sees Method::head), unless `head` is false.
  /// `/c/{}`: literal segments and `{}` for one non-empty segment, which may have a literal ending (`/i/{}.gif`). A
  /// last segment `{*}` takes all the rest of the path behind the slash, which may be empty or lack even the slash;
  /// this value alone is not decoded.
  std::string pattern;
  std::size_t body_limit = 0;  ///< Largest body in bytes.
  Handler handler;
  bool head = true;  ///< false: a get route that refuses HEAD, for a GET that has an effect.
  /// Its name in metrics, such as `/c/{campaign}`; several routes may share one. Empty: made from the pattern.
  std::string label = {};
  /// Asked before a body is read, with a request that has none yet; may be empty. When it says no, the body is not
  /// read: the handler sees `body_too_large` and must refuse the request. May be asked several times while a body
  /// arrives. Must not throw and must not block.
  std::function<bool(const Request&)> may_send_body{};
};

/// The route's label; without one, the pattern with `{id}` for `{}` and `{rest}` for `{*}`.
std::string label_of(const Route& route);

/// Immutable after construction; shared by all io threads. Segments are split at `/` first and then percent-decoded
/// once, so an encoded slash never makes a segment, and nothing is normalised: `//` and `..` are just segments.
class Router {
 public:
  explicit Router(std::vector<Route> routes);

  struct Match {
    const Route* route = nullptr;  ///< Null: answer `status`.
    int status = 404;              ///< 404, or 405 / 204 (OPTIONS) with `allow`.
    std::string allow;
    PathValues values;
    std::string decoded;  ///< Storage for values that needed decoding.
  };
  /// Fills `match`, reusing its memory.
  void find(Method method, std::string_view path, Match& match) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace postback::http

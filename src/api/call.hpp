// Call: one API request on its way over a reader thread and back to its connection.
#pragma once

#include "postback/api/routes.hpp"
#include "postback/http/exchange.hpp"
#include "postback/store/reader.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace postback::api {

/// What a handler gets; all of it lives until the answer was written.
struct Call {
  const http::Request& request;
  const std::vector<std::string>& path;  ///< The decoded values of the route's `{}` segments.
  const Caller& caller;
  /// As of the arrival. Handlers on search threads must use this one: such a thread may stand still at any point, so it
  /// must not take the lock that CatalogSlot::current takes.
  const Catalog& catalog;
  Reader& reader;
  Services& services;
};

/// Answers a call; runs on a reader thread and may block. An exception becomes a 500 and a line in the log.
using ApiHandler = std::function<http::Response(const Call&)>;

/// Which threads read for a request; called on the connection's thread.
using ChooseReaders = ReaderPool& (*)(const Services&, const http::Request&);
inline ReaderPool& search_readers(const Services& services, const http::Request&) { return services.scans; }
inline ReaderPool& api_readers(const Services& services, const http::Request&) { return services.readers; }
/// For handlers that wait for other servers or their names: the others must not wait for these.
inline ReaderPool& outside_readers(const Services& services, const http::Request&) {
  return services.outside == nullptr ? services.readers : *services.outside;
}

/// Makes a route's handler: checks the key on the connection's thread, runs `handler` on a reader thread and answers on
/// the connection's thread. 401 without a good key, 403 when its role is below `least`, 413 for a body over the route's
/// limit, 503 when the readers' queue is full.
http::Handler authenticated(Services& services, Role least, ApiHandler handler, ChooseReaders choose = &api_readers);

/// Whose request it is, or the answer that refuses it; called on the connection's thread.
using Admission = std::variant<Caller, http::Response> (*)(const http::Request&, const http::PathValues&, Services&);

/// The same for a route without a key of the API, whose callers `admission` tells.
http::Handler admitted(Services& services, Admission admission, ApiHandler handler, ChooseReaders choose);

/// The least role of a route whose handler `authenticated` made; nothing for other routes.
std::optional<Role> least_role(const http::Route& route);

/// Lets such a route read bodies only of those who may call it: what is refused anyway needs no memory first.
void guard_body(Services& services, http::Route& route);

}  // namespace postback::api

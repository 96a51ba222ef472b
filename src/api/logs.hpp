// The logs over the API: clicks, conversions, postbacks, deliveries and what operators changed, newest first.
#pragma once

#include "call.hpp"
#include "log_filters.hpp"

namespace postback::api {

/// A page of a log as JSON, NDJSON or CSV; log_filters.hpp has the parameters. A page may be short or empty while
/// `next` is set: it ends when its time budget is used up.
http::Response list_clicks(const Call& call);
http::Response list_conversions(const Call& call);
http::Response list_postbacks(const Call& call);
http::Response list_deliveries(const Call& call);
http::Response list_audit(const Call& call);

/// The readers for a page of a log: long searches have threads of their own.
template <LogKind Kind>
ReaderPool& log_readers(const Services& services, const http::Request& request) {
  return is_long_search(Kind, request.query) ? services.scans : services.readers;
}

/// `GET /api/v1/clicks/{id}`.
http::Response get_click(const Call& call);

}  // namespace postback::api

// How destinations are doing: paused or not and why, what is due, and how their servers answer.
#pragma once

#include "call.hpp"

namespace postback::api {

/// `GET /api/v1/destinations/{id}/state`.
http::Response get_destination_state(const Call& call);
/// `POST /api/v1/destinations/{id}/pause`: while the server runs and after a restart, until it is resumed; the document
/// stays as it is. What it would be told is written down and waits.
http::Response pause_destination(const Call& call);
/// `POST /api/v1/destinations/{id}/resume`: whatever paused it but its document.
http::Response resume_destination(const Call& call);
/// `GET /api/v1/delivery-hosts`: the servers that deliveries are sent to, as the sender knows them.
http::Response list_delivery_hosts(const Call& call);

/// The destination that the path names, in the catalog of now; else the answer that there is none, or that it is
/// archived.
std::variant<const Destination*, http::Response> named_destination(const Catalog& catalog, const std::string& id);

}  // namespace postback::api

// Why a click went where it went, for `GET /api/v1/clicks/{id}`.
#pragma once

#include "call.hpp"
#include "postback/domain/click.hpp"

#include <string>

namespace postback::api {

/// The member `route`: rules, draws and a sentence, recomputed with the campaign as it was; or why that cannot be done.
/// Reads the campaign's older state from the store where it was changed since the click.
std::string route_json(const StoredClick& click, const Call& call);

}  // namespace postback::api

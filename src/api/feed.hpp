// `GET /feeds/{destination}.csv`: the conversions of a feed, for the other side to fetch.
#pragma once

#include "call.hpp"

#include <chrono>
#include <cstddef>

namespace postback::api {

/// How far back a feed goes, and how many rows of its newest it has at most: both documented.
inline constexpr std::chrono::hours kFeedAge{90 * 24};
inline constexpr std::size_t kMostFeedRows = 10'000;
inline constexpr std::size_t kMostFeedBytes = 8 << 20;

/// HTTP Basic (RFC 7617): the user is the destination's ID, the password its feed token. Bad ones are counted by
/// address together with bad keys.
std::variant<Caller, http::Response> admit_fetcher(const http::Request& request, const http::PathValues& values,
                                                   Services& services);

/// The newest rows first. A conversion stands there as long as it has the status that it was listed with. 503 when the
/// store takes too long.
http::Response get_feed(const Call& call);

}  // namespace postback::api

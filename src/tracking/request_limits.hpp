// How many requests a caller may send: refuses those beyond the limits, and says which refusals are logged.
#pragma once

#include "postback/domain/postback.hpp"
#include "postback/tracking/request_counts.hpp"

#include <chrono>

namespace postback {

struct LimitedRequest {
  std::chrono::milliseconds wait{0};  ///< Not 0: it was refused, and may be sent again after this time.
  bool logged = true;                 ///< Otherwise it is counted only.
};

/// Counts a postback that was read; `now` is monotonic. A caller that did not authenticate, or had not to, is counted
/// only where it is refused: whoever sends the right token is never held up by others at its address. Where a limit is
/// exceeded, `reading.refusal` becomes rate_limited.
LimitedRequest apply_request_limits(const Postback& postback, RequestCounts& counts, std::chrono::milliseconds now,
                                    Reading& reading);

}  // namespace postback

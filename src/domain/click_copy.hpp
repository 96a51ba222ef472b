// A click under way, copied so that it outlives its request.
#pragma once

#include "postback/domain/click.hpp"

namespace postback {

/// The click as the store would give it back once it is committed.
StoredClick stored_copy(const Click& click);

}  // namespace postback

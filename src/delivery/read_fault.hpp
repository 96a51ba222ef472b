// Whether a read failed for all rows or for the one that was read.
#pragma once

#include "postback/base/result.hpp"

namespace postback::delivery {

/// The store is busy or in want of something, and says so whichever row is read. Any other error may concern the row
/// alone, such as a damaged page: then the others must not wait for it.
inline bool is_of_the_store(const Error& error) {
  switch (error.code) {
    case ErrorCode::store_busy:
    case ErrorCode::store_full:
    case ErrorCode::store_locked:
    case ErrorCode::deadline_exceeded: return true;
    default: return false;
  }
}

}  // namespace postback::delivery

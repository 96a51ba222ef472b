// Names of error codes, as they appear in logs.
#include "postback/base/result.hpp"

namespace postback {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::store_busy: return "store_busy";
    case ErrorCode::store_full: return "store_full";
    case ErrorCode::store_sync_failed: return "store_sync_failed";
    case ErrorCode::store_corrupt: return "store_corrupt";
    case ErrorCode::store_rejected: return "store_rejected";
    case ErrorCode::store_schema_newer: return "store_schema_newer";
    case ErrorCode::store_locked: return "store_locked";
    case ErrorCode::io_failed: return "io_failed";
    case ErrorCode::deadline_exceeded: return "deadline_exceeded";
  }
  return "unknown";
}

}  // namespace postback

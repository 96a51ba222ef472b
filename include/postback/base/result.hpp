// Result<T>: the value of an operation that may fail, or the reason why it failed.
#pragma once

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace postback {

/// Why an operation failed. The comment says what the caller can do about it.
enum class ErrorCode {
  invalid_argument,    ///< The caller's input is at fault; `detail` says how to mend it.
  not_found,           ///< The thing named does not exist.
  store_busy,          ///< Another process holds the database; try again shortly.
  store_full,          ///< No space left; nothing was stored; recovers when there is room.
  store_sync_failed,   ///< The disk refused to make data durable: the outcome is unknown, the process must end.
  store_corrupt,       ///< The database is damaged or is not ours; never repaired silently.
  store_rejected,      ///< This content cannot be stored (constraint, size); other content can.
  store_schema_newer,  ///< Written by a newer postbackd; refuse to start.
  store_locked,        ///< Another postbackd already uses this store.
  io_failed,           ///< A file or socket operation failed; `detail` has the system's text.
  deadline_exceeded,   ///< The time budget ran out.
};

/// The code's name as it appears in logs, such as `store_busy`.
std::string_view to_string(ErrorCode code);

/// A failure: a code to act on and a sentence for people.
struct Error {
  ErrorCode code;
  std::string detail;
};

template <class T>
using Result = boost::system::result<T, Error>;

/// Called by `Result::value()` on an error: reaching it is a bug in the caller.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::logic_error("value() of a failed result: " + error.detail);
}

}  // namespace postback

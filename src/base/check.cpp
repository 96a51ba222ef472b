// Ends the process when an invariant is broken.
#include "postback/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace postback {

void check_failed(std::string_view what, std::source_location where) {
  // Straight to stderr: the asynchronous logger may be part of what is broken.
  std::fprintf(stderr, "postbackd: broken invariant: %.*s (%s:%u). This is a bug; please report it.\n",
               static_cast<int>(what.size()), what.data(), where.file_name(), static_cast<unsigned>(where.line()));
  std::abort();
}

}  // namespace postback

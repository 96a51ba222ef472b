// Version and commit, given by the build.
#include "postback/app/build_info.hpp"

namespace postback {

std::string_view build_version() { return POSTBACK_VERSION; }
std::string_view build_commit() { return POSTBACK_COMMIT; }

}  // namespace postback

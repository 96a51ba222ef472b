// Which build this is.
#pragma once

#include <string_view>

namespace postback {

std::string_view build_version();
/// The git commit, as of the last time the build was configured.
std::string_view build_commit();

}  // namespace postback

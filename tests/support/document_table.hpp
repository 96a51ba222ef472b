// Tables of documents that are made from the program's own data.
#pragma once

#include <string>

namespace postback::testing {

/// Expects the part of docs/`file` between `<!-- name: begin -->` and `<!-- name: end -->` to be `wanted`, which comes
/// from `origin`. With POSTBACKD_TEST_REWRITE in the environment it is written there instead.
void expect_table(const std::string& file, const std::string& name, const std::string& wanted,
                  const std::string& origin);

}  // namespace postback::testing

// DescribedPostback: a postback as a JSON document describes it, turned into what the matcher reads.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/postback.hpp"
#include "postback/domain/postback_shape.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace postback::api {

/// Owns the texts that its Postback views.
class DescribedPostback {
 public:
  /// The same as of a request that arrives now.
  Postback postback(TimeMs arrival) const;

  std::string method = "GET";
  std::string target;  ///< Path and query, of any shape of postback URL.
  PostbackUrl url;
  bool secure = true;  ///< As the URL says; where it has no scheme, whatever is needed.
  std::string content_type;
  std::string headers;
  std::string body;
};

/// Reads `{"url":…}` or `{"method","target","headers","body"}`; an absolute URL stands for its path and query. Faults
/// name the member: not JSON, unknown or missing members, a path that is not a postback's, characters that no request
/// can carry.
std::variant<DescribedPostback, Faults> read_described_postback(std::string_view json);

}  // namespace postback::api

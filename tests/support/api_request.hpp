// ApiRequest: a request to an operation of the OpenAPI document, put together from its parts.
#pragma once

#include "support/api_description.hpp"
#include "support/test_server.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace postback::testing {

/// What stands for the path's parameters in a server with the example catalog: `{"id", "acme"}`, by operation.
std::map<std::string, std::string> example_path_values(const DescribedOperation& operation, const std::string& click);

struct ApiRequest {
  std::string method;
  std::string path;  ///< As the document writes it.
  std::map<std::string, std::string> path_values;
  std::vector<std::pair<std::string, std::string>> query;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// Path and query, percent-encoded.
  std::string target() const;
  /// The request as it goes over the wire.
  std::string text() const;
};

}  // namespace postback::testing

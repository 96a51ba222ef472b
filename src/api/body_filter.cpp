// Reads a JSON object as the query text of a log.
#include "body_filter.hpp"

#include "postback/base/percent.hpp"

#include <utility>

namespace postback::api {

BodyFilter read_body_filter(LogKind kind, const Json& filter, const Catalog& catalog, const ClickIdKeys& keys,
                            Faults& faults) {
  BodyFilter read;
  if (!filter.is_object()) {
    faults.push_back({"filter", "is not an object", "an object such as {\"code\":\"...\"}"});
    return read;
  }
  for (const auto& [name, value] : filter.items()) {
    if (name == "limit" || name == "cursor" || name == "format") {
      faults.push_back({"filter." + name, "is no filter", "a column of the log"});
      continue;
    }
    const auto text = value.is_string() ? value.get<std::string>() : value.is_null() ? std::string() : value.dump();
    read.said += read.said.empty() ? "" : "&";
    append_percent_encoded(read.said, name);
    read.said += '=';
    append_percent_encoded(read.said, text);
  }
  auto request = read_log_request(kind, read.said, catalog, keys);
  for (auto& fault : request.faults)
    faults.push_back({"filter." + fault.field, std::move(fault.problem), std::move(fault.expected)});
  read.query = std::move(request.query);
  return read;
}

}  // namespace postback::api

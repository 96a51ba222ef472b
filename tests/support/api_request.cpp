// Writes requests to operations of the OpenAPI document.
#include "support/api_request.hpp"

#include "postback/base/percent.hpp"

namespace postback::testing {

std::map<std::string, std::string> example_path_values(const DescribedOperation& operation, const std::string& click) {
  std::string id = "acme";
  if (operation.path.starts_with("/api/v1/offers")) id = "vpn";
  if (operation.path.starts_with("/api/v1/sources")) id = "adnet";
  if (operation.path.starts_with("/api/v1/campaigns")) id = "summer";
  if (operation.path.starts_with("/api/v1/destinations")) id = "crm";
  if (operation.path.starts_with("/api/v1/deliveries")) id = "dlv_1";
  if (operation.path.starts_with("/api/v1/keys")) id = "reports";
  if (operation.path.starts_with("/api/v1/clicks")) id = click;
  if (operation.path.starts_with("/api/v1/conversions")) id = click + "-1";
  return {{"id", id},        {"campaign", "summer"}, {"network", "acme"},
          {"event", "sale"}, {"revision", "1"},      {"clickid", click},
          {"n", "1"},        {"key", "e89bcbe"},     {"destination", "ads"}};
}

std::string ApiRequest::target() const {
  std::string target = path;
  for (auto open = target.find('{'); open != std::string::npos; open = target.find('{', open)) {
    const auto close = target.find('}', open);
    std::string value;
    append_percent_encoded(value, path_values.at(target.substr(open + 1, close - open - 1)));
    target.replace(open, close + 1 - open, value);
    open += value.size();
  }
  char separator = '?';
  for (const auto& [name, value] : query) {
    target += separator;
    separator = '&';
    append_percent_encoded(target, name);
    target += '=';
    append_percent_encoded(target, value);
  }
  return target;
}

std::string ApiRequest::text() const {
  std::string lines;
  for (const auto& [name, value] : headers) lines.append(name).append(": ").append(value).append("\r\n");
  return request_text(method, target(), lines, body);
}

}  // namespace postback::testing

// Reads the OpenAPI document, and holds answers against it.
#include "support/api_description.hpp"

#include "api/openapi.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace postback::testing {

using nlohmann::json;

namespace {

const std::set<std::string> kMethods = {"get", "put", "post", "delete", "head", "patch", "options"};
/// What every answer may carry without saying so.
const std::set<std::string> kGeneralHeaders = {"date",       "content-length", "content-type",
                                               "connection", "cache-control",  "x-content-type-options"};

std::string in_case(std::string text, int (*change)(int)) {
  std::ranges::transform(text, text.begin(), [&](unsigned char c) { return static_cast<char>(change(c)); });
  return text;
}

std::vector<std::pair<std::string, std::string>> header_lines(const std::string& head) {
  std::vector<std::pair<std::string, std::string>> lines;
  std::istringstream text(head);
  std::string line;
  std::getline(text, line);
  while (std::getline(text, line)) {
    while (line.ends_with('\r')) line.pop_back();
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto value = line.find_first_not_of(' ', colon + 1);
    lines.emplace_back(in_case(line.substr(0, colon), std::tolower),
                       value == std::string::npos ? "" : line.substr(value));
  }
  return lines;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// A header's value as its schema means it.
json header_value(const json& schema, const std::string& text) {
  if (schema.value("type", "string") != "integer") return text;
  const bool digits = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits && text.size() < 18 ? json(std::stoll(text)) : json(text);
}

}  // namespace

std::string DescribedOperation::pattern() const { return std::regex_replace(path, std::regex("\\{[^}]*\\}"), "{}"); }

std::vector<std::string> DescribedOperation::names_in(std::string_view place) const {
  std::vector<std::string> names;
  for (const auto& parameter : parameters)
    if (parameter.place == place && !parameter.open) names.push_back(parameter.name);
  return names;
}

ApiDescription::ApiDescription() : document_(json::parse(postback::api::openapi_json())) {
  for (const auto& [path, item] : document_.at("paths").items()) {
    for (const auto& [method, described] : item.items()) {
      if (!kMethods.contains(method)) throw std::invalid_argument(path + ": " + method + " is not a method");
      DescribedOperation operation{.id = described.at("operationId"),
                                   .method = in_case(method, std::toupper),
                                   .path = path,
                                   .role = described.at("x-role"),
                                   .parameters = {},
                                   .bodies = {},
                                   .responses = json::object(),
                                   .described = described};
      for (const auto& entry : described.value("parameters", json::array())) {
        const auto& parameter = resolved(entry);
        operation.parameters.push_back({.name = parameter.at("name"),
                                        .place = parameter.at("in"),
                                        .description = parameter.at("description"),
                                        .schema = parameter.at("schema"),
                                        .open = parameter.value("explode", false)});
      }
      if (described.contains("requestBody"))
        for (const auto& [type, body] : described["requestBody"].at("content").items())
          operation.bodies[type] = body.at("schema");
      for (const auto& [status, response] : described.at("responses").items())
        operation.responses[status] = resolved(response);
      operations_.push_back(std::move(operation));
    }
  }
}

const DescribedOperation& ApiDescription::operation(std::string_view id) const {
  const auto found = std::ranges::find(operations_, id, &DescribedOperation::id);
  if (found == operations_.end()) throw std::invalid_argument("no operation " + std::string(id));
  return *found;
}

const json& ApiDescription::resolved(const json& value) const {
  const json* found = &value;
  while (found->is_object() && found->contains("$ref"))
    found = &document_.at(json::json_pointer(found->at("$ref").get<std::string>().substr(1)));
  return *found;
}

std::vector<std::string> ApiDescription::faults(const DescribedOperation& operation, const RawResponse& answer,
                                                bool head) const {
  const auto status = std::to_string(answer.status);
  const json* response = nullptr;
  if (operation.responses.contains(status)) {
    response = &operation.responses.at(status);
  } else if (operation.responses.contains("default")) {
    const auto& statuses = operation.responses.at("default").at("x-statuses");
    if (std::ranges::find(statuses, json(answer.status)) != statuses.end()) response = &operation.responses["default"];
  }
  if (response == nullptr) return {"the status " + status + " is not described"};
  std::vector<std::string> faults;
  check_headers(*response, answer, faults);
  if (!head) check_body(*response, answer, faults);
  return faults;
}

void ApiDescription::check_headers(const json& response, const RawResponse& answer,
                                   std::vector<std::string>& faults) const {
  std::map<std::string, json> described;
  const auto headers = response.value("headers", json::object());
  for (const auto& [name, header] : headers.items())
    described[in_case(name, std::tolower)] = resolved(header).at("schema");
  for (const auto& [name, value] : header_lines(answer.head)) {
    if (const auto schema = described.find(name); schema != described.end()) {
      check(schema->second, header_value(schema->second, value), "header " + name, faults);
    } else if (!kGeneralHeaders.contains(name)) {
      faults.push_back("the header " + name + " is not described");
    }
  }
}

void ApiDescription::check_body(const json& response, const RawResponse& answer,
                                std::vector<std::string>& faults) const {
  auto type = answer.header("Content-Type").value_or("");
  type = type.substr(0, type.find(';'));
  if (!response.contains("content")) {
    if (!answer.body.empty() || !type.empty()) faults.push_back("no body is described, but there is one: " + type);
    return;
  }
  const auto& content = response["content"];
  if (!content.contains(type)) {
    faults.push_back("the media type \"" + type + "\" is not described");
    return;
  }
  if (!type.ends_with("json") || type.ends_with("ndjson")) return check_lines(content, type, answer.body, faults);
  const auto body = json::parse(answer.body, nullptr, false);
  if (body.is_discarded()) {
    faults.push_back("the body is not JSON: " + answer.body.substr(0, 200));
    return;
  }
  check(content[type].at("schema"), body, "body", faults);
  if (type == "application/problem+json" && body.value("status", 0) != answer.status)
    faults.push_back("the problem's status is not the answer's");
}

/// Rows that stand in lines are those of the same response's JSON.
void ApiDescription::check_lines(const json& content, const std::string& type, const std::string& body,
                                 std::vector<std::string>& faults) const {
  if (type != "application/x-ndjson" && type != "text/csv") return;
  if (!content.contains("application/json")) return;
  const auto& page = resolved(content["application/json"].at("schema"));
  const auto& row = page.at("properties").at("items").at("items");
  const auto lines = lines_of(body);
  if (type == "application/x-ndjson") {
    for (const auto& line : lines) check(row, json::parse(line, nullptr, false), "line", faults);
    return;
  }
  std::set<std::string> wanted;
  for (const auto& [name, schema] : resolved(row).at("properties").items()) {
    if (!schema.value("x-not-in-lists", false)) wanted.insert(name);
  }
  std::set<std::string> found;
  std::istringstream names(lines.empty() ? "" : lines[0]);
  for (std::string name; std::getline(names, name, ',');) {
    while (name.ends_with('\r')) name.pop_back();
    found.insert(name);
  }
  if (found != wanted)
    faults.push_back("the table's columns are not those described: " + (lines.empty() ? "" : lines[0]));
}

void ApiDescription::check(const json& schema, const json& value, const std::string& what,
                           std::vector<std::string>& faults) const {
  auto& parsed = schemas_[schema.dump()];
  if (!parsed) parsed = std::make_unique<JsonSchema>(document_, schema);
  if (parsed->allows(value)) return;
  for (const auto& fault : parsed->faults(value)) faults.push_back(what + " " + fault);
  faults.push_back(what + " was " + value.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 1000));
}

}  // namespace postback::testing

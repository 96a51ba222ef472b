// ApiDescription: the OpenAPI document as tests ask it: its operations, and whether an answer is one that it describes.
#pragma once

#include "support/json_schema.hpp"
#include "support/raw_client.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postback::testing {

struct DescribedParameter {
  std::string name;
  std::string place;  ///< `path`, `query` or `header`.
  std::string description;
  nlohmann::json schema;
  bool open = false;  ///< Stands for parameters of any name (an exploded object).
};

struct DescribedOperation {
  std::string id;
  std::string method;  ///< `GET`, ...
  std::string path;    ///< `/api/v1/networks/{id}`.
  std::string role;    ///< The least that a key needs; `none`: no key.
  std::vector<DescribedParameter> parameters;
  nlohmann::json bodies;     ///< Schemas by media type; null: none is taken.
  nlohmann::json responses;  ///< By status, without references.
  nlohmann::json described;  ///< The whole, as it stands in the document.

  /// The path as the router writes it: `/api/v1/networks/{}`.
  std::string pattern() const;
  std::vector<std::string> names_in(std::string_view place) const;
};

/// Built once from the document that the server shows; throws when it is not what these tests can read.
class ApiDescription {
 public:
  ApiDescription();

  const nlohmann::json& document() const { return document_; }
  const std::vector<DescribedOperation>& operations() const { return operations_; }
  /// By its operationId; throws when there is none.
  const DescribedOperation& operation(std::string_view id) const;
  /// What a `$ref` leads to, else the value itself.
  const nlohmann::json& resolved(const nlohmann::json& value) const;

  /// What of an answer is not as described; empty when all is. `head`: the answer to HEAD.
  std::vector<std::string> faults(const DescribedOperation& operation, const RawResponse& answer,
                                  bool head = false) const;

 private:
  void check_body(const nlohmann::json& response, const RawResponse& answer, std::vector<std::string>& faults) const;
  void check_headers(const nlohmann::json& response, const RawResponse& answer, std::vector<std::string>& faults) const;
  void check_lines(const nlohmann::json& content, const std::string& type, const std::string& body,
                   std::vector<std::string>& faults) const;
  void check(const nlohmann::json& schema, const nlohmann::json& value, const std::string& what,
             std::vector<std::string>& faults) const;

  const nlohmann::json document_;
  std::vector<DescribedOperation> operations_;
  mutable std::map<std::string, std::unique_ptr<JsonSchema>> schemas_;  ///< By their text: parsing them takes long.
};

}  // namespace postback::testing

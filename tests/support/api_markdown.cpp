// Renders the OpenAPI document as Markdown.
#include "support/api_markdown.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace postback::testing {

namespace {

/// The document's own order counts.
using Json = nlohmann::ordered_json;

constexpr std::string_view kSchemas = "#/components/schemas/";

/// A text as a table's cell takes it.
std::string cell(std::string text) {
  for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.replace(at, 1, "\\|");
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::string in_capitals(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

/// `text` in lines of at most 120 characters.
std::string wrapped(const std::string& text) {
  constexpr std::size_t kWidth = 120;
  std::string out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    const auto length = end - at;
    if (column > 0 && column + 1 + length > kWidth) {
      out += '\n';
      column = 0;
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    out.append(text, at, length);
    column += length;
    at = end + 1;
  }
  return out + "\n";
}

class Reference {
 public:
  explicit Reference(std::string_view text) : document_(Json::parse(text)) {}

  std::string write() {
    for (const auto& tag : document_.at("tags")) {
      out_ += "## " + tag.at("name").get<std::string>() + "\n\n" + wrapped(tag.at("description")) + "\n";
      for (const auto& [path, item] : document_.at("paths").items())
        for (const auto& [method, operation] : item.items())
          if (operation.at("tags").at(0) == tag.at("name"))
            write_operation(in_capitals(method) + " " + path, operation);
    }
    out_ += "## Objects\n\n";
    for (const auto& [name, schema] : document_.at("components").at("schemas").items()) write_schema(name, schema);
    return std::move(out_);
  }

 private:
  const Json& resolved(const Json& value) const {
    if (!value.contains("$ref")) return value;
    return document_.at(Json::json_pointer(value.at("$ref").get<std::string>().substr(1)));
  }

  /// A schema in a few words, with links to the objects below.
  std::string type_of(const Json& schema) const {
    if (schema.contains("$ref")) {
      const auto name = schema["$ref"].get<std::string>().substr(kSchemas.size());
      auto anchor = name;
      std::ranges::transform(anchor, anchor.begin(),
                             [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      return "[" + name + "](#" + anchor + ")";
    }
    if (schema.contains("const")) return "`" + schema["const"].dump() + "`";
    if (schema.contains("enum")) return listed(schema["enum"], [](const Json& one) { return "`" + one.dump() + "`"; });
    for (const auto* choice : {"anyOf", "allOf"})
      if (schema.contains(choice)) return listed(schema[choice], [&](const Json& one) { return type_of(one); });
    if (!schema.contains("type")) return schema.contains("required") ? "" : "any";
    const auto& type = schema["type"];
    if (type.is_array()) return listed(type, [&](const Json& one) { return plain_type(one, schema); });
    return plain_type(type, schema);
  }

  std::string plain_type(const Json& type, const Json& schema) const {
    if (type == "array" && schema.value("maxItems", 1) == 0) return "empty array";
    if (type == "array") return "array of " + type_of(schema.at("items"));
    if (type == "integer" && schema.contains("maximum"))
      return schema.value("minimum", Json(0)).dump() + " to " + schema["maximum"].dump();
    if (type == "integer") return "whole number";
    if (type == "string") return "text";
    return type.get<std::string>();
  }

  template <class Name>
  std::string listed(const Json& values, const Name& name) const {
    std::string out;
    for (const auto& value : values) {
      const auto text = name(value);
      if (!text.empty()) out += (out.empty() ? "" : " or ") + text;
    }
    return out;
  }

  static std::string with_default(const Json& schema, const std::string& description) {
    return schema.contains("default") ? description + " Default " + schema["default"].dump() + "." : description;
  }

  void write_operation(const std::string& title, const Json& operation) {
    out_ += "### " + title + "\n\n";
    const std::string role = operation.at("x-role");
    out_ += wrapped(operation.at("summary").get<std::string>() +
                    (role == "none" ? "; no key is needed." : "; role " + role + ".") + " " +
                    operation.at("description").get<std::string>());
    out_ += "\n";
    write_parameters(operation);
    if (operation.contains("requestBody")) {
      const auto& body = operation["requestBody"];
      std::string types;
      for (const auto& [type, content] : body.at("content").items())
        types += (types.empty() ? "" : " or ") + ("`" + type + "`, " + type_of(content.at("schema")));
      const std::string needed = body.value("required", false) ? "Body: " : "Body, not required: ";
      out_ += wrapped(needed + types + ". " + body.at("description").get<std::string>()) + "\n";
    }
    write_answers(operation.at("responses"));
  }

  void write_parameters(const Json& operation) {
    if (!operation.contains("parameters")) return;
    out_ += "| parameter | in | form | meaning |\n|---|---|---|---|\n";
    for (const auto& entry : operation["parameters"]) {
      const auto& parameter = resolved(entry);
      const auto& schema = parameter.at("schema");
      const bool open = parameter.value("explode", false);
      out_ += "| " + (open ? std::string("any other") : "`" + parameter.at("name").get<std::string>() + "`") + " | " +
              parameter.at("in").get<std::string>() + " | " + (open ? "text" : cell(type_of(schema))) + " | " +
              cell(with_default(schema, parameter.at("description"))) + " |\n";
    }
    out_ += "\n";
  }

  /// The problems that most operations share only by their number: they are listed by type elsewhere.
  void write_answers(const Json& responses) {
    out_ += "| answer | body | when |\n|---|---|---|\n";
    std::string shared;
    for (const auto& [status, entry] : responses.items()) {
      if (status == "default") continue;
      if (entry.contains("$ref") && status != "304") {
        shared += (shared.empty() ? "" : ", ") + status;
        continue;
      }
      const auto& response = resolved(entry);
      std::string headers;
      const auto sent = response.value("headers", Json::object());
      for (const auto& [name, header] : sent.items()) headers += (headers.empty() ? "" : ", ") + ("`" + name + "`");
      std::string body;
      const auto contents = response.value("content", Json::object());
      for (const auto& [type, content] : contents.items())
        body += (body.empty() ? "" : "; ") + ("`" + type + "` ") + type_of(content.at("schema"));
      out_ += "| " + status + (headers.empty() ? "" : ", " + headers) + " | " + (body.empty() ? "none" : cell(body)) +
              " | " + cell(response.at("description")) + " |\n";
    }
    if (!shared.empty()) out_ += "| " + shared + " | [Problem](#problem) | as the [problems](#problems) say |\n";
    out_ += "\n";
  }

  void write_schema(const std::string& name, const Json& schema) {
    out_ += "### " + name + "\n\n" + wrapped(schema.at("description"));
    const auto pattern = schema.value("pattern", "");
    if (!schema.contains("properties")) {
      out_ += wrapped("Form: " + type_of(schema) + (pattern.empty() ? "" : ", `" + pattern + "`") + ".") + "\n";
      return;
    }
    out_ += "\n| member | form | meaning |\n|---|---|---|\n";
    const auto required = schema.value("required", Json::array());
    for (const auto& [member, property] : schema["properties"].items()) {
      const bool needed = std::ranges::find(required, Json(member)) != required.end();
      const auto& target = resolved(property);
      const auto description = property.value("description", target.value("description", std::string()));
      out_ += "| `" + member + "`" + (needed ? " (always)" : "") + " | " + cell(type_of(property)) + " | " +
              cell(with_default(property, description)) + " |\n";
    }
    out_ += "\n";
    if (schema.contains("examples")) out_ += "```json\n" + schema["examples"].at(0).dump() + "\n```\n\n";
  }

  const Json document_;
  std::string out_;
};

}  // namespace

std::string api_reference(std::string_view openapi_json) { return Reference(openapi_json).write(); }

}  // namespace postback::testing

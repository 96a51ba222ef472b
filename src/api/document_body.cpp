// Reads the body of a put or post with bounds on what a hostile one could cost.
#include "document_body.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <vector>

namespace postback::api {
namespace {

using nlohmann::json;

constexpr int kLargestDepth = 32;

Faults one_fault(std::string field, std::string problem, std::string expected) {
  return {{std::move(field), std::move(problem), std::move(expected)}};
}

/// Watches the parser: what is too deep is not built (writing it out would recurse), and a repeated member is noticed.
class Watch {
 public:
  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    switch (event) {
      case json::parse_event_t::object_start:
        names_.emplace_back();
        break;
      case json::parse_event_t::object_end:
        names_.pop_back();
        break;
      case json::parse_event_t::key:
        if (!names_.back().insert(parsed.get_ref<const std::string&>()).second && repeated.empty()) {
          repeated = parsed.get_ref<const std::string&>();
        }
        break;
      default:
        break;
    }
    if (depth > kLargestDepth) too_deep = true;
    return depth <= kLargestDepth;
  }

  bool too_deep = false;
  std::string repeated;

 private:
  std::vector<std::set<std::string>> names_;
};

std::variant<json, Faults> parse(std::string_view body) {
  const std::string expected = "one JSON object (RFC 8259) in UTF-8 without byte order mark";
  if (body.starts_with("\xEF\xBB\xBF")) return one_fault("", "the body starts with a byte order mark", expected);
  Watch watch;
  json document;
  try {
    document = json::parse(body, std::ref(watch));
  } catch (const json::exception& error) {
    const auto* syntax = dynamic_cast<const json::parse_error*>(&error);
    return one_fault("", "the body is not JSON" + (syntax ? ": see byte " + std::to_string(syntax->byte) : ""), expected);
  }
  if (watch.too_deep) return one_fault("", "the body is nested too deeply", "at most 32 levels");
  if (!watch.repeated.empty()) return one_fault(watch.repeated, "is there more than once in one object", "one member");
  if (!document.is_object()) return one_fault("", "the body is not an object", expected);
  return document;
}

}  // namespace

std::variant<DocumentBody, Faults> read_document_body(std::string_view body) {
  auto parsed = parse(body);
  if (auto* faults = std::get_if<Faults>(&parsed)) return std::move(*faults);
  auto& document = std::get<json>(parsed);
  DocumentBody result;
  if (const auto id = document.find("id"); id != document.end()) {
    if (!id->is_string() || !is_slug(id->get_ref<const std::string&>())) {
      return one_fault("id", "is not a slug", "1 to 64 of a-z, 0-9, _ and -, the first one a letter or digit");
    }
    result.id = id->get<std::string>();
  }
  const auto erased = document.erase("id") + document.erase("revision") + document.erase("updated");
  result.json = erased == 0 ? std::string(body) : document.dump();
  return result;
}

}  // namespace postback::api

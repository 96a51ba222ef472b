// JsonObject: writes one JSON object straight into a string. The values come from strangers, so every text goes through
// append_json_string: always valid JSON, and harmless inside a page.
#pragma once

#include "postback/base/json_text.hpp"
#include "postback/base/money.hpp"
#include "postback/base/time_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback::api {

/// Names must be plain ASCII without quotes. Call `close` once, last.
class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

  JsonObject& text(std::string_view name, std::string_view value) {
    append_json_string(member(name), value);
    return *this;
  }
  JsonObject& texts(std::string_view name, const std::vector<std::string>& values) {
    member(name) += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_ += ',';
      append_json_string(out_, values[i]);
    }
    out_ += ']';
    return *this;
  }
  JsonObject& number(std::string_view name, std::uint64_t value) { return raw(name, std::to_string(value)); }
  JsonObject& flag(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  JsonObject& time(std::string_view name, TimeMs value) { return text(name, format_rfc3339(value)); }
  /// Decimal text, or null.
  JsonObject& money(std::string_view name, std::optional<Micros> value) {
    return value ? text(name, format_decimal(*value)) : raw(name, "null");
  }
  /// Text, or null when it is empty.
  JsonObject& text_or_null(std::string_view name, std::string_view value) {
    return value.empty() ? raw(name, "null") : text(name, value);
  }
  /// `json` as it stands.
  JsonObject& raw(std::string_view name, std::string_view json) {
    member(name) += json;
    return *this;
  }
  /// The members of another object, given as its text `{...}`.
  JsonObject& members_of(std::string_view object) {
    const auto inner = object.substr(1, object.size() - 2);
    if (!inner.empty()) separate() += inner;
    return *this;
  }
  void close() { out_ += '}'; }

 private:
  std::string& separate() {
    if (!first_) out_ += ',';
    first_ = false;
    return out_;
  }
  std::string& member(std::string_view name) { return separate().append(1, '"').append(name).append("\":"); }

  std::string& out_;
  bool first_ = true;
};

}  // namespace postback::api

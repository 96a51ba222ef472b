// Flattens a JSON object while it is parsed, so that its depth costs nothing.
#include "domain/postback_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace postback {
namespace {

using Json = nlohmann::json;

/// The library's explanation without its error number, its place and what it read last (which may be a secret).
std::string reason(std::string_view what) {
  if (const auto number_end = what.find("] "); number_end != std::string_view::npos) what.remove_prefix(number_end + 2);
  if (const auto place_end = what.find(": "); what.starts_with("parse error") && place_end != std::string_view::npos) {
    what.remove_prefix(place_end + 2);
  }
  return std::string(what.substr(0, std::min(what.find("; last read"), what.find(" parsing '"))));
}

/// Receives the parser's events. Keeps the dotted name of the place it is at.
class Flattener final : public nlohmann::json_sax<Json> {
 public:
  explicit Flattener(Parameters& parameters) : parameters_(parameters) {}

  std::optional<BodyFault> fault;

  bool null() override { return leave_out(); }
  bool boolean(bool value) override { return add(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return add(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add(std::to_string(value)); }
  bool number_float(number_float_t /*value*/, const string_t& text) override { return add(text); }
  bool string(string_t& value) override { return add(value); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*elements*/) override { return enter(false); }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t /*elements*/) override { return enter(true); }
  bool end_array() override { return leave(); }

  bool key(string_t& name) override {
    name_.resize(levels_.back().name_length);
    append(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*last_token*/, const Json::exception& error) override {
    fault = BodyFault{position == 0 ? 0 : position - 1, reason(error.what())};
    return false;
  }

 private:
  // No parameter name that matters is longer; a long one must not be copied for each value below it.
  static constexpr std::size_t kLongestName = 256;

  struct Level {
    bool array = false;
    std::size_t next_index = 0;
    std::size_t name_length = 0;  ///< Of the container itself.
  };

  void append(std::string_view part) {
    if (!name_.empty()) name_ += '.';
    name_ += part.substr(0, kLongestName + 1);
  }

  /// Names an array's next element; an object's was named by its key.
  void name_element() {
    if (levels_.empty() || !levels_.back().array) return;
    name_.resize(levels_.back().name_length);
    append(std::to_string(levels_.back().next_index++));
  }

  bool leave_out() {
    name_element();
    return require_object();
  }

  bool add(std::string_view value) {
    name_element();
    if (!require_object()) return false;
    if (name_.size() <= kLongestName) parameters_.add_copy(name_, value);
    return true;
  }

  bool require_object() {
    if (!levels_.empty()) return true;
    fault = BodyFault{0, "the body is a JSON value but not an object"};
    return false;
  }

  bool enter(bool array) {
    if (levels_.empty() && array) {
      fault = BodyFault{0, "the body is a JSON array; one postback is one object"};
      return false;
    }
    if (levels_.size() == kDeepestJson) {
      fault = BodyFault{0, "it is nested deeper than " + std::to_string(kDeepestJson) + " levels"};
      return false;
    }
    name_element();
    levels_.push_back({array, 0, name_.size()});
    return true;
  }

  bool leave() {
    name_.resize(levels_.back().name_length);
    levels_.pop_back();
    return true;
  }

  Parameters& parameters_;
  std::string name_;
  std::vector<Level> levels_;
};

}  // namespace

std::optional<BodyFault> add_json(std::string_view body, Parameters& parameters) {
  if (body.starts_with("\xEF\xBB\xBF")) return BodyFault{0, "it begins with a byte order mark"};
  Flattener flattener(parameters);
  if (Json::sax_parse(body, &flattener)) return std::nullopt;
  return flattener.fault ? std::move(flattener.fault) : BodyFault{0, "it is not JSON"};
}

}  // namespace postback

// Strict JSON: a first pass finds what the parser would let through, a second one builds the value.
#include "postback/base/strict_json.hpp"

#include <set>
#include <string>
#include <vector>

namespace postback {
namespace {

constexpr std::size_t kDeepest = 32;

/// Receives the events of nlohmann's parser and stops it at the first fault; builds nothing.
class Inspector : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return enter(); }
  bool start_array(std::size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }

  bool key(string_t& name) override {
    if (keys_.back().insert(name).second) return true;
    fault_ = "the key \"" + name + "\" stands twice in one object; keep one of them";
    return false;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    // The exception's text starts with its own identification in brackets, which says nothing to people.
    std::string text = error.what();
    const std::size_t start = text.find("] ");
    fault_ = "is not valid JSON at byte " + std::to_string(position) + ": " +
             (start == std::string::npos ? text : text.substr(start + 2));
    return false;
  }

  const std::string& fault() const { return fault_; }

 private:
  bool enter() {
    keys_.emplace_back();
    if (keys_.size() <= kDeepest) return true;
    fault_ = "is nested deeper than " + std::to_string(kDeepest) + " levels";
    return false;
  }
  bool leave() {
    keys_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> keys_;  ///< One set for each open object or array.
  std::string fault_;
};

}  // namespace

Result<Json> parse_strict_json(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    return Error{ErrorCode::invalid_argument, "starts with a byte order mark; send plain UTF-8"};
  }
  Inspector inspector;
  if (!Json::sax_parse(text, &inspector)) return Error{ErrorCode::invalid_argument, inspector.fault()};
  // Said explicitly, since a Json converts to nearly everything.
  return Result<Json>(boost::system::in_place_value, Json::parse(text, nullptr, false));
}

}  // namespace postback

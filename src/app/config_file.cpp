// Reading the configuration file: JSON with comments, every fault with the line it stands on.
#include "app/config_keys.hpp"
#include "domain/nearest_name.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace postback {
namespace {

constexpr const char* kSeeAll = "`postbackd serve --print-config` shows every key";

/// Reads a text and counts the line ends passed, for whoever asks between two characters.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_ == '\n') ++*line_;
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    auto before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  std::size_t* line_;
};

/// Receives the parser's events: notes the line of each key, keys that stand twice, and the syntax error.
class KeyLines : public nlohmann::json_sax<Json> {
 public:
  KeyLines(std::string name, const std::size_t& line, std::vector<ConfigFault>& faults)
      : name_(std::move(name)), line_(line), faults_(faults) {}

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

  bool key(string_t& key) override {
    path_.back() = key;
    const auto path = path_of();
    const auto [first, is_new] = lines_.emplace(path, line_);
    if (!is_new) {
      fault(line_, path, "stands twice, first in line " + std::to_string(first->second), "one of them");
    }
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 3, column 5: syntax error ...": the parser's own position
    // is where it noticed, which is what we counted.
    std::string text = error.what();
    if (const auto start = text.find(": "); start != std::string::npos) text.erase(0, start + 2);
    fault(line_, "", "is not valid JSON: " + text, "look here and at the end of the line before");
    return false;
  }

  std::size_t line_of(const std::string& path) const {
    const auto found = lines_.find(path);
    return found == lines_.end() ? 1 : found->second;
  }
  void fault(std::size_t line, std::string key, std::string problem, std::string expected) {
    faults_.push_back({name_ + ":" + std::to_string(line), std::move(key), std::move(problem), std::move(expected)});
  }

 private:
  bool enter() {
    path_.emplace_back();
    return true;
  }
  bool leave() {
    path_.pop_back();
    return true;
  }
  std::string path_of() const {
    std::string path;
    for (const auto& part : path_) path += (path.empty() ? "" : ".") + part;
    return path;
  }

  const std::string name_;
  const std::size_t& line_;
  std::vector<ConfigFault>& faults_;
  std::vector<std::string> path_;  ///< The key reached in each open object; empty for arrays.
  std::map<std::string, std::size_t> lines_;
};

std::string suggestion(std::string_view name, const std::vector<std::string_view>& known) {
  const auto nearest = nearest_name(name, known);
  return nearest.empty() ? kSeeAll : "`" + std::string(nearest) + "`, if that is meant; " + kSeeAll;
}

std::vector<std::string_view> section_names() {
  std::vector<std::string_view> names;
  for (const auto& section : config_sections()) names.push_back(section.name);
  return names;
}

std::vector<std::string_view> key_names() {
  std::vector<std::string_view> names;
  for (const auto& key : config_keys()) names.push_back(key.name);
  return names;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

/// Walks the sections of a parsed file.
class FileReading {
 public:
  explicit FileReading(KeyLines& lines) : lines_(lines) {}

  void section(const std::string& name, const Json& content) {
    const auto names = section_names();
    if (std::ranges::find(names, name) == names.end()) {
      lines_.fault(lines_.line_of(name), name, "is not a section", suggestion(name, names));
    } else if (!content.is_object()) {
      lines_.fault(lines_.line_of(name), name, "is not an object", "{\"key\": value, ...}");
    } else {
      for (const auto& [key, value] : content.items()) entry(name + "." + key, value);
    }
  }

  std::vector<ConfigFileValue> take() { return std::move(values_); }

 private:
  void entry(const std::string& path, const Json& value) {
    if (const auto* const key = find_config_key(path)) {
      values_.push_back({key, lines_.line_of(path), value});
    } else {
      lines_.fault(lines_.line_of(path), path, "is not a key", suggestion(path, key_names()));
    }
  }

  KeyLines& lines_;
  std::vector<ConfigFileValue> values_;
};

}  // namespace

std::vector<ConfigFileValue> read_config_file(const std::string& name, std::string_view text,
                                              std::vector<ConfigFault>& faults) {
  std::size_t line = 1;
  KeyLines lines(name, line, faults);
  const CountingIterator begin(text.data(), &line);
  const CountingIterator end(text.data() + text.size(), &line);
  if (is_blank(text)) {
    lines.fault(1, "", "is empty", "a JSON object; {} leaves every default");
    return {};
  }
  constexpr bool kStrict = true;
  constexpr bool kIgnoreComments = true;
  if (!Json::sax_parse(begin, end, &lines, Json::input_format_t::json, kStrict, kIgnoreComments)) return {};
  const auto parsed = Json::parse(text, nullptr, false, kIgnoreComments);
  if (!parsed.is_object()) {
    lines.fault(1, "", "is not a JSON object", "{\"section\": {\"key\": value, ...}, ...}");
    return {};
  }
  FileReading reading(lines);
  for (const auto& [section, content] : parsed.items()) reading.section(section, content);
  return reading.take();
}

}  // namespace postback

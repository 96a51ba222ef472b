// The condition of a destination: its short forms and its groups, made into one condition that all of them must hold.
#include "domain/ascii.hpp"
#include "domain/condition_reading.hpp"
#include "domain/conversion_values.hpp"
#include "domain/delivery_subject.hpp"
#include "domain/destination_reading.hpp"

#include <algorithm>
#include <array>

namespace postback {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostWords = 100;
constexpr std::array kGroups{"all"sv, "any"sv, "none"sv};

Json comparison(std::string_view field, std::string_view op, const Json& value) {
  Json object = Json::object();
  object["field"] = field;
  object["op"] = op;
  object["value"] = value;
  return object;
}

/// Reads one `when` and is thrown away.
class WhenReader {
 public:
  WhenReader(ObjectReader& document, const Json& object, Destination& destination)
      : when_(object, document.path_of("when."), document.faults()),
        path_(document.path_of("when")),
        destination_(destination) {}

  Json read() {
    read_words("status", "approved, pending or rejected",
               [](const std::string& word) { return parse_conversion_status(word).has_value(); });
    read_words("event", "an event, such as \"sale\"",
               [](const std::string& word) { return is_slug(to_ascii_lower(word)); });
    read_words("reason", "text that is not empty", [](const std::string& word) { return !word.empty(); });
    read_payout();
    for (const std::string_view group : kGroups) {
      const Json* const list = when_.find(group);
      if (list == nullptr || (list->is_array() && list->empty())) continue;
      canonical_[std::string(group)] = *list;
      Json condition = Json::object();
      condition[std::string(group)] = *list;
      add(std::string(group), std::move(condition), "");
    }
    when_.finish();
    compile();
    return std::move(canonical_);
  }

 private:
  void add(std::string name, Json condition, std::string left_out) {
    names_.push_back({std::move(name), std::move(left_out)});
    conditions_.push_back(std::move(condition));
  }

  void needs_conversion(std::string_view field) {
    if (tells_of_conversions(destination_.trigger)) return;
    when_.fault(field, "never holds with the trigger \"" + std::string(to_string(destination_.trigger)) + "\"",
                "leave it out, or the trigger \"conversion\" or \"status_change\"");
  }

  /// A list of texts, of which the conversion's must be one.
  template <class IsRight>
  void read_words(std::string_view field, std::string_view expected, IsRight is_right) {
    Json words = Json::array();
    std::size_t index = 0;
    for (const Json& entry : when_.array(field, kMostWords)) {
      const std::string place = std::string(field) + "[" + std::to_string(index++) + "]";
      if (!entry.is_string() || !is_right(entry.get<std::string>()))
        when_.fault(place, entry.is_string() ? "is not what belongs here" : "is not text", std::string(expected));
      else
        words.push_back(entry);
    }
    if (words.empty()) return;
    needs_conversion(field);
    canonical_[std::string(field)] = words;
    add(std::string(field), comparison(field, "in", words), ".value");
  }

  void read_payout() {
    if (when_.find("payout") == nullptr) return;
    ObjectReader payout(when_.object("payout"), when_.path_of("payout."), when_.faults());
    Json bounds = Json::object();
    const auto least = payout.amount("at_least");
    const auto most = payout.amount("at_most");
    if (least && most && *least > *most) payout.fault("at_most", "is below at_least", "at least as much");
    payout.finish();
    for (const auto& [name, bound] : {std::pair{"at_least", least}, std::pair{"at_most", most}}) {
      if (!bound) continue;
      bounds[name] = format_decimal(*bound);
      add("payout." + std::string(name), comparison("payout", name, bounds[name]), ".value");
    }
    if (bounds.empty()) return;
    needs_conversion("payout");
    canonical_["payout"] = std::move(bounds);
  }

  /// Faults of the whole are told of the part that the document has.
  void compile() {
    if (conditions_.empty()) return;
    Faults found;
    Json whole = Json::object();
    whole["all"] = conditions_;
    destination_.when = read_condition(whole, "when", outgoing_fields(), found);
    for (Fault& fault : found) {
      for (std::size_t i = 0; i < names_.size(); ++i) {
        const std::string prefix = "when.all[" + std::to_string(i) + "]";
        if (!fault.field.starts_with(prefix)) continue;
        std::string rest = fault.field.substr(prefix.size());
        const auto& [name, left_out] = names_[i];
        if (!left_out.empty()) rest = "." + name + (rest.starts_with(left_out) ? rest.substr(left_out.size()) : rest);
        when_.faults().push_back({path_ + rest, std::move(fault.problem), std::move(fault.expected)});
        break;
      }
    }
  }

  ObjectReader when_;
  const std::string path_;
  Destination& destination_;
  Json canonical_ = Json::object();
  Json conditions_ = Json::array();
  std::vector<std::pair<std::string, std::string>>
      names_;  ///< Of each condition, and what its faults' paths have more.
};

}  // namespace

Json read_when(ObjectReader& reader, const Json& fallback, Destination& destination) {
  const Json* const given = reader.find("when");
  return WhenReader(reader, given == nullptr ? fallback : *given, destination).read();
}

}  // namespace postback

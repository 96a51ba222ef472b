// ObjectReader: finding fields and reporting what does not belong.
#include "domain/object_reader.hpp"

#include "domain/ascii.hpp"
#include "domain/nearest_name.hpp"

#include <algorithm>
#include <utility>

namespace postback {
namespace {

bool is_empty_value(const Json& value) {
  if (value.is_null()) return true;
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_string()) return value.get_ref<const std::string&>().empty();
  return (value.is_array() || value.is_object()) && value.empty();
}

}  // namespace

ObjectReader::ObjectReader(const Json& value, std::string path, Faults& faults)
    : value_(value), path_(std::move(path)), faults_(faults) {
  if (!value_.is_object()) fault_here("is not a JSON object", "an object, as in {\"name\":\"...\"}");
}

const Json* ObjectReader::find(std::string_view field) {
  known_.emplace_back(field);
  if (!value_.is_object()) return nullptr;
  const auto found = value_.find(field);
  return found == value_.end() || found->is_null() ? nullptr : &*found;
}

std::span<const Json> ObjectReader::array(std::string_view field, std::size_t largest) {
  const Json* value = find(field);
  if (value == nullptr) return {};
  if (!value->is_array() || value->size() > largest) {
    fault(field, value->is_array() ? "has too many entries" : "is not an array",
          "an array of at most " + std::to_string(largest) + " entries");
    return {};
  }
  return value->get_ref<const Json::array_t&>();
}

const Json& ObjectReader::object(std::string_view field) {
  const Json* value = find(field);
  if (value != nullptr && value->is_object()) return *value;
  if (value != nullptr) fault(field, "is not a JSON object", "an object, as in {}");
  return no_object_ = Json::object();
}

void ObjectReader::not_available(std::initializer_list<std::string_view> fields) {
  for (const std::string_view field : fields) {
    const Json* value = find(field);
    if (value == nullptr || is_empty_value(*value)) continue;
    fault(field, "is not available in this version yet", "leave it out");
  }
}

void ObjectReader::not_available_except(std::string_view field, const Json& harmless) {
  const Json* value = find(field);
  if (value == nullptr || *value == harmless || is_empty_value(*value)) return;
  fault(field, "is not available in this version yet", "leave it out, or write " + harmless.dump());
}

void ObjectReader::finish() {
  if (!value_.is_object()) return;
  const std::vector<std::string_view> known(known_.begin(), known_.end());
  for (const auto& [field, value] : value_.items()) {
    if (std::find(known.begin(), known.end(), field) != known.end()) continue;
    const std::string_view nearest = nearest_name(field, known);
    fault(field, "is not a known field",
          nearest.empty() ? std::string("leave it out") : "did you mean \"" + std::string(nearest) + "\"?");
  }
}

void ObjectReader::fault(std::string_view field, std::string problem, std::string expected) {
  faults_.push_back({path_of(field), std::move(problem), std::move(expected)});
}

void ObjectReader::fault_here(std::string problem, std::string expected) {
  std::string field = path_;
  if (field.ends_with('.')) field.pop_back();
  if (field.empty() || field.ends_with(' ')) field += "(document)";
  faults_.push_back({std::move(field), std::move(problem), std::move(expected)});
}

std::string ObjectReader::path_of(std::string_view field, std::string_view suffix) const {
  return path_ + std::string(field) + std::string(suffix);
}

bool is_parameter_name(std::string_view text) {
  constexpr std::string_view kMarks = "-_.~:@$[]";
  return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_ascii_alphanumeric(c) || kMarks.find(c) != std::string_view::npos;
  });
}

Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(std::string(text)); }

Json names_as_json(const std::vector<std::string>& names) {
  return names.size() == 1 ? Json(names.front()) : Json(names);
}

}  // namespace postback

// How a visitor answers the conditions of rules.
#include "domain/visitor_fields.hpp"

#include "domain/ascii.hpp"
#include "domain/condition_node.hpp"
#include "postback/base/json_text.hpp"

#include <charconv>

namespace postback {
namespace {

std::string_view flag(const std::optional<bool>& value) {
  if (!value) return {};
  return *value ? "true" : "false";
}

void add_tested_headers(const ConditionNode& node, std::vector<std::string>& names) {
  for (const ConditionNode& child : node.children()) add_tested_headers(child, names);
  if (node.kind == ConditionNode::Kind::comparison && node.field == static_cast<std::size_t>(VisitorField::header)) {
    names.push_back(to_ascii_lower(node.name));
  }
}

}  // namespace

std::string_view tested_header(const Visitor& visitor, std::string_view name) {
  if (visitor.headers == nullptr) return {};
  return utf8_prefix(visitor.headers->header(name), kLongestTestedHeader);
}

const TimeZone::Local& VisitorValues::local() const {
  if (!local_) local_ = zone_.local(visitor_.time);
  return *local_;
}

std::string_view VisitorValues::value(std::size_t field, std::string_view name) const {
  switch (static_cast<VisitorField>(field)) {
    case VisitorField::country: return visitor_.country;
    case VisitorField::region: return visitor_.region;
    case VisitorField::city: return visitor_.city;
    case VisitorField::device: return visitor_.device;
    case VisitorField::os: return visitor_.os;
    case VisitorField::browser: return visitor_.browser;
    case VisitorField::language: return visitor_.language;
    case VisitorField::ip: return visitor_.ip;
    case VisitorField::user_agent: return visitor_.user_agent;
    case VisitorField::referrer: return visitor_.referrer;
    case VisitorField::query:
      return visitor_.query != nullptr ? visitor_.query->find(name).value_or(std::string_view{}) : std::string_view{};
    case VisitorField::header: return tested_header(visitor_, name);
    case VisitorField::weekday: return kWeekdays[local().weekday];
    case VisitorField::hour: {
      const auto end = std::to_chars(hour_.data(), hour_.data() + hour_.size(), local().hour).ptr;
      return {hour_.data(), static_cast<std::size_t>(end - hour_.data())};
    }
    case VisitorField::visitor: return visitor_.unique ? kVisitorWords[*visitor_.unique ? 0 : 1] : std::string_view{};
    case VisitorField::unique: return flag(visitor_.unique);
    case VisitorField::bot: return flag(visitor_.bot);
  }
  return {};
}

void add_tested_headers(const Condition& condition, std::vector<std::string>& names) {
  if (condition.root() != nullptr) add_tested_headers(*condition.root(), names);
}

}  // namespace postback

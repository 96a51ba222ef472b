// Reads values of a click and of a conversion.
#include "sample_values.hpp"

#include "postback/base/money.hpp"
#include "postback/base/percent.hpp"

#include "query_values.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace postback::api {
namespace {

constexpr std::size_t kLongestValue = 2'000;
constexpr std::size_t kLongestName = 100;
constexpr std::string_view kQuery = "query.";
constexpr std::string_view kNames =
    "external_id, sub1 to sub20, query.NAME, country, region, city, device, os, browser, language, ip, user_agent, "
    "referrer, "
    "payout, amount, currency, txid, event, status, original_status, reason";

using ClickText = std::pair<std::string_view, std::string StoredClick::*>;
constexpr std::array kClickTexts{ClickText{"external_id", &StoredClick::external_id},
                                 ClickText{"country", &StoredClick::country},
                                 ClickText{"region", &StoredClick::region},
                                 ClickText{"city", &StoredClick::city},
                                 ClickText{"device", &StoredClick::device},
                                 ClickText{"os", &StoredClick::os},
                                 ClickText{"browser", &StoredClick::browser},
                                 ClickText{"language", &StoredClick::language},
                                 ClickText{"ip", &StoredClick::ip},
                                 ClickText{"user_agent", &StoredClick::user_agent},
                                 ClickText{"referrer", &StoredClick::referrer}};

using ConversionText = std::pair<std::string_view, std::string Conversion::*>;
constexpr std::array kConversionTexts{
    ConversionText{"currency", &Conversion::currency}, ConversionText{"txid", &Conversion::txid},
    ConversionText{"event", &Conversion::event}, ConversionText{"original_status", &Conversion::original_status},
    ConversionText{"reason", &Conversion::reason}};

template <class Table>
auto member_of(const Table& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Table::value_type::first);
  return found == table.end() ? nullptr : found->second;
}

/// Which of sub1 to sub20, from 0.
std::optional<std::size_t> sub_index(std::string_view name) {
  if (!name.starts_with("sub")) return std::nullopt;
  const auto number = whole_number(name.substr(3), 1);
  if (!number || *number > kSubIdCount || name[3] == '0') return std::nullopt;
  return static_cast<std::size_t>(*number) - 1;
}

class ValueReader {
 public:
  ValueReader(DeliveryFacts& facts, Faults& faults) : facts_(facts), faults_(faults) {}

  void read(const std::string& name, const Json& value) {
    name_ = name;
    if (!value.is_string() || value.get_ref<const std::string&>().size() > kLongestValue)
      return fault("is no text of up to 2000 bytes", "a text such as \"12.50\"");
    const auto& text = value.get_ref<const std::string&>();
    if (!read_click(text) && !read_conversion(text)) fault("is not a value here", std::string(kNames));
  }

 private:
  void fault(std::string problem, std::string expected) {
    faults_.push_back({"values." + name_, std::move(problem), std::move(expected)});
  }

  bool read_click(const std::string& text) {
    const auto member = member_of(kClickTexts, name_);
    const auto sub = sub_index(name_);
    const bool query = name_.starts_with(kQuery) && name_.size() > kQuery.size() && name_.size() <= kLongestName;
    if (member == nullptr && !sub && !query) return false;
    if (!facts_.click) {
      fault("has nowhere to stand: this destination is told of no click", "no such value");
    } else if (sub) {
      facts_.click->sub[*sub] = text;
    } else if (query) {
      add_parameter(std::string_view(name_).substr(kQuery.size()), text);
    } else {
      (*facts_.click).*member = text;
    }
    return true;
  }

  /// Before all others: the first of a name counts.
  void add_parameter(std::string_view name, std::string_view text) {
    std::string all;
    append_percent_encoded(all, name);
    all += '=';
    append_percent_encoded(all, text);
    facts_.click->extra = all.append("&").append(facts_.click->extra);
  }

  bool read_conversion(const std::string& text) {
    const auto member = member_of(kConversionTexts, name_);
    const bool sum = name_ == "payout" || name_ == "amount";
    if (member == nullptr && !sum && name_ != "status") return false;
    if (!facts_.conversion) {
      fault("has nowhere to stand: this destination is told of no conversion", "no such value");
    } else if (sum) {
      read_sum(text);
    } else if (member != nullptr) {
      (*facts_.conversion).*member = text;
    } else if (const auto status = parse_conversion_status(text)) {
      facts_.conversion->status = *status;
    } else {
      fault("is " + quoted(std::string_view(text)), "one of pending, approved, rejected");
    }
    return true;
  }

  void read_sum(const std::string& text) {
    const auto sum = parse_decimal(text);
    if (!sum) return fault("is " + quoted(std::string_view(text)), "a sum such as \"12.50\", with at most 6 decimals");
    if (name_ == "payout") {
      facts_.conversion->payout = *sum;
    } else {
      facts_.conversion->amount = *sum;
    }
  }

  DeliveryFacts& facts_;
  Faults& faults_;
  std::string name_;
};

}  // namespace

void use_values(const Json& values, DeliveryFacts& facts, Faults& faults) {
  if (!values.is_object()) {
    faults.push_back({"values", "is not an object", "an object such as {\"payout\":\"12.50\"}"});
    return;
  }
  ValueReader reader(facts, faults);
  for (const auto& [name, value] : values.items()) reader.read(name, value);
}

}  // namespace postback::api

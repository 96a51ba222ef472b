// Writes the lines of a feed.
#include "postback/domain/feed.hpp"

#include "domain/delivery_values.hpp"
#include "postback/base/csv.hpp"

namespace postback {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

/// A negative sum is no formula.
void append_value(std::string& row, std::string_view value) {
  if (parse_decimal(value))
    row += value;
  else
    append_csv_cell(row, value);
}

}  // namespace

std::string feed_head(const Destination& destination) {
  std::string head = destination.feed_start;
  bool first = true;
  for (const FeedColumn& column : destination.feed_columns) {
    if (!first) head += ',';
    first = false;
    append_csv_cell(head, column.name);
  }
  return head.append(kLineEnd);
}

std::string feed_row(const Catalog& catalog, const Destination& destination, const Delivery& delivery,
                     const DeliveryFacts& facts, const ClickIdKeys& keys) {
  const DeliverySubject subject(catalog, facts, delivery.trigger, delivery.campaign, delivery.detail);
  if (!subject.is_known()) return {};
  const DeliveryValues made(catalog, destination, delivery, subject, keys, delivery.id);
  std::string row;
  bool first = true;
  for (const FeedColumn& column : destination.feed_columns) {
    std::string value;
    column.value.render(value, made.values());
    if (value.empty() && column.required) return {};
    if (!first) row += ',';
    first = false;
    append_value(row, value);
  }
  return row.append(kLineEnd);
}

}  // namespace postback

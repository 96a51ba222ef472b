// Decimal and thousands marks, and the exact value of a number.
#include "base/number_parts.hpp"

#include "base/digits.hpp"

#include <algorithm>

namespace postback {
namespace {

struct Marks {
  char decimal = 0;
  char group = 0;
};

Marks find_marks(std::string_view number) {
  const auto dots = std::count(number.begin(), number.end(), '.');
  const auto commas = std::count(number.begin(), number.end(), ',');
  const std::size_t last = number.find_last_of(".,");
  if (dots > 0 && commas > 0) return number[last] == '.' ? Marks{'.', ','} : Marks{',', '.'};
  if (dots > 1) return {0, '.'};
  if (commas > 1) return {0, ','};
  const std::size_t group = number.find_first_of(" '");
  return {last == std::string_view::npos ? char{0} : number[last],
          group == std::string_view::npos ? char{0} : number[group]};
}

bool is_whole_part(std::string_view whole, char group) {
  const std::size_t first = group == 0 ? std::string_view::npos : whole.find(group);
  if (first == std::string_view::npos) return all_digits(whole);
  if (first == 0 || first > 3 || whole.front() == '0' || !all_digits(whole.substr(0, first))) return false;
  for (whole.remove_prefix(first); !whole.empty(); whole.remove_prefix(4)) {
    if (whole.size() < 4 || whole.front() != group || !all_digits(whole.substr(1, 3))) return false;
  }
  return true;
}

}  // namespace

bool NumberParts::is_well_formed() const { return is_whole_part(whole, group) && all_digits(decimals); }

bool NumberParts::is_ambiguous() const {
  return decimal == ',' && group == 0 && decimals.size() == 3 && !whole.empty() && whole.size() <= 3 &&
         whole.front() != '0';
}

bool NumberParts::is_plain() const {
  return group == 0 && !whole.empty() && (decimal == 0 || (decimal == '.' && !decimals.empty()));
}

NumberParts split_number(std::string_view number) {
  const Marks marks = find_marks(number);
  const std::size_t mark = marks.decimal == 0 ? std::string_view::npos : number.find(marks.decimal);
  if (mark == std::string_view::npos) return {number, {}, marks.decimal, marks.group};
  return {number.substr(0, mark), number.substr(mark + 1), marks.decimal, marks.group};
}

std::optional<Micros> to_micros(const NumberParts& parts, bool& rounded) {
  Micros micros = 0;
  for (const char character : parts.whole) {
    if (!is_digit(character)) continue;
    micros = micros * 10 + (character - '0') * kMicrosPerUnit;
    if (micros > kLargestMicros) return std::nullopt;
  }
  Micros place = kMicrosPerUnit / 10;
  for (const char digit : parts.decimals.substr(0, kMicrosDecimals)) {
    micros += (digit - '0') * place;
    place /= 10;
  }
  const std::string_view beyond = parts.decimals.substr(std::min(kMicrosDecimals, parts.decimals.size()));
  const bool tail = beyond.find_first_not_of('0') != std::string_view::npos;
  if (micros > kLargestMicros || (micros == kLargestMicros && tail)) return std::nullopt;
  rounded = !beyond.empty();
  if (!tail || beyond.front() < '5') return micros;
  const bool exactly_half = beyond.front() == '5' && beyond.find_first_not_of('0', 1) == std::string_view::npos;
  return exactly_half && micros % 2 == 0 ? micros : micros + 1;
}

}  // namespace postback

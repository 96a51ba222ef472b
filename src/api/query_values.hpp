// QueryValues: the parameters of an API request, each checked, all faults collected.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/parameters.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace postback::api {

/// Reads `query`, which must stay alive. A parameter that is not in `known`, or that is given twice, is a fault: a
/// mistyped filter must not silently show everything. A getter gives its default where it notes a fault, so look at
/// `faults` after the last one.
class QueryValues {
 public:
  static constexpr std::size_t kDefaultLimit = 50;
  static constexpr std::size_t kLargestLimit = 1000;

  QueryValues(std::string_view query, std::initializer_list<std::string_view> known)
      : QueryValues(query, std::span(known.begin(), known.size())) {}
  QueryValues(std::string_view query, std::span<const std::string_view> known);

  /// The value under exactly this name.
  std::optional<std::string_view> find(std::string_view name) const { return parameters_.find(name); }

  /// `limit`: 1 to 1000.
  std::size_t limit();
  /// One of `choices`, the first of them if absent.
  std::string_view choice(std::string_view name, std::initializer_list<std::string_view> choices);
  /// A whole number from 0 on; `fallback` if absent.
  std::uint64_t whole_number(std::string_view name, std::uint64_t fallback);
  /// `cursor` of a log: the decimal ID of a row; 0 if absent.
  SnowflakeId log_cursor();
  /// `cursor` of a collection: a slug; empty if absent.
  std::string_view slug_cursor();
  /// An RFC 3339 time, its offset's `+` also in the form of the space that query decoding makes of it.
  std::optional<TimeMs> time(std::string_view name);
  /// `text` as a click ID of ours; else notes a fault under `name`.
  std::optional<SnowflakeId> click_id(std::string_view name, std::string_view text, const ClickIdKeys& keys);

  void fault(std::string_view name, std::string problem, std::string expected);
  const Faults& faults() const { return faults_; }

 private:
  Parameters parameters_;
  Faults faults_;
};

/// The whole of `text` as a decimal number from `smallest` up to what the store can hold (2^63 - 1), or nothing.
std::optional<std::uint64_t> whole_number(std::string_view text, std::uint64_t smallest);

/// The start of `value` in quotes, for messages.
std::string quoted(std::string_view value);

/// Reads a click ID as it stands in URLs and parameters. Otherwise gives the fault under `name`.
std::optional<SnowflakeId> read_click_id(std::string_view text, const ClickIdKeys& keys, std::string_view name,
                                         Faults& faults);

}  // namespace postback::api

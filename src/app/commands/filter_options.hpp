// FilterOptions: the options by which commands choose rows of a log.
#pragma once

#include "postback/base/result.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <utility>
#include <vector>

namespace postback {

/// Must stay where it is while CLI11 parses.
struct FilterOptions {
  std::vector<std::string> filters;
  std::string from;
  std::string to;

  /// `--filter`, `--from` and `--to`.
  void add_to(CLI::App& command);
  bool empty() const { return filters.empty() && from.empty() && to.empty(); }
  /// Names and values as the API takes them. Error: invalid_argument, naming `example` of a filter.
  Result<std::vector<std::pair<std::string, std::string>>> pairs(const char* example) const;
};

}  // namespace postback

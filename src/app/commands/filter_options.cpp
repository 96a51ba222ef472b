// Reads NAME=VALUE, times and dates.
#include "app/commands/filter_options.hpp"

#include "postback/base/log.hpp"

namespace postback {
namespace {

/// A date stands for its beginning in UTC.
std::string time_text(const std::string& text) { return text.size() == 10 ? text + "T00:00:00Z" : text; }

}  // namespace

void FilterOptions::add_to(CLI::App& command) {
  command.add_option("--from", from, "Rows from then on, RFC 3339 or a date (UTC). Default: all.")->type_name("TIME");
  command.add_option("--to", to, "Rows before then. Default: up to now.")->type_name("TIME");
  command
      .add_option("--filter", filters,
                  "Only rows with this value in this column; may be given several times, all must hold.")
      ->type_name("NAME=VALUE")
      ->take_all();
}

Result<std::vector<std::pair<std::string, std::string>>> FilterOptions::pairs(const char* example) const {
  std::vector<std::pair<std::string, std::string>> all;
  if (!from.empty()) all.emplace_back("from", time_text(from));
  if (!to.empty()) all.emplace_back("to", time_text(to));
  for (const auto& filter : filters) {
    const auto mark = filter.find('=');
    if (mark == 0 || mark == std::string::npos) {
      return Error{ErrorCode::invalid_argument,
                   "--filter is \"" + log_text(filter) + "\"; expected NAME=VALUE, such as " + example};
    }
    all.emplace_back(filter.substr(0, mark), filter.substr(mark + 1));
  }
  return all;
}

}  // namespace postback

// `deliveries`: the outgoing postbacks of a running server.
#include "app/commands/deliveries.hpp"

#include "app/client/answer_text.hpp"
#include "app/commands/filter_options.hpp"
#include "app/commands/server_options.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>

namespace postback {
namespace {

struct ListOptions {
  ServerOptions server;
  FilterOptions rows;
  std::size_t limit = 20;
};

struct ShowOptions {
  ServerOptions server;
  std::string id;
};

/// A number of the answer as text; nothing for 0 and for what is none.
std::string number_text(const Json& object, const char* name) {
  const auto member = object.find(name);
  const bool there = member != object.end() && member->is_number_unsigned() && *member != 0U;
  return there ? member->dump() : std::string();
}

std::string table_line(std::string id, std::string time, std::string status, std::string destination,
                       std::string attempts, const std::string& reason) {
  const auto widen = [](std::string& text, std::size_t width) { text.resize(std::max(text.size(), width), ' '); };
  widen(id, 23);
  widen(time, 24);
  widen(status, 9);
  widen(destination, 20);
  widen(attempts, 8);
  return id + " " + time + " " + status + " " + destination + " " + attempts + " " + reason + "\n";
}

std::string delivery_line(const Json& row) {
  const auto http_status = number_text(row, "http_status");
  return table_line(text_of(row, "id"), text_of(row, "time"), text_of(row, "status"), text_of(row, "destination"),
                    number_text(row, "attempt_count"),
                    text_of(row, "reason") + (http_status.empty() ? "" : " (HTTP status " + http_status + ")"));
}

std::string target_of(const std::vector<std::pair<std::string, std::string>>& filters, std::size_t limit,
                      const std::string& cursor) {
  std::string target = "/api/v1/deliveries?limit=" + std::to_string(limit);
  for (const auto& [name, value] : filters) {
    target += '&';
    append_percent_encoded(target, name);
    target += '=';
    append_percent_encoded(target, value);
  }
  return cursor.empty() ? target : target + "&cursor=" + cursor;
}

/// Page after page until there are `limit` rows: a rare filter's pages may be empty.
int list(const ListOptions& options) {
  const auto filters = options.rows.pairs("status=failed");
  if (!filters) return fail(filters.error());
  auto access = options.server.find();
  if (!access) return fail(access.error());
  ApiClient client(std::move(*access));
  std::string lines;
  std::string cursor;
  std::size_t left = options.limit;
  do {
    const auto page = client.ask_json("GET", target_of(*filters, left, cursor));
    if (!page) return fail(page.error());
    const auto items = page->find("items");
    if (items == page->end() || !items->is_array()) break;
    for (const auto& row : *items) lines += delivery_line(row);
    left -= std::min(left, items->size());
    cursor = text_of(*page, "next");
  } while (left > 0 && !cursor.empty());
  std::printf("%s%s", table_line("ID", "TIME", "STATUS", "DESTINATION", "ATTEMPTS", "REASON").c_str(), lines.c_str());
  std::printf("\nNext: postbackd deliveries show ID says what was tried%s\n",
              cursor.empty() ? "" : "; --limit shows more of them");
  return 0;
}

void print_line(const char* title, const std::string& text) {
  if (!text.empty()) std::printf("  %-12s %s\n", title, text.c_str());
}

void print_attempt(const Json& attempt) {
  const auto http_status = number_text(attempt, "http_status");
  const auto duration = number_text(attempt, "duration_ms");
  std::printf("\nattempt %s at %s: %s%s, %s ms\n", number_text(attempt, "number").c_str(),
              text_of(attempt, "time").c_str(), text_of(attempt, "reason").c_str(),
              http_status.empty() ? "" : (" (HTTP status " + http_status + ")").c_str(),
              duration.empty() ? "0" : duration.c_str());
  for (const auto* const name : {"request", "address", "error", "answer"}) print_line(name, text_of(attempt, name));
}

int show(const ShowOptions& options) {
  auto access = options.server.find();
  if (!access) return fail(access.error());
  ApiClient client(std::move(*access));
  std::string target = "/api/v1/deliveries/";
  append_percent_encoded(target, options.id);
  const auto answer = client.ask_json("GET", target);
  if (!answer) return fail(answer.error());
  std::printf("%s: %s\n", text_of(*answer, "id").c_str(), text_of(*answer, "status").c_str());
  for (const auto* const name : {"time", "destination", "trigger", "campaign", "click_id", "conversion_id", "reason",
                                 "due", "finished", "resend_of"})
    print_line(name, text_of(*answer, name));
  if (const auto attempts = answer->find("attempts"); attempts != answer->end() && attempts->is_array()) {
    for (const auto& attempt : *attempts) print_attempt(attempt);
  }
  std::printf("\nNext: postbackd deliveries retry %s, once the other side can take it\n",
              text_of(*answer, "id").c_str());
  return 0;
}

void add_list(CLI::App& deliveries, std::vector<Command>& parts) {
  auto options = std::make_shared<ListOptions>();
  auto* const command = deliveries.add_subcommand("list", "Show the newest deliveries.");
  options->rows.add_to(*command);
  command->add_option("--limit", options->limit, "How many, 1 to 1000. Default: 20.")->check(CLI::Range(1, 1000));
  options->server.add_to(*command);
  command->footer(
      std::string(kKeyHelp) +
      "Columns to filter by: status (pending, delivered, failed, withheld, cancelled, listed), destination, "
      "campaign, trigger,\nreason, click_id and more: docs/http-api.md.\n\n"
      "Example:\n  postbackd deliveries list --filter status=failed --filter destination=crm\n\n"
      "Next: postbackd deliveries show ID");
  parts.push_back({command, [options] { return list(*options); }});
}

void add_show(CLI::App& deliveries, std::vector<Command>& parts) {
  auto options = std::make_shared<ShowOptions>();
  auto* const command = deliveries.add_subcommand("show", "Show a delivery and what was tried.");
  command->add_option("ID", options->id, "As `deliveries list` shows it: dlv_ and a number.")->required();
  options->server.add_to(*command);
  command->footer(std::string(kKeyHelp) +
                  "Example:\n  postbackd deliveries show dlv_123456789\n\nNext: postbackd deliveries retry ID");
  parts.push_back({command, [options] { return show(*options); }});
}

}  // namespace

Command add_deliveries_command(CLI::App& program) {
  auto* const command = program.add_subcommand(
      "deliveries",
      "The outgoing postbacks of a running server: list, show, retry, cancel, resend; test a destination.");
  command->require_subcommand(1);
  command->footer("Next: postbackd deliveries list --help");
  const auto parts = std::make_shared<std::vector<Command>>();
  add_list(*command, *parts);
  add_show(*command, *parts);
  add_delivery_changes(*command, *parts);
  add_destination_test(*command, *parts);
  return {command, [parts] { return run_parsed(*parts); }};
}

}  // namespace postback

// `deliveries retry`, `cancel` and `resend`.
#include "app/client/answer_text.hpp"
#include "app/commands/deliveries.hpp"
#include "app/commands/filter_options.hpp"
#include "app/commands/server_options.hpp"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <utility>

namespace postback {
namespace {

/// What one of the three is called and says.
struct Action {
  const char* name;
  const char* what;
  const char* done;  ///< Behind a number.
  const char* footer;
};

constexpr Action kActions[] = {
    {"retry", "Have deliveries that wait or failed tried again now, with their whole time anew.", "are due now",
     "Example:\n  postbackd deliveries retry --filter status=failed --filter destination=crm --from 2026-01-31\n\n"},
    {"cancel", "Give up deliveries that wait.", "were cancelled",
     "Example:\n  postbackd deliveries cancel --filter status=pending --filter destination=crm\n\n"},
    {"resend", "Send once more what was delivered, failed, withheld or cancelled; the other side may count it twice.",
     "are sent once more", "Example:\n  postbackd deliveries resend dlv_123456789\n\n"}};

struct ChangeOptions {
  ServerOptions server;
  FilterOptions rows;
  std::vector<std::string> ids;
};

struct Totals {
  std::uint64_t looked_at = 0;
  std::uint64_t changed = 0;
};

std::uint64_t number_of(const Json& answer, const char* name) {
  const auto member = answer.find(name);
  return member != answer.end() && member->is_number_unsigned() ? member->get<std::uint64_t>() : 0;
}

Result<Json> request_of(const ChangeOptions& options) {
  Json request = Json::object();
  if (!options.ids.empty()) {
    request["ids"] = options.ids;
    return Result<Json>(boost::system::in_place_value, std::move(request));
  }
  const auto pairs = options.rows.pairs("status=failed");
  if (!pairs) return pairs.error();
  for (const auto& [name, value] : *pairs) request["filter"][name] = value;
  return Result<Json>(boost::system::in_place_value, std::move(request));
}

Result<void> change(ApiClient& client, const std::string& target, Json request, Totals& totals) {
  for (;;) {
    const auto page = client.ask_json("POST", target, request.dump(-1, ' ', true, Json::error_handler_t::replace));
    if (!page) return page.error();
    totals.looked_at += number_of(*page, "looked_at");
    totals.changed += number_of(*page, "changed");
    const auto next = text_of(*page, "next");
    if (next.empty()) return {};
    request["cursor"] = next;
  }
}

int run(const Action& action, const ChangeOptions& options) {
  if (options.ids.empty() == options.rows.empty()) {
    return fail({ErrorCode::invalid_argument,
                 "say which deliveries: either by ID, or with --filter NAME=VALUE, --from and --to. Nothing was "
                 "changed."});
  }
  auto request = request_of(options);
  if (!request) return fail(request.error());
  auto access = options.server.find();
  if (!access) return fail(access.error());
  ApiClient client(std::move(*access));
  Totals totals;
  const auto changed = change(client, std::string("/api/v1/deliveries/") + action.name, std::move(*request), totals);
  std::printf("%llu deliveries looked at: %llu %s, all others stay as they are.\n",
              static_cast<unsigned long long>(totals.looked_at), static_cast<unsigned long long>(totals.changed),
              action.done);
  if (!changed) return fail({changed.error().code, changed.error().detail + "\nThe command ended early."});
  std::puts("\nNext: postbackd deliveries list");
  return 0;
}

}  // namespace

void add_delivery_changes(CLI::App& deliveries, std::vector<Command>& parts) {
  for (const auto& action : kActions) {
    auto options = std::make_shared<ChangeOptions>();
    auto* const command = deliveries.add_subcommand(action.name, action.what);
    command->add_option("ID", options->ids, "Deliveries by ID: dlv_ and a number; at most 1000.");
    options->rows.add_to(*command);
    options->server.add_to(*command);
    command->footer(std::string(kKeyHelp) + action.footer + "Next: postbackd deliveries list");
    parts.push_back({command, [&action, options] { return run(action, *options); }});
  }
}

}  // namespace postback

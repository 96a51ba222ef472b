// `replay`: has logged postbacks judged again by a running server.
#include "app/client/answer_text.hpp"
#include "app/commands/command.hpp"
#include "app/commands/filter_options.hpp"
#include "app/commands/server_options.hpp"
#include "postback/base/log.hpp"

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace postback {
namespace {

struct ReplayOptions {
  ServerOptions server;
  std::vector<std::string> ids;
  FilterOptions rows;
  bool dry_run = false;
  bool fire = false;
};

struct Totals {
  std::uint64_t looked_at = 0;
  std::uint64_t changed = 0;
  std::uint64_t refused = 0;
  std::map<std::string, std::uint64_t> codes;
  std::map<std::string, std::uint64_t> reasons;
};

Result<Json> request_of(const ReplayOptions& options) {
  Json request{{"dry_run", options.dry_run}, {"fire", options.fire}};
  if (!options.ids.empty()) {
    request["ids"] = options.ids;
    return Result<Json>(boost::system::in_place_value, std::move(request));
  }
  const auto pairs = options.rows.pairs("code=click_id_missing");
  if (!pairs) return pairs.error();
  Json filter = Json::object();
  for (const auto& [name, value] : *pairs) filter[name] = value;
  request["filter"] = std::move(filter);
  return Result<Json>(boost::system::in_place_value, std::move(request));
}

std::uint64_t number_of(const Json& answer, const char* name) {
  const auto member = answer.find(name);
  return member != answer.end() && member->is_number_unsigned() ? member->get<std::uint64_t>() : 0;
}

void add(const Json& page, Totals& totals) {
  totals.looked_at += number_of(page, "looked_at");
  totals.changed += number_of(page, "changed");
  totals.refused += number_of(page, "refused");
  if (const auto codes = page.find("codes"); codes != page.end() && codes->is_object()) {
    for (const auto& [code, rows] : codes->items()) {
      if (rows.is_number_unsigned()) totals.codes[code] += rows.get<std::uint64_t>();
    }
  }
  const auto items = page.find("items");
  if (items == page.end() || !items->is_array()) return;
  for (const auto& item : *items) {
    if (item.is_object() && text_of(item, "result") == "refused") ++totals.reasons[text_of(item, "message")];
  }
}

Result<Totals> replay(const ReplayOptions& options) {
  auto request = request_of(options);
  if (!request) return request.error();
  auto access = options.server.find();
  if (!access) return access.error();
  ApiClient client(std::move(*access));
  const bool watched = ::isatty(STDERR_FILENO) == 1;
  Totals totals;
  for (;;) {
    const auto body = request->dump(-1, ' ', true, Json::error_handler_t::replace);
    const auto page = client.ask_json("POST", "/api/v1/postbacks/replay", body);
    if (!page) {
      if (watched) std::fputc('\n', stderr);
      return page.error();
    }
    add(*page, totals);
    if (watched) {
      std::fprintf(stderr, "\r%llu looked at, %llu changed", static_cast<unsigned long long>(totals.looked_at),
                   static_cast<unsigned long long>(totals.changed));
    }
    const auto next = text_of(*page, "next");
    if (next.empty()) break;
    (*request)["cursor"] = next;
  }
  if (watched) std::fputc('\n', stderr);
  return totals;
}

int run(const ReplayOptions& options) {
  if (options.ids.empty() && options.rows.empty()) {
    return fail({ErrorCode::invalid_argument,
                 "say which postbacks: with --filter NAME=VALUE, --from, --to, or --id ID. Nothing was changed."});
  }
  if (!options.ids.empty() && !options.rows.empty()) {
    return fail({ErrorCode::invalid_argument, "--id stands alone, without --filter, --from and --to"});
  }
  const auto totals = replay(options);
  if (!totals) {
    return fail({totals.error().code,
                 totals.error().detail + "\nThe replay ended early. Run it again: what was judged stays as it is."});
  }
  std::printf("%llu postbacks looked at: %llu %s, %llu not judged again, all others stay as they are.\n",
              static_cast<unsigned long long>(totals->looked_at), static_cast<unsigned long long>(totals->changed),
              options.dry_run ? "would change" : "changed", static_cast<unsigned long long>(totals->refused));
  for (const auto& [code, rows] : totals->codes)
    std::printf("  %8llu  %s\n", static_cast<unsigned long long>(rows), log_text(code).c_str());
  for (const auto& [reason, rows] : totals->reasons)
    std::printf("  %8llu  not judged again: %s\n", static_cast<unsigned long long>(rows), log_text(reason).c_str());
  std::puts(options.dry_run ? "\nNext: the same without --dry-run."
                            : "\nNext: postbackd export postbacks --filter result=refused shows what is left.");
  return 0;
}

}  // namespace

Command add_replay_command(CLI::App& program) {
  auto options = std::make_shared<ReplayOptions>();
  auto* const command = program.add_subcommand(
      "replay", "Have a running server judge logged postbacks again, with today's catalog, as of their own time.");
  command->add_option("--id", options->ids, "The row of the log with this ID; may be given several times.")
      ->type_name("ID")
      ->take_all();
  options->rows.add_to(*command);
  command->add_flag("--dry-run", options->dry_run, "Only say what would change. Default: change it.");
  command->add_flag("--fire", options->fire,
                    "Tell destinations of what the replay brings about. Default: they are told nothing.");
  options->server.add_to(*command);
  command->footer(std::string(kKeyHelp) +
                  "Nothing is authenticated anew: rows that never were are judged again only by --id, for an admin.\n\n"
                  "Example:\n"
                  "  postbackd replay --filter code=click_id_missing --filter network=acme --dry-run\n\n"
                  "Next: the same without --dry-run.");
  return {command, [options] { return run(*options); }};
}

}  // namespace postback

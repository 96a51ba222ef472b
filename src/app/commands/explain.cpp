// `explain`: what a postback would get from a running server, and why, without sending it.
#include "app/client/answer_text.hpp"
#include "app/client/output_file.hpp"
#include "app/commands/command.hpp"
#include "app/commands/server_options.hpp"
#include "postback/base/log.hpp"

#include <cstdio>
#include <memory>

namespace postback {
namespace {

struct ExplainOptions {
  ServerOptions server;
  std::string url;
  bool json = false;
};

void print_line(const char* title, const std::string& text) {
  if (!text.empty()) std::printf("  %-11s %s\n", title, text.c_str());
}

void print_explanation(const Json& answer) {
  const auto status = answer.find("http_status");
  std::printf("%s: %s (HTTP status %s)\n", text_of(answer, "result").c_str(), text_of(answer, "code").c_str(),
              status == answer.end() ? "unknown" : status->dump().c_str());
  print_line("", text_of(answer, "message"));
  print_line("effect", text_of(answer, "would"));
  print_line("click", text_of(answer, "click_id"));
  print_line("conversion", text_of(answer, "conversion_id"));
  print_line("evidence", text_of(answer, "evidence"));
  print_line("fix", text_of(answer, "fix"));
  const auto warnings = answer.find("warnings");
  if (warnings == answer.end() || !warnings->is_array()) return;
  for (const auto& warning : *warnings) {
    if (warning.is_string()) print_line("warning", log_text(warning.get<std::string>()));
  }
}

/// The URL itself, or the first line of standard input for `-`.
Result<std::string> url_of(const std::string& given) {
  if (given != "-") return given;
  constexpr std::size_t kLongest = 65'536;
  auto text = read_whole_file("-", kLongest);
  if (!text) return text;
  return text->substr(0, text->find_first_of("\r\n"));
}

int run(const ExplainOptions& options) {
  const auto url = url_of(options.url);
  if (!url) return fail(url.error());
  auto access = options.server.find();
  if (!access) return fail(access.error());
  ApiClient client(std::move(*access));
  const auto body = Json{{"url", *url}}.dump(-1, ' ', true, Json::error_handler_t::replace);
  const auto answer = client.ask("POST", "/api/v1/postbacks/explain", body);
  if (!answer) return fail(answer.error());
  const auto json = parse_strict_json(answer->body);
  if (!json || !json->is_object()) return fail({ErrorCode::io_failed, "the server's answer is no explanation"});
  const bool refused = text_of(*json, "result") == "refused";
  if (options.json) {
    std::printf("%s\n", answer->body.c_str());
  } else {
    print_explanation(*json);
    std::puts(refused ? "\nNext: follow the fix, then explain the mended URL."
                      : "\nNext: give the URL to the network; `postbackd export postbacks` shows what arrives.");
  }
  return refused ? kWouldBeRefused : 0;
}

}  // namespace

Command add_explain_command(CLI::App& program) {
  auto options = std::make_shared<ExplainOptions>();
  auto* const command = program.add_subcommand(
      "explain", "Say what a running server would do with a postback, and why; send and change nothing.");
  command
      ->add_option("URL", options->url,
                   "The postback's URL as the network calls it, from /postback on or whole; `-`: read it from standard "
                   "input, where others do not see its token.")
      ->required();
  command->add_flag("--json", options->json, "Print the server's answer as it is.");
  options->server.add_to(*command);
  command->footer(std::string(kKeyHelp) +
                  "Exit status: 0 it would be accepted (or is a repeat, or a test); 3 it would be refused; 1 it could "
                  "not be asked.\n\n"
                  "Example (quotes keep & and { } from the shell):\n"
                  "  postbackd explain 'http://127.0.0.1:8080/postback/acme?token=T&click_id={clickid}&payout=1'\n\n"
                  "Next: follow the fix that it names.");
  return {command, [options] { return run(*options); }};
}

}  // namespace postback

// `deliveries test`: sends, or only shows, a delivery of an invented conversion.
#include "app/client/answer_text.hpp"
#include "app/commands/deliveries.hpp"
#include "app/commands/server_options.hpp"
#include "postback/base/log.hpp"
#include "postback/base/percent.hpp"

#include <cstdio>
#include <memory>
#include <utility>

namespace postback {
namespace {

struct TestOptions {
  ServerOptions server;
  std::string destination;
  std::vector<std::string> values;
  bool dry_run = false;
};

Result<Json> request_of(const TestOptions& options) {
  Json request{{"dry_run", options.dry_run}};
  for (const auto& value : options.values) {
    const auto mark = value.find('=');
    if (mark == 0 || mark == std::string::npos) {
      return Error{ErrorCode::invalid_argument,
                   "--value is \"" + log_text(value) + "\"; expected NAME=VALUE, such as payout=12.50"};
    }
    request["values"][value.substr(0, mark)] = value.substr(mark + 1);
  }
  return Result<Json>(boost::system::in_place_value, std::move(request));
}

void print_request(const Json& request) {
  std::printf("%s %s\n", text_of(request, "method").c_str(), text_of(request, "url").c_str());
  if (const auto headers = request.find("headers"); headers != request.end() && headers->is_object()) {
    for (const auto& [name, value] : headers->items()) {
      static_cast<void>(value);
      std::printf("%s: %s\n", log_text(name).c_str(), text_of(*headers, name.c_str()).c_str());
    }
  }
  if (const auto body = text_of(request, "body"); !body.empty()) std::printf("\n%s\n", body.c_str());
}

int run(const TestOptions& options) {
  const auto request = request_of(options);
  if (!request) return fail(request.error());
  auto access = options.server.find();
  if (!access) return fail(access.error());
  ApiClient client(std::move(*access));
  std::string target = "/api/v1/destinations/";
  append_percent_encoded(target, options.destination);
  const auto answer =
      client.ask_json("POST", target + "/test", request->dump(-1, ' ', true, Json::error_handler_t::replace));
  if (!answer) return fail(answer.error());
  if (const auto sent = answer->find("request"); sent != answer->end() && sent->is_object()) print_request(*sent);
  const auto result = text_of(*answer, "result");
  std::printf("\n%s: %s\n", result.c_str(), text_of(*answer, "message").c_str());
  if (const auto said = text_of(*answer, "answer"); !said.empty()) std::printf("answer: %s\n", said.c_str());
  const bool right = result == "delivered" || result == "not_sent";
  if (result == "not_sent" && options.dry_run)
    std::puts("\nNext: the same without --dry-run.");
  else
    std::puts(right ? "\nNext: postbackd deliveries list" : "\nNext: mend the destination, or the other side.");
  return right ? 0 : kWouldBeRefused;
}

}  // namespace

void add_destination_test(CLI::App& deliveries, std::vector<Command>& parts) {
  auto options = std::make_shared<TestOptions>();
  auto* const command = deliveries.add_subcommand(
      "test", "Send a destination one delivery of an invented conversion, and show both sides.");
  command->add_option("DESTINATION", options->destination, "The destination's ID.")->required();
  command
      ->add_option("--value", options->values,
                   "A value in place of the invented one, such as external_id=EXT1; may be given several times.")
      ->type_name("NAME=VALUE")
      ->take_all();
  command->add_flag("--dry-run", options->dry_run, "Only show what would be sent. Default: send it.");
  options->server.add_to(*command);
  command->footer(std::string(kKeyHelp) +
                  "Exit status: 0 it was delivered, or shown; 3 the other side did not take it; 1 it could not be "
                  "asked.\n\n"
                  "Example:\n  postbackd deliveries test crm --dry-run --value payout=12.50\n\n"
                  "Next: the same without --dry-run.");
  parts.push_back({command, [options] { return run(*options); }});
}

}  // namespace postback

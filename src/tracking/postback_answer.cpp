// Writes answers to postbacks.
#include "tracking/postback_answer.hpp"

#include "postback/base/json_text.hpp"
#include "postback/domain/network_answer.hpp"

namespace postback {
namespace {

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

void append_field(std::string& json, std::string_view name, std::string_view value) {
  json += json.empty() ? "{\"" : ",\"";
  json += name;
  json += "\":";
  append_json_string(json, value);
}

std::string verdict_json(const Verdict& verdict, SnowflakeId postback, std::string_view conversion) {
  std::string json;
  json.reserve(320);
  append_field(json, "result", to_string(verdict.result));
  append_field(json, "code", to_string(verdict.code));
  append_field(json, "message", verdict.message);
  if (postback != 0) append_field(json, "postback_id", std::to_string(postback));
  if (!conversion.empty()) append_field(json, "conversion_id", conversion);
  json += ",\"warnings\":[";
  for (std::size_t i = 0; i < verdict.warnings.size(); ++i) {
    if (i > 0) json += ',';
    append_json_string(json, verdict.warnings[i]);
  }
  json += "]}\n";
  return json;
}

/// What the network or the URL wants to be answered instead of JSON; empty: nothing.
std::string_view body_for(const PostbackAnswer& answer, int status) {
  if (status == 429) return {};
  const bool taken = answer.verdict.result != VerdictResult::refused;
  if (taken && !answer.wanted.empty()) return answer.wanted;
  return answer.network != nullptr ? std::string_view(answer.network->answer.body) : std::string_view();
}

}  // namespace

void write_answer(http::Exchange& exchange, const PostbackAnswer& answer) {
  const int status = answered_status(answer.verdict, answer.network);
  auto writer = exchange.respond(status);
  writer.header("Cache-Control", "no-store");
  // A test is answered 200 whatever it would get: then there is nothing to come back for.
  if (answer.wait.count() > 0 && (status == 429 || status == 503)) {
    writer.header("Retry-After", std::to_string(std::chrono::ceil<std::chrono::seconds>(answer.wait).count()));
  }
  if (const auto body = body_for(answer, status); !body.empty()) {
    writer.header("X-Content-Type-Options", "nosniff").finish(body, kPlainText);
  } else {
    writer.finish(verdict_json(answer.verdict, answer.postback, answer.conversion), "application/json");
  }
}

void answer_unavailable(http::Exchange& exchange) {
  Verdict verdict;
  verdict.code = VerdictCode::store_unavailable;
  verdict.message =
      "The postback could not be stored just now and has had no effect that counts; please send it again.";
  write_answer(exchange, {.verdict = verdict, .wait = std::chrono::seconds(5)});
  exchange.finish();
}

}  // namespace postback

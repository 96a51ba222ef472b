// Asks the JSON API and words its refusals.
#include "app/client/api_client.hpp"

#include "app/client/answer_text.hpp"

namespace postback {
namespace {

/// `title: detail`, and every fault on a line of its own.
std::string problem_text(const Json& problem) {
  std::string text = text_of(problem, "detail");
  if (text.empty()) text = text_of(problem, "title");
  const auto errors = problem.find("errors");
  if (errors == problem.end() || !errors->is_array()) return text;
  for (const auto& error : *errors) {
    if (!error.is_object()) continue;
    const auto expected = text_of(error, "expected");
    text.append("\n  ").append(text_of(error, "field")).append(": ").append(text_of(error, "problem"));
    if (!expected.empty()) text.append("; expected ").append(expected);
  }
  return text;
}

std::string said(const ClientAnswer& answer) {
  if (const auto problem = parse_strict_json(answer.body); problem && problem->is_object()) {
    if (auto text = problem_text(*problem); !text.empty()) return text;
  }
  return "it answered with HTTP status " + std::to_string(answer.status) + " and no explanation";
}

std::string advice(int status, const ServerAccess& access) {
  switch (status) {
    case 401:
      return "\nThe key came from " + access.key_origin +
             ". Give another one in POSTBACKD_KEY or with --key-file FILE. If none is left, stop the server and make "
             "one in its store:\n  postbackd key create rescue --role admin --store URL";
    case 403:
      return "\nThe key came from " + access.key_origin +
             ". Use a key with a higher role; `postbackd key list` shows which there are, and\n"
             "  postbackd key create ID --role admin\nmakes one, when an admin asks for it.";
    case 412: return "\nSomebody changed it meanwhile. Look at it again, then repeat the command.";
    case 429:
    case 503: return "\nNothing is wrong with what was asked: try again in a moment.";
    default: return "";
  }
}

}  // namespace

Error ApiClient::refusal(const ClientAnswer& answer, std::string_view target) const {
  std::string text = access_.url + " did not do it: " + said(answer);
  const auto type = answer.header("Content-Type").value_or("");
  if (answer.status == 404 && !type.starts_with("application/problem+json")) {
    text = access_.url + " does not know " + std::string(target.substr(0, target.find('?'))) +
           ". Either it is not postbackd, or another version, or its API has a listener of its own (api.listen): give "
           "that one's address with --server URL.";
  } else {
    text += advice(answer.status, access_);
  }
  const auto code = answer.status == 404   ? ErrorCode::not_found
                    : answer.status == 503 ? ErrorCode::store_busy
                                           : ErrorCode::invalid_argument;
  return {code, std::move(text)};
}

Result<ClientAnswer> ApiClient::exchange(ClientRequest request) {
  const auto end_of_host = request.url.find('/', request.url.find("://") + 3);
  const auto origin = request.url.substr(0, end_of_host);
  auto answer = http_.send(request);
  if (answer) return answer;
  const auto host = origin.substr(origin.find("://") + 3);
  return Error{answer.error().code, "cannot ask " + origin + ": " + answer.error().detail +
                                        ".\nIf no server runs there, start one:\n  postbackd serve --listen " + host +
                                        "\nIf it runs elsewhere, say where with --server URL or POSTBACKD_SERVER."};
}

Result<ClientAnswer> ApiClient::ask(std::string_view method, std::string_view target, std::string body,
                                    HeaderLines headers) {
  headers.emplace_back("Authorization", "Bearer " + access_.key);
  if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
  ClientRequest request{.method = std::string(method),
                        .url = access_.url + std::string(target),
                        .headers = std::move(headers),
                        .body = std::move(body)};
  auto answer = exchange(std::move(request));
  if (!answer || answer->status / 100 == 2) return answer;
  return refusal(*answer, target);
}

Result<Json> ApiClient::ask_json(std::string_view method, std::string_view target, std::string body,
                                 HeaderLines headers) {
  auto answer = ask(method, target, std::move(body), std::move(headers));
  if (!answer) return answer.error();
  auto parsed = parse_strict_json(answer->body);
  if (parsed) return parsed;
  return Error{ErrorCode::io_failed, access_.url + " answered with something that is not JSON: " +
                                         parsed.error().detail + ". Is it postbackd?"};
}

Result<ClientAnswer> ApiClient::visit(const std::string& url) {
  ClientRequest request;
  request.url = url;
  return exchange(std::move(request));
}

}  // namespace postback

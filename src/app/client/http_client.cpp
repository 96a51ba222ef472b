// One request after the other over a handle of libcurl.
#include "app/client/http_client.hpp"

#include "postback/app/build_info.hpp"

#include <curl/curl.h>
#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <array>

namespace postback {
namespace {

struct FreeLines {
  void operator()(curl_slist* lines) const { curl_slist_free_all(lines); }
};
using Lines = std::unique_ptr<curl_slist, FreeLines>;

/// What libcurl hands over while an answer arrives.
struct Arriving {
  ClientAnswer answer;
  std::size_t limit = 0;
  bool too_large = false;
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* target) {
  auto& arriving = *static_cast<Arriving*>(target);
  arriving.too_large = arriving.answer.body.size() + count > arriving.limit;
  if (arriving.too_large) return 0;
  arriving.answer.body.append(bytes, count);
  return count;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* target) {
  auto& headers = static_cast<Arriving*>(target)->answer.headers;
  const std::string_view line(bytes, count);
  if (line.starts_with("HTTP/")) headers.clear();  // of an interim answer
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return count;
  const auto begin = line.find_first_not_of(" \t", colon + 1);
  const auto end = line.find_last_not_of(" \t\r\n");
  const bool empty = begin == std::string_view::npos || begin > end;
  headers.emplace_back(line.substr(0, colon), empty ? "" : line.substr(begin, end - begin + 1));
  return count;
}

bool has_control_characters(const HeaderLines& headers) {
  const auto wrong = [](const std::string& text) {
    return std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
  };
  return std::ranges::any_of(headers, [&](const auto& header) { return wrong(header.first) || wrong(header.second); });
}

Lines header_lines(const HeaderLines& headers) {
  // Without `Expect`, libcurl would ask for leave before a large body and wait for the answer.
  Lines lines(curl_slist_append(nullptr, "Expect:"));
  for (const auto& [name, value] : headers) {
    lines.reset(curl_slist_append(lines.release(), (name + ": " + value).c_str()));
  }
  return lines;
}

void set_request(CURL* handle, const ClientRequest& request) {
  curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method == "GET" || (request.method == "DELETE" && request.body.empty())) return;
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
}

void set_bounds(CURL* handle, const ClientLimits& limits) {
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()));
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
}

Error failure(CURLcode code, const char* words, const Arriving& arriving) {
  if (arriving.too_large) {
    return {ErrorCode::io_failed, "the answer is larger than " + std::to_string(arriving.limit >> 20) + " MiB"};
  }
  const std::string detail = *words != '\0' ? words : curl_easy_strerror(code);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return {ErrorCode::deadline_exceeded, detail};
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return {ErrorCode::invalid_argument, detail};
    default: return {ErrorCode::io_failed, detail};
  }
}

}  // namespace

std::optional<std::string_view> ClientAnswer::header(std::string_view name) const {
  const auto found =
      std::ranges::find_if(headers, [name](const auto& each) { return boost::algorithm::iequals(each.first, name); });
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

void HttpClient::Cleanup::operator()(void* handle) const { curl_easy_cleanup(handle); }

HttpClient::HttpClient(ClientLimits limits) : limits_(limits), handle_(curl_easy_init()) {}

Result<ClientAnswer> HttpClient::send(const ClientRequest& request) {
  if (!handle_) return Error{ErrorCode::io_failed, "libcurl could not be started"};
  if (has_control_characters(request.headers)) {
    return Error{ErrorCode::invalid_argument, "a header has control characters"};
  }
  CURL* const handle = handle_.get();
  curl_easy_reset(handle);  // options only: the connection is kept
  std::array<char, CURL_ERROR_SIZE> words{};
  Arriving arriving;
  arriving.limit = limits_.body_bytes;
  const auto lines = header_lines(request.headers);
  const std::string agent = "postbackd/" + std::string(build_version());
  set_bounds(handle, limits_);
  set_request(handle, request);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, agent.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, lines.get());
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, words.data());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &arriving);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &arriving);
  const CURLcode code = curl_easy_perform(handle);
  if (code != CURLE_OK) return failure(code, words.data(), arriving);
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  arriving.answer.status = static_cast<int>(status);
  return std::move(arriving.answer);
}

}  // namespace postback

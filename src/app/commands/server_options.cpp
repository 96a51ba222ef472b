// Finds address and key of a running server: option, environment, configuration.
#include "app/commands/server_options.hpp"

#include "app/client/output_file.hpp"
#include "app/commands/command.hpp"
#include "postback/app/config.hpp"
#include "postback/base/log.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace postback {
namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

/// Where a server that listens there can be reached from this machine; empty for a port that is chosen at its start.
std::string url_of(const std::string& listen) {
  const auto colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  const std::string port = listen.substr(colon + 1);
  if (port == "0") return {};
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "[::]") host = "[::1]";
  return "http://" + host + ":" + port;
}

/// Scheme, host and port. Error: a clause that says what is wrong.
Result<std::string> checked_url(std::string url, const char* origin) {
  while (url.ends_with('/')) url.pop_back();
  const bool http = url.starts_with("http://");
  const auto host = http || url.starts_with("https://") ? url.substr(http ? 7 : 8) : std::string();
  if (!host.empty() && host.find_first_of("/?#@ ") == std::string::npos) return url;
  return Error{ErrorCode::invalid_argument, std::string(origin) + " is \"" + log_text(url) +
                                                "\"; expected scheme, host and port, such as http://127.0.0.1:8080"};
}

Result<std::string> checked_key(std::string text, const std::string& origin) {
  const auto end = text.find_last_not_of(" \t\r\n");
  text.erase(end == std::string::npos ? 0 : end + 1);
  text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  const bool visible = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
  if (!text.empty() && visible) return text;
  return Error{ErrorCode::invalid_argument,
               origin + (text.empty() ? " holds no key" : " holds more than a key") + "; expected one line of text"};
}

}  // namespace

void ServerOptions::add_to(CLI::App& command) {
  command
      .add_option("--server", server,
                  "The running server's API. Default: POSTBACKD_SERVER, else the first api.listen, else http.listen of "
                  "the configuration, http://" +
                      Settings().app.listen.front() + ".")
      ->type_name("URL");
  command.add_option("--key-file", key_file, "A file that holds the API key. Default: the environment, see below.")
      ->type_name("FILE");
  command.add_option("--config", config_file, "The configuration that the server runs with, if it has one.")
      ->type_name("FILE");
}

void ServerOptions::add_public_to(CLI::App& command) {
  command
      .add_option("--public", public_url,
                  "Where visitors and networks reach the server. Default: as --server, or http.listen of the "
                  "configuration.")
      ->type_name("URL");
}

Result<ServerAccess> ServerOptions::find() const {
  ServerAccess access;
  if (const auto found = find_server(access); !found) return found.error();
  if (const auto found = find_key(access); !found) return found.error();
  return access;
}

Result<void> ServerOptions::find_key(ServerAccess& access) const {
  std::string text;
  if (key_file) {
    constexpr std::size_t kLargestKeyFile = 4096;
    auto read = read_whole_file(*key_file, kLargestKeyFile);
    if (!read) return read.error();
    access.key_origin = "the file " + *key_file;
    text = std::move(*read);
  } else {
    for (const char* const name : {"POSTBACKD_KEY", "POSTBACKD_ADMIN_KEY"}) {
      text = variable(name);
      access.key_origin = std::string("the environment's ") + name;
      if (!text.empty()) break;
    }
    if (text.empty()) {
      return Error{ErrorCode::invalid_argument,
                   "no API key was given. Put it in the environment, or in a file for --key-file:\n"
                   "  export POSTBACKD_KEY=...\n"
                   "`postbackd serve` shows the first key when it starts on an empty store; if it is lost, stop the "
                   "server and make one with\n  postbackd key create rescue --role admin --store URL"};
    }
  }
  auto key = checked_key(std::move(text), access.key_origin);
  if (!key) return key.error();
  access.key = std::move(*key);
  return {};
}

Result<void> ServerOptions::find_server(ServerAccess& access) const {
  const auto asked = server ? *server : variable("POSTBACKD_SERVER");
  if (server || !asked.empty()) {
    auto url = checked_url(asked, server ? "--server" : "POSTBACKD_SERVER");
    if (!url) return url.error();
    access.url = access.public_url = std::move(*url);
  } else {
    ConfigSources sources;
    sources.file = config_file;
    sources.environment = config_environment();
    const auto config = load_config(sources);
    if (!config.faults.empty()) {
      return Error{ErrorCode::invalid_argument,
                   "the configuration does not say where the server is:\n  " + to_string(config.faults.front()) +
                       "\nMend it (`postbackd check` lists everything), or give --server."};
    }
    const auto& app = config.settings.app;
    access.public_url = url_of(app.listen.front());
    access.url = app.api_listen.empty() ? access.public_url : url_of(app.api_listen.front());
    if (access.url.empty() || access.public_url.empty()) {
      return Error{ErrorCode::invalid_argument,
                   "the configuration lets the system choose a port, which the server's log names; give it with "
                   "--server http://127.0.0.1:PORT"};
    }
  }
  if (!public_url) return {};
  auto url = checked_url(*public_url, "--public");
  if (!url) return url.error();
  access.public_url = std::move(*url);
  return {};
}

int fail(const Error& error) {
  std::fprintf(stderr, "postbackd: %s\n", error.detail.c_str());
  return kFailed;
}

}  // namespace postback

// ServerOptions: the options by which commands find a running server and the key to ask it with.
#pragma once

#include "app/client/api_client.hpp"
#include "postback/base/result.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace postback {

/// Must stay where it is while CLI11 parses.
struct ServerOptions {
  // Given empty is not the same as not given: it is a fault.
  std::optional<std::string> server;
  std::optional<std::string> public_url;
  std::optional<std::string> key_file;
  std::optional<std::string> config_file;

  /// `--server`, `--key-file` and `--config`.
  void add_to(CLI::App& command);
  /// `--public`, for commands that also click.
  void add_public_to(CLI::App& command);
  /// Address and key by option, else environment, else configuration. Error: invalid_argument, or of reading the file,
  /// saying what to give.
  Result<ServerAccess> find() const;

 private:
  Result<void> find_key(ServerAccess& access) const;
  Result<void> find_server(ServerAccess& access) const;
};

/// Prints `postbackd: ` and why to standard error; the exit status.
int fail(const Error& error);

/// What the help of every command that asks a server says about its key.
inline constexpr const char* kKeyHelp =
    "The API key is read from --key-file, else from POSTBACKD_KEY, else from POSTBACKD_ADMIN_KEY in the environment; "
    "not from the\ncommand line, which every user of the machine can see.\n\n";

}  // namespace postback

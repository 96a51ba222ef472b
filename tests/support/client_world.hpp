// ClientWorld: a server in this process, the binary's commands that ask it, and a directory for their files.
#pragma once

#include "support/command_run.hpp"
#include "support/test_server.hpp"
#include "test_paths.hpp"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace postback::testing {

/// A server, and a directory for the commands' files.
class ClientWorld {
 public:
  explicit ClientWorld(TestServer::Adjust adjust = {}) : server(std::move(adjust)) {}

  /// Runs a command that asks `server` with the admin key.
  CommandEnd run(const std::vector<std::string>& arguments, const std::string& input = {}) const {
    return run_command(POSTBACK_BINARY, arguments, {{"POSTBACKD_SERVER", url()}, {"POSTBACKD_KEY", "k1"}}, input);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server.port()); }
  std::string file(const std::string& name) const { return (directory_.path() / name).string(); }
  /// Writes the file and gives its path.
  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(file(name), std::ios::binary) << text;
    return file(name);
  }
  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(file(name), std::ios::binary).rdbuf();
    return text.str();
  }

  TestServer server;

 private:
  TemporaryDirectory directory_;
};

}  // namespace postback::testing

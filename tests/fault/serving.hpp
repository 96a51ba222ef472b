// Serving: the built program, ready to be loaded, killed or stopped; and the files it leaves, byte by byte.
#pragma once

#include "load.hpp"
#include "support/eventually.hpp"
#include "support/server_process.hpp"
#include "test_paths.hpp"

#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace postback::fault {

/// A server on a free port that has said it is ready; throws when it does not get so.
struct Serving {
  explicit Serving(const std::string& database)
      : process(POSTBACK_BINARY, testing::ServerProcess::serve(database)), port(process.wait_until_listening()) {
    if (!eventually([&] { return get(port, "/readyz").status == 200; })) {
      throw std::runtime_error("the server does not get ready: " + process.output());
    }
  }
  testing::ServerProcess process;
  std::uint16_t port;
};

/// The bytes of a file; empty if there is none.
inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace postback::fault

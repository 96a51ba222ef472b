// CommandRun: the postbackd binary run to its end as a command, with both its streams and its exit status.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace postback::testing {

struct CommandEnd {
  int status = -1;  ///< -1 when a signal ended it.
  std::string out;
  std::string err;
};

/// Runs `binary` with these arguments. Of this process's environment it has everything but POSTBACKD_ variables, then
/// `variables`. Its standard input is `input`.
CommandEnd run_command(const std::string& binary, const std::vector<std::string>& arguments,
                       const std::map<std::string, std::string>& variables, const std::string& input = {});

}  // namespace postback::testing

// The command line: `postbackd serve` and its options.
#pragma once

namespace postback {

/// Runs the command and returns the process's exit status: 0 after a clean end, 1 when it could not start or the store
/// failed, and CLI11's status (>= 100) when the command line is wrong.
int run_command_line(int argc, char** argv);

}  // namespace postback

// The command line: the commands of the program, each in a file of src/app/commands.
#pragma once

namespace postback {

/// Runs the command and returns the process's exit status: 0 after a clean end, 1 when the command could not do its
/// work (a fault in the configuration, a store that fails), 2 when the command line is wrong.
int run_command_line(int argc, char** argv);

}  // namespace postback

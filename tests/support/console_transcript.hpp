// ConsoleTranscript: runs the ```console blocks of a document and compares what they print with what it shows.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback::testing {

/// A command of a ```console block with the lines shown below it.
///
///   block    = "```console" LF *step "```" LF
///   step     = "$ " text LF *( text LF )   ; further lines belong to the command while the one before ends with `\`
///   expected = the lines that follow, up to the next "$ "; `…` stands for any text of a line, and alone on a line
///              for any number of lines
struct ConsoleStep {
  std::string command;
  std::string expected;
  std::size_t line = 0;  ///< Of the command in the document, from 1.
};

/// The steps of all ```console blocks, in order.
std::vector<ConsoleStep> console_steps(std::string_view markdown);

/// Runs all commands in one bash, started in `directory`, where its script is written to. Gives what each step printed
/// on both streams. Throws std::runtime_error when the shell ended before the last step or was silent for too long.
std::vector<std::string> run_console(const std::vector<ConsoleStep>& steps, const std::filesystem::path& directory);

/// Nothing if `actual` is what `expected` shows, carriage returns and line ends at the end aside; else a sentence with
/// the first line that differs.
std::optional<std::string> output_difference(std::string_view expected, std::string_view actual);

}  // namespace postback::testing

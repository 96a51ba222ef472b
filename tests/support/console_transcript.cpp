// Reading, running and comparing the console blocks of documents.
#include "support/console_transcript.hpp"

#include "support/server_process.hpp"
#include "support/source_tree.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <span>
#include <stdexcept>

namespace postback::testing {

namespace {

constexpr std::string_view kFence = "```";
constexpr std::string_view kPrompt = "$ ";
constexpr std::string_view kAnything = "…";
constexpr char kStepEnd = '\x1e';  ///< Record separator: printed by the script after each step, and by nothing else.

using Lines = std::span<const std::string_view>;

/// Whether `line` is `pattern`, in which `…` stands for any text.
bool line_matches(std::string_view pattern, std::string_view line) {
  auto wild = pattern.find(kAnything);
  if (wild == std::string_view::npos) return pattern == line;
  if (!line.starts_with(pattern.substr(0, wild))) return false;
  line.remove_prefix(wild);
  pattern.remove_prefix(wild + kAnything.size());
  for (wild = pattern.find(kAnything); wild != std::string_view::npos; wild = pattern.find(kAnything)) {
    const auto part = pattern.substr(0, wild);
    const auto found = line.find(part);
    if (found == std::string_view::npos) return false;
    line.remove_prefix(found + part.size());
    pattern.remove_prefix(wild + kAnything.size());
  }
  return line.ends_with(pattern);
}

bool lines_match(Lines expected, Lines actual) {
  if (expected.empty()) return actual.empty();
  if (expected.front() != kAnything)
    return !actual.empty() && line_matches(expected.front(), actual.front()) &&
           lines_match(expected.subspan(1), actual.subspan(1));
  for (std::size_t skipped = 0; skipped <= actual.size(); ++skipped)
    if (lines_match(expected.subspan(1), actual.subspan(skipped))) return true;
  return false;
}

/// Without carriage returns and without line ends at the end.
std::string tidied(std::string_view text) {
  std::string out(text);
  std::erase(out, '\r');
  out.erase(out.find_last_not_of('\n') + 1);
  return out;
}

std::string at_index(Lines lines, std::size_t index) {
  return index < lines.size() ? "`" + std::string(lines[index]) + "`" : "(nothing more)";
}

std::string script_of(const std::vector<ConsoleStep>& steps) {
  // The server is on this machine, whatever proxy the environment names.
  std::string script = "export NO_PROXY='*' no_proxy='*'\n";
  for (const auto& step : steps) script += step.command + "\nprintf '\\036'\n";
  return script;
}

}  // namespace

std::vector<ConsoleStep> console_steps(std::string_view markdown) {
  std::vector<ConsoleStep> steps;
  bool inside = false;
  bool continued = false;
  std::size_t number = 0;
  for (const auto line : tidy::lines_of(markdown)) {
    ++number;
    if (line.starts_with(kFence)) {
      inside = line == "```console";
      continued = false;
    } else if (inside && continued) {
      steps.back().command += "\n" + std::string(line);
      continued = line.ends_with('\\');
    } else if (inside && line.starts_with(kPrompt)) {
      steps.push_back({std::string(line.substr(kPrompt.size())), {}, number});
      continued = line.ends_with('\\');
    } else if (inside && !steps.empty()) {
      steps.back().expected.append(line).append("\n");
    }
  }
  return steps;
}

std::vector<std::string> run_console(const std::vector<ConsoleStep>& steps, const std::filesystem::path& directory) {
  const auto script = (directory / "transcript.sh").string();
  std::ofstream(script) << script_of(steps);
  const std::string place = directory.string();
  ServerProcess shell("/bin/bash", {script}, [&place] {
    if (::chdir(place.c_str()) != 0) ::_exit(126);
  });
  shell.wait_for_end();
  std::vector<std::string> outputs;
  std::string_view rest = shell.output();
  for (auto end = rest.find(kStepEnd); end != std::string_view::npos; end = rest.find(kStepEnd)) {
    outputs.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  if (outputs.size() != steps.size())
    throw std::runtime_error("the shell ended after " + std::to_string(outputs.size()) + " of " +
                             std::to_string(steps.size()) + " steps; it printed last: " + std::string(rest));
  return outputs;
}

std::optional<std::string> output_difference(std::string_view expected, std::string_view actual) {
  const auto expected_text = tidied(expected);
  const auto actual_text = tidied(actual);
  const auto wanted = tidy::lines_of(expected_text);
  const auto printed = tidy::lines_of(actual_text);
  if (lines_match(wanted, printed)) return std::nullopt;
  std::size_t same = 0;
  while (same < wanted.size() && same < printed.size() && line_matches(wanted[same], printed[same])) ++same;
  return "shown is " + at_index(wanted, same) + ", printed was " + at_index(printed, same);
}

}  // namespace postback::testing

// The house rules as checks on one file at a time: each returns what it found as `path:line: sentence`.
#pragma once

#include "support/source_tree.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace postback::tidy {

using Findings = std::vector<std::string>;

// Layers (docs/architecture.md): tidy_layers.cpp.

/// Includes that go up or across the table of layers, or name a folder that is no layer.
Findings include_findings(const SourceFile& file);
/// Asio and Beast outside net/ and app/: they are slow to compile and belong to the connection.
Findings network_library_findings(const SourceFile& file);

// Code: tidy_code.cpp and tidy_await.cpp.

/// Functions that this project does not call, each with the reason.
Findings banned_call_findings(const SourceFile& file);
/// Functions longer than 70 lines.
Findings function_length_findings(const SourceFile& file);
/// Braced temporaries and capturing lambdas inside an expression with co_await: g++ 12 copies them bit by bit and
/// destroys them twice, without a word. Name the value on the line above and move it in.
Findings await_findings(const SourceFile& file);

// Form: tidy_form.cpp.

/// Lines over 120 columns, tabs, white space at a line's end, a missing line end at the end of the file.
Findings layout_findings(const SourceFile& file);
/// A C++ file without its job in the first line; a header without #pragma once.
Findings opening_findings(const SourceFile& file);
/// Work put off, and paths of one person's machine.
Findings wording_findings(const SourceFile& file);
/// File names that say nothing of the content.
Findings name_findings(const SourceFile& file);
/// Tests that CMake's globs would leave out: not directly in the folder of a known tier.
Findings test_place_findings(const SourceFile& file);
/// Entries of the top level that have no place there.
Findings top_level_findings(const std::vector<std::string>& names);

}  // namespace postback::tidy

// Writing CSV: a cell that is read as what it is, and never run.
#include "postback/base/csv.hpp"
#include "postback/base/json_text.hpp"

namespace postback {
namespace {

bool begins_a_formula(char character) { return std::string_view("=+-@\t\r").find(character) != std::string_view::npos; }

/// Puts a ' before every place where a spreadsheet would see a formula: the cell's beginning, and what follows a
/// semicolon or tab, at which spreadsheets of some countries split cells, quoted or not.
std::string without_formulas(std::string_view text) {
  std::string cell;
  char before = ';';
  for (const char character : text) {
    if ((before == ';' || before == '\t') && begins_a_formula(character)) cell += '\'';
    cell += before = character;
  }
  return cell;
}

}  // namespace

void append_csv_cell(std::string& out, std::string_view text) {
  const std::string cell = without_formulas(valid_utf8(text));
  if (cell.find_first_of("\",\r\n") == std::string::npos) {
    out += cell;
    return;
  }
  out += '"';
  for (const char character : cell) {
    if (character == '"') out += '"';
    out += character;
  }
  out += '"';
}

}  // namespace postback

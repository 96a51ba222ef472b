// Reads a file of clicks and sends it in parts.
#include "app/commands/click_import.hpp"

#include "api/row_reader.hpp"
#include "app/client/answer_text.hpp"
#include "app/commands/command.hpp"
#include "postback/base/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace postback {
namespace {

/// Clicks of one request, and of all together.
constexpr std::size_t kPart = 1'000;
constexpr std::size_t kMostRows = 10'000'000;
/// Faults are printed up to here; all are counted.
constexpr std::size_t kMostFaults = 20;

std::string_view first_line(std::string_view text) { return text.substr(0, text.find_first_of("\r\n")); }

api::UploadForm form_of(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || (text[start] != '{' && text[start] != '[')) return api::UploadForm::csv;
  const auto first = parse_strict_json(first_line(text.substr(start)));
  const bool one_a_line = first && first->is_object() && !first->contains("clicks");
  return one_a_line ? api::UploadForm::ndjson : api::UploadForm::json;
}

struct Totals {
  std::uint64_t imported = 0;
  std::uint64_t known = 0;
  std::uint64_t valid = 0;
  std::uint64_t refused = 0;
  std::vector<std::string> faults;
};

void note_fault(Totals& totals, std::string text) {
  ++totals.refused;
  if (totals.faults.size() < kMostFaults) totals.faults.push_back(std::move(text));
}

void note_refusal(Totals& totals, const Json& item, std::size_t row) {
  std::string text = "row " + std::to_string(row) + ":";
  const auto errors = item.find("errors");
  if (errors != item.end() && errors->is_array()) {
    for (const auto& error : *errors) {
      if (!error.is_object()) continue;
      text += " " + text_of(error, "field") + " " + text_of(error, "problem") + "; expected " +
              text_of(error, "expected") + ".";
    }
  }
  note_fault(totals, std::move(text));
}

void add(Totals& totals, const Json& answer, const std::vector<std::size_t>& numbers) {
  const auto items = answer.find("items");
  if (items == answer.end() || !items->is_array()) return;
  for (std::size_t i = 0; i < items->size() && i < numbers.size(); ++i) {
    const auto result = text_of((*items)[i], "result");
    if (result == "imported") ++totals.imported;
    if (result == "known") ++totals.known;
    if (result == "valid") ++totals.valid;
    if (result == "refused") note_refusal(totals, (*items)[i], numbers[i]);
  }
}

Result<Totals> send(const CatalogImport& options, std::vector<api::UploadedRow> rows) {
  auto access = options.server.find();
  if (!access) return access.error();
  ApiClient client(std::move(*access));
  const std::string target = std::string("/api/v1/clicks/import") + (options.dry_run ? "?dry_run=true" : "");
  const bool watched = ::isatty(STDERR_FILENO) == 1;
  Totals totals;
  for (std::size_t next = 0; next < rows.size();) {
    Json clicks = Json::array();
    std::vector<std::size_t> numbers;
    for (; next < rows.size() && clicks.size() < kPart; ++next) {
      auto& row = rows[next];
      if (!row.fault.empty()) {
        note_fault(totals, "row " + std::to_string(next + 1) + ": " + log_text(row.fault) + ".");
        continue;
      }
      clicks.push_back(std::move(row.object));
      numbers.push_back(next + 1);
    }
    if (clicks.empty()) continue;
    const auto body = Json{{"clicks", std::move(clicks)}}.dump(-1, ' ', true, Json::error_handler_t::replace);
    const auto answer = client.ask_json("POST", target, body);
    if (!answer) return answer.error();
    add(totals, *answer, numbers);
    if (watched) std::fprintf(stderr, "\r%zu of %zu rows", next, rows.size());
  }
  if (watched) std::fputc('\n', stderr);
  return totals;
}

}  // namespace

bool looks_like_clicks(std::string_view text) {
  constexpr std::size_t kLooked = 4'096;
  const auto start = text.substr(0, kLooked);
  return start.find("foreign_id") != std::string_view::npos;
}

int import_clicks(const CatalogImport& options, const std::string& text) {
  auto read = api::read_rows(form_of(text), text, "clicks", kMostRows);
  if (const auto* faults = std::get_if<Faults>(&read)) {
    const auto& fault = faults->front();
    return fail({ErrorCode::invalid_argument,
                 options.file + " " + log_text(fault.problem) + "; expected " + fault.expected + "."});
  }
  const auto totals = send(options, std::move(std::get<std::vector<api::UploadedRow>>(read)));
  if (!totals) {
    return fail({totals.error().code, totals.error().detail +
                                          "\nThe import ended early. Run it again: clicks that were imported are "
                                          "known and are not imported twice."});
  }
  const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  if (options.dry_run) {
    std::printf("%llu clicks could be imported, %llu are refused. Nothing was changed.\n", number(totals->valid),
                number(totals->refused));
  } else {
    std::printf("%llu clicks imported, %llu known already, %llu refused.\n", number(totals->imported),
                number(totals->known), number(totals->refused));
  }
  for (const auto& fault : totals->faults) std::printf("  %s\n", fault.c_str());
  std::puts(options.dry_run
                ? "\nNext: the same without --dry-run."
                : "\nNext: postbackd replay --filter code=click_id_malformed judges again what came before.");
  return totals->refused == 0 ? 0 : kFailed;
}

}  // namespace postback

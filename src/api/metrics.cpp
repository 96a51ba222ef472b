// The metrics page. Written by hand: the Prometheus text format is a page of lines over atomics that exist anyway, and
// no maintained C++ client weighs less than that.
#include "health.hpp"

#include "problem.hpp"

#include <atomic>
#include <string_view>

namespace postback::api {
namespace {

/// One family with one sample, as a table row: the counter or gauge and what it means.
struct FigureRow {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  std::atomic<std::uint64_t> RecorderFigures::*figure;
};

constexpr FigureRow kFigures[] = {
    {"clicks_total", "counter", "Clicks committed.", &RecorderFigures::clicks_committed},
    {"clicks_spooled_total", "counter", "Clicks answered while the store refused and kept in memory until it is back.",
     &RecorderFigures::clicks_spooled},
    {"clicks_unrecorded_total", "counter", "Clicks redirected but lost, since the spool was full.",
     &RecorderFigures::clicks_unrecorded},
    {"batches_total", "counter", "Transactions committed.", &RecorderFigures::batches},
    {"batch_items_total", "counter", "Items in committed transactions.", &RecorderFigures::batch_items},
    {"spool_clicks", "gauge", "Clicks in the spool now.", &RecorderFigures::spool_length},
    {"queue_items", "gauge", "Items waiting for the recorder now.", &RecorderFigures::queue_length},
    {"items_refused_total", "counter", "Postbacks and changes refused, since the store refused or the queue was full.",
     &RecorderFigures::items_refused},
    {"wal_bytes", "gauge", "Size of the write-ahead log.", &RecorderFigures::wal_bytes},
    {"checkpoints_total", "counter", "Checkpoints of the write-ahead log.", &RecorderFigures::checkpoints},
};

void append_family(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP postbackd_").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE postbackd_").append(name).append(" ").append(type).append("\n");
}

void append_sample(std::string& out, std::string_view name, std::string_view labels, std::string_view value) {
  out.append("postbackd_").append(name).append(labels).append(" ").append(value).append("\n");
}

/// Microseconds as decimal seconds.
std::string seconds(std::uint64_t microseconds) {
  const auto fraction = std::to_string(1'000'000 + microseconds % 1'000'000).substr(1);
  return std::to_string(microseconds / 1'000'000) + "." + fraction;
}

std::uint64_t load(const std::atomic<std::uint64_t>& figure) { return figure.load(std::memory_order_relaxed); }

void append_recorder(std::string& out, const RecorderFigures& figures) {
  for (const auto& row : kFigures) {
    append_family(out, row.name, row.type, row.help);
    append_sample(out, row.name, {}, std::to_string(load(figures.*row.figure)));
  }
  append_family(out, "commit_seconds_total", "counter", "Time spent committing.");
  append_sample(out, "commit_seconds_total", {}, seconds(load(figures.commit_microseconds)));
  append_family(out, "postbacks_total", "counter", "Postbacks logged, by the code of their verdict.");
  for (std::size_t i = 0; i < kVerdictCodeCount; ++i) {
    const auto code = std::string(to_string(static_cast<VerdictCode>(i)));
    append_sample(out, "postbacks_total", "{code=\"" + code + "\"}", std::to_string(load(figures.verdicts[i])));
  }
}

}  // namespace

http::Response metrics(const Services& services) {
  std::string body;
  append_family(body, "build_info", "gauge", "Always 1; the labels name the build.");
  append_sample(body, "build_info", "{version=\"" + services.version + "\",commit=\"" + services.commit + "\"}", "1");
  append_recorder(body, services.recorder.figures());
  if (services.further_metrics) services.further_metrics(body);
  auto response = json_response(200, std::move(body));
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

}  // namespace postback::api

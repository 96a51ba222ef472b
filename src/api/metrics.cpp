// The metrics page: what the API itself knows, then what the application adds.
#include "health.hpp"

#include "problem.hpp"

#include <atomic>
#include <string>
#include <string_view>

namespace postback::api {
namespace {

/// One family with one sample, as a table row: the counter or gauge and what it means.
struct FigureRow {
  std::string_view name;
  MetricType type;
  std::string_view help;
  std::atomic<std::uint64_t> RecorderFigures::*figure;
};

constexpr auto kCounter = MetricType::counter;
constexpr auto kGauge = MetricType::gauge;

constexpr FigureRow kFigures[] = {
    {"postbackd_clicks_total", kCounter, "Clicks committed.", &RecorderFigures::clicks_committed},
    {"postbackd_clicks_spooled_total", kCounter,
     "Clicks answered while the store refused and kept in memory until it is back.", &RecorderFigures::clicks_spooled},
    {"postbackd_clicks_unrecorded_total", kCounter, "Clicks redirected but lost, since the spool was full.",
     &RecorderFigures::clicks_unrecorded},
    {"postbackd_ctas_total", kCounter, "Visitors' ways from a lander to an offer, committed.",
     &RecorderFigures::ctas_committed},
    {"postbackd_ctas_unrecorded_total", kCounter, "Ways from a lander to an offer that were lost.",
     &RecorderFigures::ctas_unrecorded},
    {"postbackd_impressions_total", kCounter, "Impressions committed.", &RecorderFigures::impressions_committed},
    {"postbackd_impressions_unrecorded_total", kCounter, "Impressions that were lost: the spool was full.",
     &RecorderFigures::impressions_unrecorded},
    {"postbackd_batches_total", kCounter, "Transactions committed.", &RecorderFigures::batches},
    {"postbackd_batch_items_total", kCounter, "Items in committed transactions.", &RecorderFigures::batch_items},
    {"postbackd_spool_clicks", kGauge, "Clicks, CTAs and sums of impressions in the spool now.",
     &RecorderFigures::spool_length},
    {"postbackd_items_refused_total", kCounter,
     "Postbacks and changes refused, since the store refused or the queue was full.", &RecorderFigures::items_refused},
    {"postbackd_items_rejected_total", kCounter,
     "Items that the store takes from nobody, whatever its state; the log says why.",
     &RecorderFigures::items_rejected},
    {"postbackd_wal_bytes", kGauge, "Size of the write-ahead log.", &RecorderFigures::wal_bytes},
    {"postbackd_checkpoints_total", kCounter, "Checkpoints of the write-ahead log.", &RecorderFigures::checkpoints},
};

std::uint64_t load(const std::atomic<std::uint64_t>& figure) { return figure.load(std::memory_order_relaxed); }

void append_recorder(MetricText& text, const RecorderFigures& figures) {
  for (const auto& row : kFigures) text.family(row.name, row.type, row.help).sample(load(figures.*row.figure));
  text.family("postbackd_batch_size_items", MetricType::histogram, "Items of a committed transaction.")
      .histogram({}, figures.batch_sizes.bounds(), figures.batch_sizes.read());
  text.family("postbackd_commit_duration_seconds", MetricType::histogram,
              "Time for a transaction, with its sync; those that failed too.")
      .histogram({}, figures.commit_durations.bounds(), figures.commit_durations.read(), 9);
  text.family("postbackd_postbacks_total", kCounter, "Postbacks logged, by the code of their verdict.");
  for (std::size_t i = 0; i < kVerdictCodeCount; ++i) {
    const MetricLabel code{"code", to_string(static_cast<VerdictCode>(i))};
    text.sample({&code, 1}, load(figures.verdicts[i]));
  }
}

void append_queues(MetricText& text, const Services& services) {
  text.gauge("postbackd_queue_items", "Items waiting for the recorder now.", services.recorder.waiting());
  text.gauge("postbackd_lookup_queue_items", "Postbacks waiting for their click's row now.",
             services.lookups.waiting());
  text.gauge("postbackd_api_queue_items", "API requests waiting for a reader now.", services.readers.waiting());
  text.gauge("postbackd_log_queue_items", "Searches through logs waiting for a reader now.", services.scans.waiting());
}

}  // namespace

http::Response metrics(const Services& services) {
  std::string page;
  MetricText text(page);
  const MetricLabel build[] = {{"version", services.version}, {"commit", services.commit}};
  text.family("postbackd_build_info", kGauge, "Always 1; the labels name the build.").sample(build, 1);
  append_recorder(text, services.recorder.figures());
  append_queues(text, services);
  if (services.further_metrics) services.further_metrics(text);
  auto response = json_response(200, std::move(page));
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

}  // namespace postback::api

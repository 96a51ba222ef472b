// bench_commit_growth [rows] [directory]: does the cost of a click grow with the table? Clicks through Store::commit in
// batches of 256, a line per million: processor time, pages written and bytes per row.
#include "bench/visitors.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/store/sqlite.hpp"
#include "support/temporary_directory.hpp"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace postback {
namespace {

constexpr std::size_t kBatch = 256;
constexpr std::uint64_t kReportEvery = 1'000'000;

/// Processor time of the whole process, user and system.
double cpu_microseconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

std::uint64_t size_of(const std::string& path) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(path, failure);
  return failure ? 0 : size;
}

struct Mark {
  std::chrono::steady_clock::time_point time = std::chrono::steady_clock::now();
  double cpu = cpu_microseconds();
  double preparing = 0;  ///< Of `cpu`, spent on making up visitors.
  std::uint64_t pages = 0;
};

void report(std::uint64_t rows, std::uint64_t since, const Mark& from, const Mark& to, std::uint64_t bytes) {
  const auto count = static_cast<double>(since);
  const double seconds = std::chrono::duration<double>(to.time - from.time).count();
  std::printf("rows=%llu cpu_us_per_row=%.2f rows_per_s=%.0f pages_per_row=%.4f file_bytes_per_row=%.1f\n",
              static_cast<unsigned long long>(rows), (to.cpu - from.cpu - (to.preparing - from.preparing)) / count,
              count / seconds, static_cast<double>(to.pages - from.pages) / count,
              static_cast<double>(bytes) / static_cast<double>(rows));
  std::fflush(stdout);
}

int run(std::uint64_t rows, const std::filesystem::path& parent) {
  const TemporaryDirectory directory(parent);
  const SystemClock clock;
  SystemEntropy entropy;
  SqliteOptions options;
  options.path = directory.file("growth.db");
  auto opened = open_sqlite_store(options, clock, entropy);
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
    return 1;
  }
  Store& store = **opened;
  SnowflakeGenerator ids(clock, 1, 0);
  Visitors visitors;
  std::vector<BenchClick> clicks(kBatch);
  std::vector<Item*> items;
  for (auto& click : clicks) items.push_back(&click);
  Mark last;
  double preparing = 0;
  for (std::uint64_t done = 0, reported = 0; done < rows;) {
    const double before = cpu_microseconds();
    for (auto& click : clicks) visitors.fill(click, {ids.next(), 0});
    preparing += cpu_microseconds() - before;
    auto committed = store.commit(items, ids);
    if (committed) committed = store.maintain(false);
    if (!committed) {
      std::fprintf(stderr, "%s\n", committed.error().detail.c_str());
      return 1;
    }
    done += kBatch;
    if (done - reported < kReportEvery && done < rows) continue;
    Mark now;
    now.preparing = preparing;
    now.pages = store.gauges().pages_written;
    report(done, done - reported, last, now, size_of(options.path));
    last = now;
    reported = done;
  }
  return store.close() ? 0 : 1;
}

}  // namespace
}  // namespace postback

int main(int argc, char** argv) {
  const std::uint64_t rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
  const std::filesystem::path parent = argc > 2 ? argv[2] : ".";
  if (rows == 0 || argc > 3) {
    std::fprintf(stderr, "usage: bench_commit_growth [rows=10000000] [directory=.]\n");
    return 2;
  }
  return postback::run(rows, parent);
}

// bench_fill_store FILE ROWS: makes a store with that many clicks, through Store::commit.
#include "bench/visitors.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/store/sqlite.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace postback {
namespace {

Result<void> fill(Store& store, const Clock& clock, std::uint64_t rows) {
  constexpr std::size_t kBatch = 512;
  SnowflakeGenerator ids(clock, 1, 0);
  Visitors visitors;
  std::vector<BenchClick> clicks(kBatch);
  std::vector<Item*> items;
  for (auto& click : clicks) items.push_back(&click);
  for (std::uint64_t done = 0; done < rows; done += kBatch) {
    for (auto& click : clicks) visitors.fill(click, {ids.next(), 0});
    if (auto committed = store.commit(items, ids); !committed) return committed;
    if (auto maintained = store.maintain(false); !maintained) return maintained;
  }
  return store.close();
}

int run(const std::string& path, std::uint64_t rows) {
  const SystemClock clock;
  SystemEntropy entropy;
  SqliteOptions options;
  options.path = path;
  auto store = open_sqlite_store(options, clock, entropy);
  const auto filled = store ? fill(**store, clock, rows) : Result<void>(store.error());
  if (filled) return 0;
  std::fprintf(stderr, "%s\n", filled.error().detail.c_str());
  return 1;
}

}  // namespace
}  // namespace postback

int main(int argc, char** argv) {
  const std::uint64_t rows = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  if (rows == 0) {
    std::fprintf(stderr, "usage: bench_fill_store FILE ROWS\n");
    return 2;
  }
  return postback::run(argv[1], rows);
}

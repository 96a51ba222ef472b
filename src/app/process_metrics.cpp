// Reading the process's own figures from /proc (proc(5)).
#include "app/process_metrics.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace postback {
namespace {

std::string read_file(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The number in field `index` of fields parted by blanks, counted from 0.
std::optional<std::uint64_t> field(std::string_view text, std::size_t index) {
  for (; index > 0; --index) {
    const auto blank = text.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    text.remove_prefix(blank + 1);
  }
  std::uint64_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{}) return std::nullopt;
  return number;
}

std::uint64_t nanoseconds(const timespec& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

/// When the process started, in hundredths of seconds since 1970.
std::optional<std::uint64_t> start_time() {
  const auto stat = read_file("/proc/self/stat");
  const auto name_end = stat.rfind(')');  // the program's name may hold anything
  const auto boot = read_file("/proc/stat");
  const auto boot_line = boot.find("\nbtime ");
  if (name_end == std::string::npos || name_end + 2 > stat.size() || boot_line == std::string::npos) return {};
  const auto ticks = field(std::string_view(stat).substr(name_end + 2), 19);  // starttime, field 22 of the line
  const auto booted = field(std::string_view(boot).substr(boot_line + 1), 1);
  const auto ticks_per_second = ::sysconf(_SC_CLK_TCK);
  if (!ticks || !booted || ticks_per_second <= 0) return std::nullopt;
  return *booted * 100 + *ticks * 100 / static_cast<std::uint64_t>(ticks_per_second);
}

std::uint64_t open_descriptors() {
  constexpr const char* kFolder = "/proc/self/fd";
  struct ::stat folder {};
  if (::stat(kFolder, &folder) == 0 && folder.st_size > 0) return static_cast<std::uint64_t>(folder.st_size);
  // Kernels before 6.2 do not say how many there are.
  std::error_code error;
  std::uint64_t count = 0;
  for (auto entry = std::filesystem::directory_iterator(kFolder, error); !error && entry != end(entry);
       entry.increment(error))
    ++count;
  return count;
}

}  // namespace

void append_process_metrics(MetricText& text) {
  if (timespec used{}; ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0)
    text.counter("process_cpu_seconds_total", "Processor time used, in user and system mode.", nanoseconds(used), 9);
  const auto memory = read_file("/proc/self/statm");
  const auto page_size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  if (const auto pages = field(memory, 0))
    text.gauge("process_virtual_memory_bytes", "Size of the address space.", *pages * page_size);
  if (const auto pages = field(memory, 1))
    text.gauge("process_resident_memory_bytes", "Memory held in RAM.", *pages * page_size);
  if (const auto start = start_time())
    text.gauge("process_start_time_seconds", "When the process started, since 1970.", *start, 2);
  if (const auto open = open_descriptors(); open > 0)
    text.gauge("process_open_fds", "File descriptors open now.", open);
  if (rlimit limit{}; ::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    text.gauge("process_max_fds", "Most file descriptors that may be open.", limit.rlim_cur);
}

}  // namespace postback

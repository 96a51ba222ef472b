// bench_page_search PORT KEY TARGET SECONDS: asks for a log's pages one after the other, from the newest to the end and
// again, for that long (0: once to the end), and prints how long pages took.
#include "support/raw_client.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using SteadyClock = std::chrono::steady_clock;

class PageSearch {
 public:
  PageSearch(std::uint16_t port, std::string key, std::string target)
      : client_(port, std::chrono::minutes{1}), key_(std::move(key)), target_(std::move(target)) {}

  /// Asks for the next page.
  void step() {
    const auto begun = SteadyClock::now();
    client_.send("GET " + target_ + (cursor_.empty() ? "" : "&cursor=" + cursor_) +
                 " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + key_ + "\r\n\r\n");
    const auto answer = client_.read_response();
    page_ms_.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - begun).count());
    if (answer.status != 200) throw std::runtime_error("status " + std::to_string(answer.status) + ": " + answer.body);
    const auto page = nlohmann::json::parse(answer.body);
    rows_ += page.at("items").size();
    cursor_ = page.at("next").is_null() ? std::string() : page.at("next").get<std::string>();
    if (cursor_.empty()) ++ends_;
  }
  int ends() const { return ends_; }

  void report(double seconds) {
    std::sort(page_ms_.begin(), page_ms_.end());
    std::printf("PAGES %zu MEDIAN_MS %.0f P99_MS %.0f WORST_MS %.0f ROWS %zu ENDS %d SECONDS %.1f\n", page_ms_.size(),
                page_ms_[page_ms_.size() / 2], page_ms_[page_ms_.size() * 99 / 100], page_ms_.back(), rows_, ends_,
                seconds);
  }

 private:
  RawClient client_;
  const std::string key_;
  const std::string target_;
  std::string cursor_;
  std::vector<double> page_ms_;
  std::size_t rows_ = 0;
  int ends_ = 0;
};

void run(char** arguments) {
  PageSearch search(static_cast<std::uint16_t>(std::atoi(arguments[1])), arguments[2], arguments[3]);
  const std::chrono::duration<double> wanted(std::atof(arguments[4]));
  const auto begun = SteadyClock::now();
  std::chrono::duration<double> passed{0};
  do {
    search.step();
    passed = SteadyClock::now() - begun;
  } while (wanted.count() > 0 ? passed < wanted : search.ends() == 0);
  search.report(passed.count());
}

}  // namespace
}  // namespace postback::testing

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: bench_page_search PORT KEY TARGET SECONDS\n");
    return 2;
  }
  try {
    postback::testing::run(argv);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_page_search: %s\n", error.what());
    return 1;
  }
}

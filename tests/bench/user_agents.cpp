// How long user agents take to parse: `bench_user_agents FILE...` with one text a line; µs of this thread's processor.
#include "postback/domain/user_agent.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

namespace {

constexpr int kRounds = 5;

double processor_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

}  // namespace

int main(int count, char** arguments) {
  const double start = processor_us();
  const postback::UserAgentParser parser(postback::packaged_user_agent_patterns());
  std::printf("the parser was made in %.0f ms\n", (processor_us() - start) / 1e3);
  postback::UserAgentParser::Scratch scratch;
  for (int i = 1; i < count; ++i) {
    std::ifstream file(arguments[i]);
    std::vector<std::string> texts;
    for (std::string line; std::getline(file, line);) texts.push_back(line);
    if (texts.empty()) continue;
    std::vector<double> best(texts.size(), std::numeric_limits<double>::infinity());
    double all = 0;
    for (int round = 0; round < kRounds; ++round) {
      for (std::size_t text = 0; text < texts.size(); ++text) {
        const double before = processor_us();
        parser.parse(texts[text], scratch);
        const double took = processor_us() - before;
        best[text] = std::min(best[text], took);
        if (round > 0) all += took;  // the first round makes RE2's automata
      }
    }
    std::sort(best.begin(), best.end());
    std::printf("%s: %zu texts, mean %.2f us, best of each: median %.2f, 90 %% below %.2f, slowest %.2f\n",
                arguments[i], texts.size(), all / (kRounds - 1) / static_cast<double>(texts.size()),
                best[best.size() / 2], best[best.size() * 9 / 10], best.back());
  }
}

// bench_flow_choice [campaigns] [rules]: what rules cost a click: finding the campaign and choosing the way, with rules
// of which none matches, beside the same campaigns without rules. Prints processor time for each click.
#include "postback/domain/catalog.hpp"
#include "support/example_catalog.hpp"

#include <time.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace postback {
namespace {

constexpr std::uint32_t kClicks = 2'000'000;

double cpu_nanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

/// Ten kinds of condition, as campaigns have them; no visitor of this program meets any.
std::string condition(std::uint32_t rule) {
  static const std::array<std::string, 10> kConditions{
      R"({"field":"country","op":"in","value":["DE","AT","CH","LI"]})",
      R"({"all":[{"field":"country","op":"is","value":"US"},{"field":"device","op":"is","value":"desktop"}]})",
      R"({"field":"query.zone","op":"in","value":["a1","a2","a3","a4","a5","a6","a7","a8","a9","b1","b2","b3"]})",
      R"({"any":[{"field":"os","op":"is","value":"Windows"},{"field":"browser","op":"is","value":"Edge"}]})",
      R"({"field":"ip","op":"in","value":["192.0.2.0/24","198.51.100.0/24","2001:db8::/32"]})",
      R"({"field":"referrer","op":"contains","value":"news.example"})",
      R"({"field":"language","op":"matches","value":"^(de|fr|it)\\b"})",
      R"({"all":[{"field":"weekday","op":"in","value":["sat","sun"]},{"field":"hour","op":"less_than","value":0}]})",
      R"({"field":"visitor","op":"is","value":"returning"})",
      R"({"field":"bot","op":"is","value":true})"};
  return kConditions[rule % kConditions.size()];
}

std::shared_ptr<const Catalog> make_catalog(std::uint32_t campaigns, std::uint32_t rules) {
  auto documents = example_documents();
  std::string flow = R"({"name":"C","source":"adnet","time_zone":"Europe/Prague","rules":[)";
  for (std::uint32_t i = 0; i < rules; ++i) {
    if (i > 0) flow += ',';
    flow += R"({"when":)" + condition(i) + R"(,"paths":[{"offers":[{"offer":"vpn"}]}]})";
  }
  flow += R"(],"paths":[{"offers":[{"offer":"vpn"}]}]})";
  for (std::uint32_t i = 0; i < campaigns; ++i) {
    documents.push_back(document_of(EntityKind::campaign, "c" + std::to_string(i), flow, i + 2));
  }
  return catalog_of(std::move(documents));
}

/// Nanoseconds a click, the least of several rounds: what else runs only adds.
double measure(const Catalog& catalog, std::uint32_t campaigns, std::uint64_t& chosen) {
  Parameters query;
  query.add_query("cid=EXT1&zone=z9&bid=0.07");
  const Visitor visitor{.time = TimeMs{std::chrono::seconds{1'767'614'400}},
                        .ip = "203.0.113.77",
                        .country = "CZ",
                        .device = "mobile",
                        .os = "Android",
                        .browser = "Chrome Mobile",
                        .language = "cs-CZ",
                        .referrer = "https://forum.example/topic/12345",
                        .unique = true,
                        .query = &query};
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < campaigns; ++i) names.push_back("c" + std::to_string(i));
  double best = 1e18;
  for (int round = 0; round < 5; ++round) {
    std::minstd_rand random(1);
    const double before = cpu_nanoseconds();
    for (std::uint32_t i = 0; i < kClicks; ++i) {
      const Campaign* campaign = catalog.campaign(names[random() % campaigns]);
      chosen += choose_route(*campaign, {1, i}, visitor).rule;
    }
    best = std::min(best, (cpu_nanoseconds() - before) / kClicks);
  }
  return best;
}

int run(std::uint32_t campaigns, std::uint32_t rules) {
  std::uint64_t chosen = 0;
  const double plain = measure(*make_catalog(campaigns, 0), campaigns, chosen);
  const double ruled = measure(*make_catalog(campaigns, rules), campaigns, chosen);
  std::printf("campaigns=%u rules=%u ns_without_rules=%.0f ns_with_rules=%.0f difference_ns=%.0f\n", campaigns, rules,
              plain, ruled, ruled - plain);
  return chosen == 0 ? 0 : 1;
}

}  // namespace
}  // namespace postback

int main(int argc, char** argv) {
  const unsigned long campaigns = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
  const unsigned long rules = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10;
  if (campaigns == 0 || campaigns > 100'000 || rules > 100 || argc > 3) {
    std::fprintf(stderr, "usage: bench_flow_choice [campaigns=10000] [rules=10]\n");
    return 2;
  }
  return postback::run(static_cast<std::uint32_t>(campaigns), static_cast<std::uint32_t>(rules));
}

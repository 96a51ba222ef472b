// Clicks of made-up visitors, for the measuring programs.
#pragma once

#include "postback/store/items.hpp"

#include <array>
#include <random>
#include <string>
#include <vector>

namespace postback {

struct BenchClick final : ClickItem {
  void run() noexcept override {}
  std::string external_id;
  std::array<std::string, 4> sub;
  std::string ip;
};

/// Visitors as traffic sources send them: a few thousand browsers, IDs that never repeat, a handful of zones.
class Visitors {
 public:
  Visitors() {
    for (int n = 0; n < 5'000; ++n) {
      agents_.push_back("Mozilla/5.0 (Linux; Android 14; SM-S9" + std::to_string(n) +
                        ") AppleWebKit/537.36 (KHTML, like Gecko) "
                        "Chrome/128.0." +
                        std::to_string(6613 + n) + ".88 Mobile Safari/537.36");
    }
  }
  void fill(BenchClick& item, ClickId id) {
    item.external_id = random_text(24);
    item.sub = {"zone-" + std::to_string(random_() % 5'000), "creative-" + std::to_string(random_() % 200), "mobile",
                "push"};
    item.ip = "198.51." + std::to_string(random_() % 256) + "." + std::to_string(random_() % 256);
    Click& click = item.click;
    click = Click{};
    click.id = id;
    click.campaign = click.offer = click.source = 1 + static_cast<EntityNumber>(random_() % 50);
    click.revision = 100;
    click.cost = 70'000;
    click.cost_currency = "USD";
    click.external_id = item.external_id;
    for (std::size_t sub = 0; sub < item.sub.size(); ++sub) click.sub[sub] = item.sub[sub];
    click.ip = item.ip;
    click.user_agent = agents_[random_() % agents_.size()];
    click.referrer = "https://news.example/article/2026/01/15/what-happened-today";
    click.language = "en-US";
  }

 private:
  std::string random_text(std::size_t size) {
    std::string text(size, '0');
    for (auto& character : text) character = "0123456789abcdefghijklmnopqrstuvwxyz"[random_() % 36];
    return text;
  }
  std::mt19937 random_{20260115};
  std::vector<std::string> agents_;
};

}  // namespace postback

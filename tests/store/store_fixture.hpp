// What the store tests share: a store to open again and again, and items to give to it.
#pragma once

#include "postback/domain/matcher.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/store/sqlite.hpp"
#include "postback/store/store.hpp"
#include "support/example_catalog.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace postback {

/// Bytes that count up: repeatable.
class CountingEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) byte = next_++;
  }

 private:
  std::uint8_t next_ = 1;
};

/// A store of one kind; opening it again finds what was committed.
class StoreFactory {
 public:
  virtual ~StoreFactory() = default;
  virtual Result<std::unique_ptr<Store>> open(const Clock& clock, Entropy& entropy) = 0;
};

class SqliteFactory final : public StoreFactory {
 public:
  Result<std::unique_ptr<Store>> open(const Clock& clock, Entropy& entropy) override {
    return open_sqlite_store(options, clock, entropy);
  }
  const TemporaryDirectory directory;
  SqliteOptions options{.path = directory.file("store.db"), .vfs = "", .reserve_bytes = 0};
};

/// An item whose `run` is never called: these tests commit directly.
template <class Base>
struct Idle : Base {
  void run() noexcept override {}
};

/// Clock, IDs, catalog and items of one test.
struct World {
  FakeClock clock;
  CountingEntropy entropy;
  std::shared_ptr<const Catalog> catalog = example_catalog();
  ClickIdKeys keys{{{TimeMs{}, {1, 2, 3}}}};
  SnowflakeGenerator ids{clock, 1, 0};
  std::deque<Idle<ClickItem>> clicks;
  std::deque<Idle<PostbackItem>> postbacks;
  std::deque<std::string> texts;

  ClickItem& click() {
    auto& item = clicks.emplace_back();
    item.click.id = keys.sign(ids.next());
    item.click.campaign = item.click.offer = item.click.source = 1;
    item.click.revision = 1;
    return item;
  }

  /// A postback of network acme with `rest` added to its query.
  PostbackItem& postback(const ClickId& click_id, const std::string& rest = {}) {
    return raw_postback("token=" + std::string(kExampleToken) + "&click_id=" + to_string(click_id) + rest);
  }
  PostbackItem& raw_postback(const std::string& query) {
    const std::string& target = texts.emplace_back("/postback/acme?" + query);
    auto& item = postbacks.emplace_back();
    item.postback.method = "GET";
    item.postback.target = target;
    item.postback.query = std::string_view(target).substr(target.find('?') + 1);
    item.postback.network = "acme";
    item.postback.headers = "Host: track.example\r\n";
    item.postback.peer = "192.0.2.7";
    item.postback.arrival = clock.wall();
    item.reading = read(item.postback, catalog, keys);
    return item;
  }
};

inline Result<void> commit(Store& store, World& world, std::vector<Item*> items) {
  return store.commit(items, world.ids);
}

/// Whether the operation succeeded; else the test fails and says why it did not.
#define ASSERT_OK(result)                                       \
  do {                                                          \
    const auto& outcome = (result);                             \
    ASSERT_TRUE(outcome.has_value()) << outcome.error().detail; \
  } while (false)
#define EXPECT_OK(result)                                       \
  do {                                                          \
    const auto& outcome = (result);                             \
    EXPECT_TRUE(outcome.has_value()) << outcome.error().detail; \
  } while (false)
#define EXPECT_ERROR(result, wanted)                                                         \
  do {                                                                                       \
    const auto& outcome = (result);                                                          \
    ASSERT_FALSE(outcome.has_value()) << "it succeeded";                                     \
    EXPECT_EQ(to_string(outcome.error().code), to_string(wanted)) << outcome.error().detail; \
  } while (false)

}  // namespace postback

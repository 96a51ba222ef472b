// SnowflakeGenerator: IDs never repeat and never go back while a node lasts, whatever the clock does.
#include "postback/domain/snowflake.hpp"

#include "support/fake_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace postback {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr unsigned kNode = 3;
constexpr unsigned kSpare = 4;

/// Draws IDs and remembers them, so that none may come twice.
class Drawer {
 public:
  explicit Drawer(SnowflakeGenerator& generator) : generator_(generator) {}

  SnowflakeId draw() {
    const SnowflakeId id = generator_.next();
    EXPECT_TRUE(drawn_.insert(id).second) << id << " was drawn before";
    return id;
  }

 private:
  SnowflakeGenerator& generator_;
  std::set<SnowflakeId> drawn_;
};

TEST(SnowflakeGenerator, follows_the_clock) {
  FakeClock clock;
  SnowflakeGenerator generator{clock, kNode, 0};
  SnowflakeId last = 0;
  for (int number = 0; number < 100; ++number) {
    clock.advance(milliseconds{7});
    const SnowflakeId id = generator.next();
    EXPECT_GT(id, last);
    EXPECT_EQ(snowflake_time(id), clock.wall());
    EXPECT_EQ(snowflake_node(id), kNode);
    last = id;
  }
}

TEST(SnowflakeGenerator, a_full_sequence_goes_on_in_the_next_millisecond) {
  FakeClock clock;
  SnowflakeGenerator generator{clock, kNode, 0};
  SnowflakeId last = generator.next();
  for (int number = 0; number < 10'000; ++number) {
    const SnowflakeId id = generator.next();
    ASSERT_GT(id, last);
    ASSERT_EQ(snowflake_node(id), kNode);
    last = id;
  }
  EXPECT_EQ(snowflake_time(last), FakeClock::kStart + milliseconds{2});
}

TEST(SnowflakeGenerator, small_steps_are_ridden_out) {
  for (const milliseconds step : {milliseconds{-10'000}, milliseconds{-1}, milliseconds{1}, milliseconds{10'000}}) {
    SCOPED_TRACE(step.count());
    FakeClock clock;
    SnowflakeGenerator generator{clock, kNode, 0};
    generator.provide_node(kSpare);
    const SnowflakeId before = generator.next();
    clock.step(step);
    const SnowflakeId after = generator.next();
    EXPECT_GT(after, before);
    EXPECT_EQ(snowflake_node(after), kNode);
    EXPECT_FALSE(generator.wants_node()) << "no spare was used";
  }
}

TEST(SnowflakeGenerator, slow_corrections_are_never_a_jump) {
  FakeClock clock;
  SnowflakeGenerator generator{clock, kNode, 0};
  generator.provide_node(kSpare);
  SnowflakeId last = generator.next();
  for (int correction = 0; correction < 200; ++correction) {
    clock.advance(seconds{10});
    clock.step(correction < 100 ? milliseconds{1000} : milliseconds{-1000});
    const SnowflakeId id = generator.next();
    EXPECT_GT(id, last);
    EXPECT_EQ(snowflake_time(id), clock.wall());
    last = id;
  }
  EXPECT_EQ(generator.node(), kNode);
}

TEST(SnowflakeGenerator, jumps_are_followed_on_a_spare_node) {
  for (const milliseconds jump :
       {milliseconds{hours{-2}}, milliseconds{hours{400 * 24}}, milliseconds{-10'001}, milliseconds{10'001}}) {
    SCOPED_TRACE(jump.count());
    FakeClock clock;
    SnowflakeGenerator generator{clock, kNode, 0};
    Drawer drawer{generator};
    EXPECT_TRUE(generator.wants_node());
    generator.provide_node(kSpare);
    EXPECT_FALSE(generator.wants_node());
    for (int number = 0; number < 5000; ++number) drawer.draw();

    clock.step(jump);
    const SnowflakeId first = drawer.draw();
    EXPECT_EQ(snowflake_node(first), kSpare);
    EXPECT_EQ(snowflake_time(first), clock.wall());
    EXPECT_TRUE(generator.wants_node());

    generator.provide_node(kSpare + 1);
    clock.step(-jump);
    for (int number = 0; number < 5000; ++number) {
      EXPECT_EQ(snowflake_node(drawer.draw()), kSpare + 1) << "the way back is a jump as well";
    }
  }
}

TEST(SnowflakeGenerator, a_jump_is_seen_though_no_id_was_drawn_for_long) {
  FakeClock clock;
  SnowflakeGenerator generator{clock, kNode, 0};
  generator.provide_node(kSpare);
  generator.next();
  clock.advance(hours{3});
  clock.step(hours{-2});
  EXPECT_EQ(snowflake_node(generator.next()), kSpare);
}

TEST(SnowflakeGenerator, passing_time_is_no_jump) {
  FakeClock clock;
  SnowflakeGenerator generator{clock, kNode, 0};
  generator.provide_node(kSpare);
  generator.next();
  clock.advance(hours{400 * 24});
  EXPECT_EQ(snowflake_node(generator.next()), kNode);
}

TEST(SnowflakeGenerator, without_a_spare_a_jump_back_goes_on_from_the_newest) {
  FakeClock clock;
  SnowflakeGenerator generator{clock, kNode, 0};
  Drawer drawer{generator};
  SnowflakeId last = drawer.draw();
  clock.step(hours{-2});
  for (int number = 0; number < 5000; ++number) {
    const SnowflakeId id = drawer.draw();
    ASSERT_GT(id, last);
    ASSERT_EQ(snowflake_node(id), kNode);
    last = id;
  }
  generator.provide_node(kSpare);
  const SnowflakeId followed = drawer.draw();
  EXPECT_EQ(snowflake_node(followed), kSpare) << "a spare that comes late is used";
  EXPECT_EQ(snowflake_time(followed), clock.wall());
}

TEST(SnowflakeGenerator, without_a_spare_a_jump_forward_is_followed) {
  FakeClock clock;
  SnowflakeGenerator generator{clock, kNode, 0};
  const SnowflakeId last = generator.next();
  clock.step(hours{400 * 24});
  const SnowflakeId id = generator.next();
  EXPECT_GT(id, last);
  EXPECT_EQ(snowflake_node(id), kNode);
  EXPECT_EQ(snowflake_time(id), clock.wall());
  generator.provide_node(kSpare);
  clock.advance(seconds{1});
  EXPECT_EQ(snowflake_node(generator.next()), kNode) << "followed once, it is no jump any more";
}

TEST(SnowflakeGenerator, restarts_behind_the_newest_stored_id) {
  struct Row {
    std::string_view what;
    milliseconds newest_ahead;
    unsigned newest_node;
    bool after_newest;  ///< Else on the clock's own time.
  };
  const std::vector<Row> rows{
      {"the clock has passed it", milliseconds{-5}, kNode, true},
      {"the same millisecond", milliseconds{0}, kNode, true},
      {"a little ahead, same node", seconds{9}, kNode, true},
      {"far ahead, same node", hours{2}, kNode, true},
      {"a little ahead, other node", seconds{10}, 900, true},
      {"far ahead, other node", milliseconds{10'001}, 900, false},
      {"imported, long ago", hours{-9000}, kImportNode, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string{row.what});
    FakeClock clock;
    const SnowflakeId newest = make_snowflake(clock.wall() + row.newest_ahead, row.newest_node, 4095);
    SnowflakeGenerator generator{clock, kNode, newest};
    const SnowflakeId first = generator.next();
    EXPECT_EQ(snowflake_node(first), kNode);
    EXPECT_EQ(first > newest, row.after_newest);
    EXPECT_EQ(snowflake_time(first) > snowflake_time(newest), row.after_newest);
    const bool on_time = !row.after_newest || row.newest_ahead < milliseconds{0};
    EXPECT_EQ(snowflake_time(first) == clock.wall(), on_time);
  }
}

TEST(SnowflakeGenerator, restarted_far_behind_it_follows_the_clock_once_it_has_a_spare) {
  FakeClock clock;
  SnowflakeGenerator generator{clock, kNode, make_snowflake(clock.wall() + hours{2}, kNode, 7)};
  EXPECT_GT(snowflake_time(generator.next()), clock.wall() + hours{1});
  generator.provide_node(kSpare);
  EXPECT_EQ(snowflake_time(generator.next()), clock.wall());
  EXPECT_EQ(generator.node(), kSpare);
}

TEST(SnowflakeGenerator, a_clock_out_of_range_moves_nothing) {
  for (const TimeMs wrong :
       {TimeMs{}, TimeMs{milliseconds{-1}}, TimeMs{milliseconds{kSnowflakeEpochMs + (1LL << 41)}}}) {
    SCOPED_TRACE(wrong.time_since_epoch().count());
    FakeClock clock;
    SnowflakeGenerator generator{clock, kNode, 0};
    generator.provide_node(kSpare);
    const SnowflakeId before = generator.next();
    clock.set_wall(wrong);
    EXPECT_EQ(generator.next(), before + 1);
    clock.set_wall(FakeClock::kStart);
    EXPECT_EQ(generator.next(), before + 2);

    clock.set_wall(wrong);
    SnowflakeGenerator started{clock, kNode, before};
    EXPECT_GT(started.next(), before);
  }
}

constexpr std::size_t kThreads = 4;
constexpr std::size_t kPerThread = 200'000;

using Ids = std::vector<SnowflakeId>;

void expect_unique(const std::array<Ids, kThreads>& drawn) {
  Ids all;
  all.reserve(kThreads * kPerThread);
  for (const Ids& ids : drawn) all.insert(all.end(), ids.begin(), ids.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all.size(), kThreads * kPerThread);
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end()) << "an ID was drawn twice";
}

/// Draws in all threads at once while `meanwhile` runs in this one.
template <class Meanwhile>
std::array<Ids, kThreads> draw_in_threads(SnowflakeGenerator& generator, Meanwhile meanwhile) {
  std::array<Ids, kThreads> drawn;
  std::vector<std::thread> threads;
  std::atomic<std::size_t> running{kThreads};
  for (Ids& ids : drawn) {
    threads.emplace_back([&generator, &ids, &running] {
      ids.reserve(kPerThread);
      while (ids.size() < kPerThread) ids.push_back(generator.next());
      --running;
    });
  }
  while (running > 0) meanwhile();
  for (std::thread& thread : threads) thread.join();
  return drawn;
}

TEST(SnowflakeGenerator, threads_draw_unique_increasing_ids) {
  SystemClock clock;
  SnowflakeGenerator generator{clock, kNode, 0};
  const auto drawn = draw_in_threads(generator, [] { std::this_thread::yield(); });
  expect_unique(drawn);
  for (const Ids& ids : drawn) {
    EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end(), std::greater_equal{}), ids.end()) << "an ID went back";
  }
}

TEST(SnowflakeGenerator, threads_draw_unique_ids_while_the_clock_jumps) {
  FakeClock clock;
  SnowflakeGenerator generator{clock, kNode, 0};
  unsigned spare = kSpare;
  bool forward = false;
  const auto drawn = draw_in_threads(generator, [&] {
    if (generator.wants_node() && spare < kImportNode) generator.provide_node(spare++);
    clock.step(forward ? hours{2} : hours{-2});
    forward = !forward;
    std::this_thread::yield();
  });
  expect_unique(drawn);
  EXPECT_GT(spare, kSpare + 1) << "the clock never jumped while IDs were drawn";
  // Within one node, each thread's IDs go up.
  for (const Ids& ids : drawn) {
    std::vector<SnowflakeId> newest(kImportNode, 0);
    for (const SnowflakeId id : ids) {
      ASSERT_GT(id, newest[snowflake_node(id)]);
      newest[snowflake_node(id)] = id;
    }
  }
}

}  // namespace
}  // namespace postback

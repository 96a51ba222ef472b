// ReaderPool: every job runs once and in order, the queue is bounded, and nothing is taken after the end.
#include "postback/store/reader_pool.hpp"
#include "support/api_world.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <deque>
#include <future>
#include <thread>

namespace postback::testing::api {
namespace {

class PoolJob final : public ReadJob {
 public:
  PoolJob(std::vector<int>& ran, int name) : ran_(ran), name_(name) {}
  void read(Reader&) noexcept override { ran_.push_back(name_); }

 private:
  std::vector<int>& ran_;
  int name_;
};

/// Holds its thread until it is let go.
class HoldingJob final : public ReadJob {
 public:
  void read(Reader&) noexcept override {
    begun.set_value();
    go_on.get_future().wait();
  }
  std::promise<void> begun;
  std::promise<void> go_on;
};

std::vector<std::unique_ptr<Reader>> shelf_readers(Shelf& shelf, std::size_t count) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (std::size_t i = 0; i < count; ++i) readers.push_back(std::make_unique<ShelfReader>(shelf));
  return readers;
}

TEST(ReaderPool, RunsJobsInOrderUpToItsLimit) {
  for (const auto priority : {ReaderPriority::normal, ReaderPriority::leftover}) {
    Shelf shelf;
    ReaderPool pool(shelf_readers(shelf, 1), 4, priority);
    std::vector<int> ran;
    std::deque<PoolJob> jobs;
    for (int name = 0; name < 6; ++name) jobs.emplace_back(ran, name);
    HoldingJob holding;
    ASSERT_TRUE(pool.submit(holding));
    holding.begun.get_future().wait();
    ASSERT_TRUE(pool.submit(jobs[0]));
    jobs[1].next_job = &jobs[2];
    jobs[2].next_job = &jobs[3];
    ASSERT_TRUE(pool.submit(jobs[1], jobs[3], 3));
    EXPECT_FALSE(pool.submit(jobs[4])) << "four wait";
    holding.go_on.set_value();
    pool.stop();
    EXPECT_EQ(ran, (std::vector<int>{0, 1, 2, 3}));
    jobs[4].next_job = &jobs[5];
    EXPECT_FALSE(pool.submit(jobs[4], jobs[5], 2)) << "it has ended";
    EXPECT_EQ(jobs[4].next_job, &jobs[5]) << "the list is as it was";
  }
}

/// Counts; submitted again and again from its own thread.
class CountingJob final : public ReadJob {
 public:
  explicit CountingJob(std::atomic<int>& count) : count_(count) {}
  void read(Reader&) noexcept override { ++count_; }

 private:
  std::atomic<int>& count_;
};

TEST(ReaderPool, LosesNoJobHoweverManySubmitAtOnceOrAtTheEnd) {
  constexpr int kRounds = 20;
  constexpr int kJobs = 2'000;
  for (int round = 0; round < kRounds; ++round) {
    Shelf shelf;
    std::atomic<int> taken{0};
    std::atomic<int> ran{0};
    std::array<std::deque<CountingJob>, 3> jobs;
    {
      ReaderPool pool(shelf_readers(shelf, 2), 1'000'000);
      std::vector<std::thread> submitters;
      for (auto& own : jobs) {
        for (int i = 0; i < kJobs; ++i) own.emplace_back(ran);
        submitters.emplace_back([&pool, &own, &taken] {
          for (auto& job : own) taken += pool.submit(job) ? 1 : 0;
        });
      }
      if (round % 2 == 1) pool.stop();  // in the midst of it
      for (auto& submitter : submitters) submitter.join();
      pool.stop();
      EXPECT_EQ(ran, taken);
      if (round % 2 == 0) {
        EXPECT_EQ(taken, kJobs * static_cast<int>(jobs.size()));
      }
    }
  }
}

}  // namespace
}  // namespace postback::testing::api

// The outbox's thread and the sender's thread: wake-ups, what is handed over, and their ends.
#include "postback/delivery/outbox.hpp"

#include "app/sender_thread.hpp"
#include "support/dispatcher_world.hpp"
#include "support/eventually.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace postback::testing {
namespace {

using namespace std::chrono_literals;

/// Keeps what is sent until it is told to answer.
class PatientClient final : public http::Client {
 public:
  void send(http::OutgoingRequest, Completion done) override {
    const std::lock_guard lock(mutex_);
    kept_.push_back(std::move(done));
  }
  std::size_t kept() {
    const std::lock_guard lock(mutex_);
    return kept_.size();
  }
  void answer(delivery::Outbox& outbox) {
    std::vector<Completion> kept;
    {
      const std::lock_guard lock(mutex_);
      kept.swap(kept_);
    }
    for (auto& done : kept) {
      http::OutgoingOutcome outcome;
      outcome.status = 200;
      outbox.complete(std::move(done), std::move(outcome));
    }
  }

 private:
  std::mutex mutex_;
  std::vector<Completion> kept_;
};

/// The tables are looked at before the thread starts and after it ended only.
class OutboxThread : public ::testing::Test {
 protected:
  OutboxThread() { world_.put(1, "https://crm.example/hook?id={delivery_id}", R"(,"trigger":"click")"); }
  void due(std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) world_.outbox.add_delivery(1, world_.clock.wall());
  }
  std::uint64_t delivered() const {
    return figures_.results[static_cast<std::size_t>(DeliveryState::delivered)].read();
  }

  DispatcherWorld world_;  ///< Its tables, clock and catalog.
  PatientClient client_;
  delivery::DeliveryFigures figures_;
  std::function<void()> after_turn_ = [] {};
  delivery::Outbox outbox_{{.clock = world_.clock,
                            .reader = world_.outbox,
                            .store = world_.outbox,
                            .client = client_,
                            .catalog = world_.catalog,
                            .click_id_keys = world_.keys,
                            .figures = figures_,
                            .visits = [] { return std::uint64_t{0}; }},
                           {},
                           42,
                           [this] { after_turn_(); }};
};

TEST_F(OutboxThread, SendsWhatIsDueAndNotesWhatIsAnswered) {
  due(100);
  after_turn_ = [this] { client_.answer(outbox_); };
  outbox_.start();
  EXPECT_TRUE(eventually([this] { return delivered() == 100; }));
  outbox_.stop(0ms);
  EXPECT_EQ(world_.delivered(), 100U);
}

TEST_F(OutboxThread, WaitsAtItsEndForWhatIsUnderWay) {
  due(2);
  outbox_.start();
  ASSERT_TRUE(eventually([this] { return client_.kept() == 2; }));
  outbox_.stop_taking();
  std::thread stop([this] { outbox_.stop(20s); });
  client_.answer(outbox_);
  stop.join();
  EXPECT_EQ(world_.delivered(), 2U);
}

TEST_F(OutboxThread, LeavesPendingWhatIsNotAnsweredInTime) {
  due(2);
  outbox_.start();
  ASSERT_TRUE(eventually([this] { return client_.kept() == 2; }));
  outbox_.stop(1ms);
  client_.answer(outbox_);
  EXPECT_EQ(world_.outbox.count(DeliveryState::pending), 2U);
}

TEST_F(OutboxThread, SurvivesACompletionThatThrows) {
  outbox_.start();
  outbox_.complete([](http::OutgoingOutcome) { throw std::runtime_error("as the test says"); }, {});
  std::atomic<bool> completed{false};
  outbox_.complete([&completed](http::OutgoingOutcome) { completed = true; }, {});
  EXPECT_TRUE(eventually([&completed] { return completed.load(); }));
}

/// Answers each request at once, or never when its URL says so.
class ContextClient final : public http::Client {
 public:
  explicit ContextClient(boost::asio::io_context& context) : context_(context) {}
  ~ContextClient() override {
    for (auto& done : hanging_) end(done, http::OutgoingOutcome::End::cancelled);
  }
  void send(http::OutgoingRequest request, Completion done) override {
    if (request.url.find("hang") != std::string::npos) return hanging_.push_back(std::move(done));
    boost::asio::post(context_, [done = std::move(done)] { end(done, http::OutgoingOutcome::End::answered); });
  }

 private:
  static void end(const Completion& done, http::OutgoingOutcome::End how) {
    http::OutgoingOutcome outcome;
    outcome.end = how;
    done(std::move(outcome));
  }
  boost::asio::io_context& context_;
  std::vector<Completion> hanging_;
};

http::OutgoingRequest request_to(std::string url) {
  http::OutgoingRequest request;
  request.url = std::move(url);
  return request;
}

TEST(SenderThread, HandsRequestsOverInGroupsAndOutcomesBack) {
  std::atomic<std::size_t> back{0};
  SenderThread sender([](boost::asio::io_context& context) { return std::make_unique<ContextClient>(context); },
                      [&back](http::Client::Completion, http::OutgoingOutcome) { ++back; });
  sender.start();
  for (int n = 0; n < 10; ++n) sender.send(request_to("https://crm.example/"), [](http::OutgoingOutcome) {});
  sender.flush();
  EXPECT_TRUE(eventually([&back] { return back == 10; }));
}

TEST(SenderThread, WhatHangsIsCancelledAtTheEnd) {
  using End = http::OutgoingOutcome::End;
  SenderThread sender([](boost::asio::io_context& context) { return std::make_unique<ContextClient>(context); },
                      [](http::Client::Completion, http::OutgoingOutcome) {});
  EXPECT_EQ(sender.send_now(request_to("https://crm.example/")).end, End::cancelled) << "it has not started";
  sender.start();
  EXPECT_EQ(sender.send_now(request_to("https://crm.example/")).end, End::answered);
  std::atomic<bool> asked{false};
  std::thread by_hand([&] {
    asked = true;
    EXPECT_EQ(sender.send_now(request_to("https://crm.example/hang")).end, End::cancelled);
  });
  EXPECT_TRUE(eventually([&asked] { return asked.load(); }));
  sender.stop();
  by_hand.join();
  EXPECT_EQ(sender.send_now(request_to("https://crm.example/")).end, End::cancelled);
}

}  // namespace
}  // namespace postback::testing

// The real resolver: a thread with a c-ares channel, its queue, its deadlines and its cache.
#include "net/ares_channel.hpp"
#include "net/name_cache.hpp"
#include "postback/base/log.hpp"
#include "postback/net/resolver.hpp"

#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace postback::net {
namespace {

using Time = std::chrono::steady_clock::time_point;

/// Those who wait for one name.
struct Waiting {
  std::vector<Resolver::Completion> completions;
  Time deadline;
  std::uint64_t number = 0;  ///< Tells a late answer from that of a later look-up of the same name.
};

/// What changes when somebody writes the resolver's configuration anew.
using Stamp = std::array<std::int64_t, 4>;
Stamp configuration_stamp() {
  Stamp stamp{};
  std::size_t at = 0;
  for (const char* file : {"/etc/resolv.conf", "/etc/nsswitch.conf"}) {
    struct stat facts {};
    if (::stat(file, &facts) == 0) {
      stamp[at] = facts.st_mtim.tv_sec;
      stamp[at + 1] = facts.st_mtim.tv_nsec;
    }
    at += 2;
  }
  return stamp;
}

class NameResolver final : public Resolver {
 public:
  NameResolver(ResolverSettings settings, std::unique_ptr<AresChannel> channel, int wake)
      : settings_(std::move(settings)), channel_(std::move(channel)), wake_(wake), stamp_(configuration_stamp()) {
    thread_ = std::thread([this] { run(); });
  }
  ~NameResolver() override;

  void resolve(const std::string& name, Completion done) override;

 private:
  void run();
  void start_new();
  void reopen_when_changed();
  void end_overdue();
  void finish(const std::string& name, std::uint64_t number, const Answer& answer);
  std::chrono::milliseconds until_next_deadline();
  void wake() const;

  const ResolverSettings settings_;
  std::unique_ptr<AresChannel> channel_;  ///< The thread's.
  const int wake_;
  Stamp stamp_;
  std::mutex mutex_;  ///< Of all below.
  NameCache cache_{settings_};
  std::map<std::string, Waiting> waiting_;
  std::vector<std::pair<std::string, std::uint64_t>> new_names_;
  std::uint64_t next_number_ = 1;
  bool stopping_ = false;
  std::thread thread_;
};

NameResolver::~NameResolver() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake();
  thread_.join();
  ::close(wake_);
}

void NameResolver::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);  // full means that a wake-up is due anyway
}

void NameResolver::resolve(const std::string& name, Completion done) {
  std::unique_lock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (auto known = cache_.find(name, now)) {
    lock.unlock();
    return done(*known);
  }
  const auto found = waiting_.find(name);
  if (found != waiting_.end()) return found->second.completions.push_back(std::move(done));
  if (waiting_.size() >= settings_.most_under_way) {
    lock.unlock();
    return done(Error{ErrorCode::io_failed, "too many names are being looked up"});
  }
  auto& entry = waiting_[name];
  entry.completions.push_back(std::move(done));
  entry.deadline = now + settings_.limit;
  entry.number = next_number_++;
  new_names_.emplace_back(name, entry.number);
  lock.unlock();
  wake();
}

/// Calls everybody who waits for the name; nobody does any more if `number` is not the look-up's.
void NameResolver::finish(const std::string& name, std::uint64_t number, const Answer& answer) {
  std::vector<Completion> completions;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(name);
    if (found == waiting_.end() || found->second.number != number) return;
    completions = std::move(found->second.completions);
    waiting_.erase(found);
    cache_.keep(name, answer, std::chrono::steady_clock::now());
  }
  for (const auto& done : completions) done(answer);
}

/// c-ares reads its configuration once; what is under way is let end first.
void NameResolver::reopen_when_changed() {
  if (channel_->under_way() > 0) return;
  const auto stamp = configuration_stamp();
  if (stamp == stamp_) return;
  stamp_ = stamp;
  auto opened = AresChannel::open(settings_);
  if (opened) {
    channel_ = std::move(*opened);
  } else {
    spdlog::warn("resolver.reopen_failed error={}", log_value(opened.error().detail));
  }
}

void NameResolver::start_new() {
  std::vector<std::pair<std::string, std::uint64_t>> names;
  {
    const std::lock_guard lock(mutex_);
    names.swap(new_names_);
  }
  if (!names.empty()) reopen_when_changed();
  for (const auto& [name, number] : names) {
    if (channel_->under_way() >= 2 * settings_.most_under_way) {
      finish(name, number, Error{ErrorCode::io_failed, "too many names are being looked up"});
      continue;
    }
    channel_->look_up(name, [this, name, number](const Answer& answer) { finish(name, number, answer); });
  }
}

std::chrono::milliseconds NameResolver::until_next_deadline() {
  const std::lock_guard lock(mutex_);
  auto soonest = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  for (const auto& [name, entry] : waiting_) soonest = std::min(soonest, entry.deadline);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(soonest - std::chrono::steady_clock::now());
  return std::max(left, std::chrono::milliseconds(0));
}

void NameResolver::end_overdue() {
  std::vector<std::pair<std::string, std::uint64_t>> overdue;
  {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    for (const auto& [name, entry] : waiting_)
      if (now >= entry.deadline) overdue.emplace_back(name, entry.number);
  }
  const Error late{ErrorCode::deadline_exceeded, "no answer within " + std::to_string(settings_.limit.count()) + " ms"};
  for (const auto& [name, number] : overdue) finish(name, number, late);
}

void NameResolver::run() {
  for (;;) {
    if (channel_->wait(wake_, until_next_deadline())) {
      std::uint64_t count = 0;
      [[maybe_unused]] const auto got = ::read(wake_, &count, sizeof count);
    }
    end_overdue();
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) break;
    }
    start_new();
  }
  channel_.reset();
  std::map<std::string, Waiting> left;
  {
    const std::lock_guard lock(mutex_);
    left.swap(waiting_);
  }
  for (const auto& [name, entry] : left)
    for (const auto& done : entry.completions) done(Error{ErrorCode::io_failed, "the server is stopping"});
}

}  // namespace

Result<std::unique_ptr<Resolver>> make_resolver(ResolverSettings settings) {
  auto channel = AresChannel::open(settings);
  if (!channel) return channel.error();
  const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0)
    return Error{ErrorCode::io_failed,
                 std::string("eventfd: ") + std::error_code(errno, std::system_category()).message()};
  return std::unique_ptr<Resolver>(std::make_unique<NameResolver>(std::move(settings), std::move(*channel), wake));
}

}  // namespace postback::net

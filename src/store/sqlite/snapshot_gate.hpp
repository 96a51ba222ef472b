// SnapshotGate: keeps long reads out of the way of checkpoints.
#pragma once

#include <semaphore.h>

#include <atomic>
#include <chrono>
#include <cstdint>

namespace postback::sqlite {

/// A checkpoint gets no further than the oldest snapshot, and only a log that was moved whole starts anew: beside
/// searches that follow each other it would grow and grow, and syncs of a growing file cost more. So the recorder asks,
/// and searches let their snapshot go for a moment. Neither waits for the other for longer than `kPatience`.
class SnapshotGate {
 public:
  static constexpr std::chrono::milliseconds kPatience{20};

  SnapshotGate();
  ~SnapshotGate();
  SnapshotGate(const SnapshotGate&) = delete;
  SnapshotGate& operator=(const SnapshotGate&) = delete;

  // For readers, before and after a long read. `enter` waits while a checkpoint is asked for, and gives the number of
  // the newest asking: a read that waited for that one goes on beside it.
  std::uint64_t enter();
  void leave() { --open_; }
  /// Whether a checkpoint is asked for.
  bool asked() const { return asked_.load(); }
  /// Whether a checkpoint is asked for by a newer asking than `known`.
  bool asked_since(std::uint64_t known) const { return asked_.load() && askings_.load() != known; }

  // For the recorder: whether no long read is under way. Say `done` after the checkpoint, made or not.
  bool ask() {
    if (!asked_.load()) {
      ++askings_;
      asked_ = true;
    }
    return open_.load() == 0;
  }
  void done();

 private:
  void wait_a_moment();

  std::atomic<bool> asked_{false};
  std::atomic<std::uint64_t> askings_{0};
  std::atomic<unsigned> open_{0};
  std::atomic<unsigned> waiting_{0};
  sem_t over_;
};

/// A long read: within the gate for as long as it lives.
class LongRead {
 public:
  explicit LongRead(SnapshotGate& gate) : gate_(gate), known_(gate_.enter()) {}
  ~LongRead() { gate_.leave(); }
  LongRead(const LongRead&) = delete;
  LongRead& operator=(const LongRead&) = delete;

  /// Whether it should let its snapshot go.
  bool asked_to_let_go() const { return gate_.asked_since(known_); }

 private:
  SnapshotGate& gate_;
  const std::uint64_t known_;
};

}  // namespace postback::sqlite

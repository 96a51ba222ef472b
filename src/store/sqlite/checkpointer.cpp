// Checkpointer: when to checkpoint, and what its outcome means.
#include "store/sqlite/checkpointer.hpp"

namespace postback::sqlite {
namespace {

constexpr std::uint64_t kLogHeaderBytes = 32;
constexpr std::uint64_t kFrameBytes = 4096 + 24;  // One page and its frame header.
constexpr std::chrono::seconds kIdleInterval{1};
constexpr std::chrono::seconds kLongestInterval{5};

}  // namespace

void Checkpointer::watch(Database& database) { sqlite3_wal_hook(database.handle(), &Checkpointer::committed, this); }

int Checkpointer::committed(void* self, sqlite3*, const char*, int frames) {
  static_cast<Checkpointer*>(self)->note_frames(frames);
  return SQLITE_OK;
}

void Checkpointer::note_frames(int frames) {
  // A smaller number than before: the log was started anew, from its beginning.
  const bool anew = frames <= frames_;
  pages_written_.fetch_add(static_cast<std::uint64_t>(anew ? frames : frames - frames_), std::memory_order_relaxed);
  if (anew) checkpointed_ = attempted_ = 0;
  frames_ = frames;
  wal_bytes_.store(kLogHeaderBytes + static_cast<std::uint64_t>(frames) * kFrameBytes, std::memory_order_relaxed);
}

Result<void> Checkpointer::run_if_due(Database& database, bool idle) {
  const int waiting = frames_ - checkpointed_;
  if (waiting <= 0) return {};
  const auto since = clock_.steady() - last_;
  const bool over = wal_bytes() > options_.wal_limit_bytes && since >= kIdleInterval;
  const bool due = over || frames_ - attempted_ >= static_cast<int>(options_.checkpoint_pages) ||
                   since >= kLongestInterval || (idle && since >= kIdleInterval);
  if (!due || !long_reads_let_go()) return {};
  auto moved = over ? empty_log(database) : checkpoint(database, SQLITE_CHECKPOINT_PASSIVE);
  asked_.reset();
  gate_.done();
  return moved;
}

/// Or had their time to do so.
bool Checkpointer::long_reads_let_go() {
  const auto now = clock_.steady();
  if (!asked_) asked_ = now;
  return gate_.ask() || now - *asked_ >= SnapshotGate::kPatience;
}

Result<void> Checkpointer::empty_log(Database& database) { return checkpoint(database, SQLITE_CHECKPOINT_TRUNCATE); }

Result<int> Checkpointer::recover(Database& database) {
  if (auto moved = checkpoint(database, SQLITE_CHECKPOINT_PASSIVE); !moved) return moved.error();
  const int found = frames_;
  if (auto emptied = empty_log(database); !emptied) return emptied.error();
  return found;
}

Result<void> Checkpointer::checkpoint(Database& database, int mode) {
  int in_log = -1;
  int moved = -1;
  const int code = sqlite3_wal_checkpoint_v2(database.handle(), nullptr, mode, &in_log, &moved);
  last_ = clock_.steady();
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) return database.error(code, Phase::writing);
  checkpoints_.fetch_add(1, std::memory_order_relaxed);
  if (in_log < 0) return {};
  frames_ = in_log;
  attempted_ = in_log;
  checkpointed_ = moved;
  if (in_log == 0) wal_bytes_.store(0, std::memory_order_relaxed);
  return {};
}

}  // namespace postback::sqlite

// CatalogEditor: changes the catalog, one change at a time: check, commit, publish.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/entropy.hpp"
#include "postback/base/result.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/store/catalog_slot.hpp"
#include "postback/store/recorder.hpp"

#include <condition_variable>
#include <mutex>
#include <string_view>
#include <variant>

namespace postback::api {

/// What became of a put that was stored.
struct PutOutcome {
  EntityDocument document;  ///< As stored.
  bool created = false;     ///< false: it replaced one.
};

/// Thread-safe. Concurrent changes wait for each other, since each is checked against the catalog that the one before
/// left. A change blocks its thread until it is committed, so never call this on an io thread.
class CatalogEditor {
 public:
  CatalogEditor(CatalogSlot& slot, Recorder& recorder, const Clock& clock, Entropy& entropy)
      : slot_(slot), recorder_(recorder), clock_(clock), entropy_(entropy) {}

  /// Puts `body` (JSON text) under `kind`/`id` in the name of `actor`. On return the change is durable and published.
  /// Gives the faults of the document, or the error store_busy when the recorder did not take or could not commit it.
  std::variant<PutOutcome, Faults, Error> put(EntityKind kind, std::string_view id, std::string_view body,
                                              std::string_view actor);

 private:
  class Change;
  /// Runs tasks at once, on the recorder's thread: all they do is to wake the waiting one.
  class Waker final : public TaskSink {
   public:
    void post(Task* list) noexcept override;
  };

  CatalogSlot& slot_;
  Recorder& recorder_;
  const Clock& clock_;
  Entropy& entropy_;
  std::mutex mutex_;  ///< Held during a whole change.
  Waker waker_;
  std::mutex done_mutex_;
  std::condition_variable done_changed_;
  bool done_ = false;  ///< The change under way was settled.
};

}  // namespace postback::api

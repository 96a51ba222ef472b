// Changes the catalog through the recorder and publishes what was committed.
#include "postback/api/catalog_editor.hpp"

#include "postback/domain/catalog_change.hpp"

namespace postback::api {

/// A catalog item whose submitter waits for it.
class CatalogEditor::Change final : public CatalogItem {
 public:
  explicit Change(CatalogEditor& editor) : editor_(editor) {}
  void run() noexcept override {
    const std::lock_guard lock(editor_.done_mutex_);
    editor_.done_ = true;
    editor_.done_changed_.notify_one();
  }

 private:
  CatalogEditor& editor_;
};

void CatalogEditor::Waker::post(Task* list) noexcept {
  while (list != nullptr) {
    auto* const task = list;
    list = list->next_task;  // Before run: the task may be gone afterwards.
    task->run();
  }
}

std::variant<PutOutcome, Faults, Error> CatalogEditor::put(EntityKind kind, std::string_view id, std::string_view body,
                                                           std::string_view actor) {
  const std::lock_guard lock(mutex_);
  auto checked = put_entity(*slot_.current(), kind, id, body, clock_.wall(), entropy_);
  if (auto* faults = std::get_if<Faults>(&checked)) return std::move(*faults);
  auto& change = std::get<CatalogChange>(checked);

  done_ = false;
  Change item(*this);
  item.change = &change;
  item.actor = actor;
  item.sink = &waker_;
  if (recorder_.submit(item) != SubmitResult::queued) {
    return Error{ErrorCode::store_busy, "the recorder's queue is full"};
  }
  {
    std::unique_lock settled(done_mutex_);
    done_changed_.wait(settled, [this] { return done_; });
  }
  if (item.outcome != ItemOutcome::committed) {
    return Error{ErrorCode::store_busy, "the store refused the catalog change"};
  }
  // Only now: nobody may be routed by a change that a crash could undo.
  slot_.publish(change.next);
  return PutOutcome{std::move(change.document), change.created};
}

}  // namespace postback::api

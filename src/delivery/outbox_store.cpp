// Submits a turn's items together and waits once.
#include "postback/delivery/outbox_store.hpp"

namespace postback::delivery {

void RecordedOutbox::commit(OutboxItems& items) {
  ItemWaiter::Count count;
  // One that the queue refuses keeps the outcome `none`.
  if (items.plan) waiter_.submit(*items.plan, count);
  if (items.attempts) waiter_.submit(*items.attempts, count);
  for (auto& state : items.states) waiter_.submit(*state, count);
  if (items.listing) waiter_.submit(*items.listing, count);
  waiter_.wait(count);
}

}  // namespace postback::delivery

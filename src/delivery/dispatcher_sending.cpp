// Sending what is due.
#include "dispatcher_work.hpp"
#include "mixed_number.hpp"
#include "postback/base/log.hpp"
#include "postback/domain/delivery_rendering.hpp"
#include "read_fault.hpp"

#include <exception>
#include <utility>

namespace postback::delivery {
namespace {

/// Whether something that the delivery speaks of is not in the store.
bool lacks_facts(const Delivery& delivery, const DeliveryFacts& facts) {
  return (delivery.click != 0 && !facts.click) || (delivery.conversion != 0 && !facts.conversion);
}

}  // namespace

Result<void> Dispatcher::Work::send_due(const Moment& moment) {
  auto filled = lanes_.fill(parts_.reader, moment);
  while (pace_.allows(moment.steady) && flights_.size() + unnoted_.size() < limits_.in_flight) {
    Lane* const lane = lanes_.next(moment.steady);
    if (lane == nullptr) break;
    pace_.sent();
    if (auto sent = send(*lane, moment); !sent) return sent;
  }
  return filled;
}

/// A fence for exceptions: what one delivery throws must not stop the others. Errors: those of the store; the delivery
/// waits on.
Result<void> Dispatcher::Work::send(Lane& lane, const Moment& moment) {
  DueDelivery due = lane.take();
  try {
    const auto read = read_facts(lane, due, moment);
    if (!read) return read.error();
    if (*read) send_known(lane, due, moment);
  } catch (const std::exception& fault) {
    spdlog::error("delivery.not_sent delivery={} detail={} action=\"a bug; it is tried again by its plan\"",
                  delivery_text(due.delivery.id), log_value(fault.what()));
    not_sent(lane, due.delivery, {.reason = AttemptReason::invalid_request},
             "its request could not be made, by a fault of this server: see delivery.not_sent in its log", moment);
  }
  return {};
}

/// False: they cannot be read, which is noted. Errors: those of the store; the delivery waits on.
Result<bool> Dispatcher::Work::read_facts(Lane& lane, DueDelivery& due, const Moment& moment) {
  // A catalog that came since may ask for the network's request, which was not read then.
  if (due.facts && (!uses_postback(*lane.document) || due.facts->postback)) return true;
  auto facts = parts_.reader.delivery_facts({.click = due.delivery.click,
                                             .conversion = due.delivery.conversion,
                                             .conversion_revision = due.delivery.conversion_revision,
                                             .cta = due.delivery.cta,
                                             .postback = uses_postback(*lane.document)});
  if (facts) {
    due.facts = std::make_shared<const DeliveryFacts>(std::move(*facts));
    return true;
  }
  if (is_of_the_store(facts.error())) {
    lane.put_back(std::move(due));
    return facts.error();
  }
  spdlog::error("delivery.unreadable delivery={} detail={} action=\"others are sent; it is tried again by its plan\"",
                delivery_text(due.delivery.id), log_value(facts.error().detail));
  not_sent(lane, due.delivery, {.reason = AttemptReason::no_facts},
           "what it tells of cannot be read from the store: see delivery.unreadable in the log", moment);
  return false;
}

void Dispatcher::Work::send_known(Lane& lane, const DueDelivery& due, const Moment& moment) {
  if (lacks_facts(due.delivery, *due.facts)) {
    return not_sent(lane, due.delivery, {.reason = AttemptReason::no_facts, .for_good = true},
                    "the click or the conversion is not stored any more", moment);
  }
  auto rendered = render_delivery(*catalog_, *lane.document, due.delivery, *due.facts, parts_.click_id_keys,
                                  moment.wall, mixed_number(seed_ + next_token_));
  if (!rendered) {
    return not_sent(lane, due.delivery, {.reason = AttemptReason::invalid_request, .for_good = true},
                    rendered.error().detail, moment);
  }
  http::OutgoingRequest request{.method = std::move(rendered->method),
                                .url = std::move(rendered->url),
                                .headers = std::move(rendered->headers),
                                .body = std::move(rendered->body),
                                .timeout = lane.document->timeout};
  start(lane, due.delivery, std::move(request), *std::move(rendered), moment);
}

void Dispatcher::Work::start(Lane& lane, const Delivery& delivery, http::OutgoingRequest request,
                             RenderedRequest rendered, const Moment& moment) {
  const auto token = next_token_++;
  flights_.emplace(token, Flight{.delivery = delivery,
                                 .gate = lane.gate,
                                 .probe = lane.gate->sent(),
                                 .rendered = std::move(rendered),
                                 .began = moment.wall});
  try {
    parts_.client.send(std::move(request),
                       [this, token](http::OutgoingOutcome outcome) { ended(token, std::move(outcome)); });
  } catch (const std::exception&) {
    const auto flight = flights_.extract(token);
    lane.gate->ended(HostHealth::unknown, flight.mapped().probe, moment.steady);
    throw;
  }
}

}  // namespace postback::delivery

// Plans deliveries: trigger, scope, condition, and the part that is sent.
#include "postback/domain/delivery_plan.hpp"

#include "domain/delivery_subject.hpp"
#include "domain/half_even.hpp"

#include <algorithm>

namespace postback {
namespace {

bool covers(const std::vector<EntityNumber>& numbers, EntityNumber number) {
  return numbers.empty() || std::ranges::binary_search(numbers, number);
}

bool covers(const DestinationScope& scope, const DeliverySubject& subject) {
  const Offer* const offer = subject.offer();
  return covers(scope.campaigns, subject.campaign()) && covers(scope.offers, offer == nullptr ? 0 : offer->number) &&
         covers(scope.networks, offer == nullptr ? 0 : offer->network->number) &&
         covers(scope.sources, subject.click()->source);
}

/// Whether this one is sent, which is counted.
bool takes_its_share(const Destination& destination, std::unordered_map<EntityNumber, SendRemainder>& remainders) {
  if (destination.send == kWholeShare) return true;
  SendRemainder& remainder = remainders[destination.number];
  remainder += destination.send;
  if (remainder < kWholeShare) return false;
  remainder -= kWholeShare;
  return true;
}

/// As if the destination were told.
Delivery delivery_of(const PlanRequest& request, const Destination& destination, const DeliverySubject& subject) {
  const Occurrence& occurrence = request.occurrence;
  Delivery delivery;
  delivery.destination = destination.number;
  delivery.trigger = destination.trigger;
  delivery.click = occurrence.click;
  delivery.conversion = occurrence.conversion;
  delivery.conversion_revision = occurrence.conversion_revision;
  if (subject.conversion() != nullptr) delivery.conversion_number = subject.conversion()->number;
  delivery.cta = occurrence.cta;
  delivery.campaign = subject.campaign();
  delivery.detail = occurrence.detail;
  delivery.occurred = occurrence.time;
  delivery.created = request.now;
  // A clock that was set back since must not lengthen the delay.
  delivery.retry_from = std::max(request.now, std::min(request.now, occurrence.time) + destination.delay);
  return delivery;
}

void settle_state(const Destination& destination, bool sent, TimeMs now, Delivery& delivery) {
  if (sent && !destination.is_feed()) {
    delivery.due = delivery.retry_from;
    return;
  }
  delivery.state = sent ? DeliveryState::listed : DeliveryState::withheld;
  delivery.finished = now;
}

/// The same whenever it is planned; IDs follow each other, these numbers do not (the finalizer of SplitMix64).
std::uint64_t random_of(const Occurrence& occurrence) {
  std::uint64_t number = occurrence.id;
  number = (number ^ (number >> 30U)) * 0xBF58476D1CE4E5B9U;
  number = (number ^ (number >> 27U)) * 0x94D049BB133111EBU;
  return number ^ (number >> 31U);
}

/// The destinations that an occurrence of this kind may concern: a change of status may be what the conversion trigger
/// waited for.
std::vector<const Destination*> candidates(const Catalog& catalog, Trigger kind) {
  const auto of_kind = catalog.destinations(kind);
  std::vector<const Destination*> found(of_kind.begin(), of_kind.end());
  if (kind != Trigger::status_change) return found;
  const auto waiting = catalog.destinations(Trigger::conversion);
  found.insert(found.end(), waiting.begin(), waiting.end());
  std::ranges::sort(found, {}, &Destination::id);
  return found;
}

}  // namespace

std::vector<Delivery> plan_deliveries(const PlanRequest& request,
                                      std::unordered_map<EntityNumber, SendRemainder>& remainders,
                                      const std::function<bool(EntityNumber)>& was_told) {
  std::vector<Delivery> deliveries;
  const Occurrence& occurrence = request.occurrence;
  const auto destinations = candidates(request.destinations, occurrence.kind);
  if (destinations.empty()) return deliveries;
  const DeliverySubject subject(request.catalog, request.facts, occurrence.kind, occurrence.campaign,
                                occurrence.detail);
  if (!subject.is_known()) return deliveries;
  auto known = subject.known();
  known.occurred = occurrence.time;
  known.random = random_of(occurrence);
  const ConversionValues values(known);
  for (const Destination* const destination : destinations) {
    if (!covers(destination->scope, subject) || !destination->when.matches(values)) continue;
    const bool late = occurrence.kind == Trigger::status_change && destination->trigger == Trigger::conversion;
    if (late && was_told(destination->number)) continue;
    Delivery delivery = delivery_of(request, *destination, subject);
    settle_state(*destination, takes_its_share(*destination, remainders), request.now, delivery);
    deliveries.push_back(std::move(delivery));
  }
  return deliveries;
}

bool needs_postback(const Catalog& catalog, Trigger trigger) {
  return std::ranges::any_of(catalog.destinations(trigger), &Destination::reads_postback);
}

}  // namespace postback

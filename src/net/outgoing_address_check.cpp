// Judges the host of a URL as the client would, and waits for its addresses.
#include "net/outgoing_target.hpp"
#include "postback/net/outgoing_client.hpp"

#include <future>

namespace postback::net {

std::optional<std::string> OutgoingAddressCheck::refusal(std::string_view url) {
  const auto target = parse_outgoing_target(url);
  if (!target) return target.error().detail;
  if (target->literal) return guard_.refusal(*target->literal, target->port);
  const auto promise = std::make_shared<std::promise<Resolver::Answer>>();
  auto answered = promise->get_future();
  resolver_.resolve(target->host, [promise](const Resolver::Answer& answer) { promise->set_value(answer); });
  const auto answer = answered.get();  // the resolver has a limit of its own
  if (!answer) return std::nullopt;
  return guard_.refusal(target->host, *answer, target->port);
}

bool OutgoingAddressCheck::looks_up(std::string_view url) const {
  const auto target = parse_outgoing_target(url);
  return target && !target->literal;
}

}  // namespace postback::net

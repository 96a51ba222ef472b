// OutgoingWorld: an outgoing client on this thread, with addresses of names that the test says.
#pragma once

#include "postback/net/outgoing_client.hpp"

#include <boost/asio/io_context.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postback::testing {

/// Answers at once with the next of a name's answers, the last one again and again. Names that it does not know do not
/// exist; a name without answers is never answered. For one thread.
class FakeResolver final : public net::Resolver {
 public:
  void resolve(const std::string& name, Completion done) override {
    ++look_ups[name];
    const auto found = answers.find(name);
    if (found == answers.end()) return done(Error{ErrorCode::not_found, "no address is known for this name"});
    auto& next = found->second;
    if (next.empty()) return unanswered.push_back(std::move(done));
    std::vector<Address> addresses;
    for (const auto& text : next.front()) addresses.push_back(*parse_address(text));
    if (next.size() > 1) next.erase(next.begin());
    done(addresses);
  }
  std::map<std::string, std::vector<std::vector<std::string>>> answers;
  std::map<std::string, int> look_ups;
  std::vector<Completion> unanswered;
};

class OutgoingWorld {
 public:
  using Outcome = http::OutgoingOutcome;
  explicit OutgoingWorld(std::vector<std::string> allowed = {"127.0.0.0/8"}, net::OutgoingSettings settings = {})
      : guard(net::GuardSettings{.allowed = ranges(allowed)}), client(context, std::move(settings), resolver, guard) {}

  /// Runs the loop until the answer is there.
  Outcome exchange(http::OutgoingRequest request) {
    std::optional<Outcome> ended;
    client.send(std::move(request), [&](Outcome outcome) { ended = std::move(outcome); });
    while (!ended) context.run_one();
    return std::move(*ended);
  }
  Outcome get(const std::string& url, std::chrono::milliseconds timeout = std::chrono::seconds(15)) {
    return exchange({.url = url, .timeout = timeout});
  }

  boost::asio::io_context context;
  FakeResolver resolver;
  net::AddressGuard guard;
  net::OutgoingClient client;

 private:
  static std::vector<AddressRange> ranges(const std::vector<std::string>& texts) {
    std::vector<AddressRange> parsed;
    for (const auto& text : texts) parsed.push_back(AddressRange::parse(text).value());
    return parsed;
  }
};

}  // namespace postback::testing

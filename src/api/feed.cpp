// Lets fetchers in, and writes feeds page by page.
#include "feed.hpp"

#include "postback/base/log.hpp"
#include "postback/domain/delivery_rendering.hpp"
#include "postback/domain/feed.hpp"

#include "problem.hpp"
#include "query_values.hpp"

#include <sodium.h>
#include <boost/algorithm/string/predicate.hpp>

#include <optional>
#include <string>

namespace postback::api {
namespace {

constexpr std::size_t kPageRows = 500;
/// A whole feed may take so long; it is fetched a few times a day.
constexpr std::chrono::milliseconds kPatience{20'000};
constexpr std::size_t kLongestLogin = 1'024;

struct Login {
  std::string user;
  std::string password;
};

/// Of `Basic <base64 of user:password>`; nothing when that is not there.
std::optional<Login> login_of(const http::Request& request) {
  constexpr std::string_view kScheme = "Basic ";
  auto header = request.header("Authorization");
  if (!header || !boost::algorithm::istarts_with(*header, kScheme)) return std::nullopt;
  header->remove_prefix(kScheme.size());
  std::string text(kLongestLogin, '\0');
  std::size_t length = 0;
  const bool read = sodium_base642bin(reinterpret_cast<unsigned char*>(text.data()), text.size(), header->data(),
                                      header->size(), " ", &length, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0;
  if (!read) return Login{};
  text.resize(length);
  const auto colon = text.find(':');
  if (colon == std::string::npos) return Login{};
  return Login{text.substr(0, colon), text.substr(colon + 1)};
}

/// In constant time, hashed first so that lengths do not show either. An absent feed has no password.
bool is_right(const Login& login, std::string_view id, const Destination* destination) {
  const bool open = destination != nullptr && !destination->archived && !destination->feed_token.empty();
  const auto expected = hash_api_key(open ? destination->feed_token : std::string_view("no feed"));
  const auto given = hash_api_key(login.password);
  const bool same = sodium_memcmp(expected.data(), given.data(), given.size()) == 0;
  return same && open && login.user == id;
}

http::Response refused(const std::string& why) { return problem(ProblemKind::feed_login, why); }

http::Response too_many(std::chrono::milliseconds wait) {
  const auto seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count());
  auto response =
      problem(ProblemKind::too_many_bad_keys,
              "Too many wrong passwords or keys came from this address within a minute. Right ones work all "
              "the same. Try again in " +
                  seconds + " s.");
  response.headers.emplace_back("Retry-After", seconds);
  return response;
}

/// Writes one feed.
class FeedWriter {
 public:
  FeedWriter(const Call& call, const Destination& destination)
      : call_(call), destination_(destination), text_(feed_head(destination)) {}

  /// Error: the store's; deadline_exceeded.
  Result<std::string> write() {
    const auto end = call_.services.clock.steady() + kPatience;
    LogQuery query;
    query.limit = kPageRows;
    query.from = call_.services.clock.wall() - kFeedAge;
    query.filters = {{"destination", std::int64_t{destination_.number}},
                     {"state", static_cast<std::int64_t>(DeliveryState::listed)}};
    do {
      const auto page = call_.reader.deliveries(query);
      if (!page) return page.error();
      for (const auto& delivery : page->rows) {
        if (rows_ >= kMostFeedRows || text_.size() >= kMostFeedBytes) return std::move(text_);
        if (auto added = add(delivery); !added) return added.error();
      }
      query.before = page->next;
      if (call_.services.clock.steady() > end) return Error{ErrorCode::deadline_exceeded, "a feed took too long"};
    } while (query.before != 0);
    return std::move(text_);
  }

 private:
  Result<void> add(const Delivery& delivery) {
    const auto facts = call_.reader.delivery_facts({.click = delivery.click,
                                                    .conversion = delivery.conversion,
                                                    .conversion_revision = delivery.conversion_revision,
                                                    .cta = delivery.cta,
                                                    .postback = uses_postback(destination_)});
    if (!facts) return facts.error();
    const auto stands = still_stands(delivery, *facts);
    if (!stands) return stands.error();
    if (!*stands) return {};
    const auto row = feed_row(call_.catalog, destination_, delivery, *facts, call_.services.click_id_keys);
    text_ += row;
    if (!row.empty()) ++rows_;
    return {};
  }

  /// Whether its conversion has the status that it was listed with. What is no longer known is not told either.
  Result<bool> still_stands(const Delivery& delivery, const DeliveryFacts& facts) {
    if (delivery.conversion == 0) return facts.click.has_value() || delivery.click == 0;
    if (!facts.conversion) return false;
    const auto now = call_.reader.conversion(delivery.click, delivery.conversion_number);
    if (!now) return now.error();
    return now->has_value() && (*now)->status == facts.conversion->status;
  }

  const Call& call_;
  const Destination& destination_;
  std::string text_;
  std::size_t rows_ = 0;
};

}  // namespace

std::variant<Caller, http::Response> admit_fetcher(const http::Request& request, const http::PathValues& values,
                                                   Services& services) {
  const auto login = login_of(request);
  if (!login) return refused("Send the destination's ID as user and its feed token as password (HTTP Basic).");
  const auto catalog = services.catalog.current();
  const auto id = values[0];
  if (is_right(*login, id, catalog->destination(id))) return Caller{std::string(id), Role::viewer};
  const auto noted = services.bad_keys.note(request.peer, services.clock.steady());
  if (noted.first) spdlog::warn("api.too_many_bad_keys peer={}", log_value(request.peer));
  if (noted.wait.count() > 0) return too_many(noted.wait);
  return refused(
      "There is no such feed, or user or password is not its own: the user is the destination's ID, the "
      "password its feed token (GET /api/v1/destinations/{id} with an admin's key).");
}

http::Response get_feed(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  // As of the arrival, when the password was right.
  const Destination* destination = call.catalog.destination(std::string_view(call.path.at(0)));
  if (destination == nullptr || !destination->is_feed())
    return problem(ProblemKind::not_found, "The feed was deleted just now.");
  auto text = FeedWriter(call, *destination).write();
  if (!text) return store_problem(text.error());
  auto response = json_response(200, std::move(*text));
  response.content_type = "text/csv; charset=utf-8";
  return response;
}

}  // namespace postback::api

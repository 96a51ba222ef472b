// Authentication, the way over a reader thread, and the fence that exceptions stop at.
#include "call.hpp"

#include "postback/base/log.hpp"

#include "problem.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <memory>

namespace postback::api {
namespace {

/// The token of `Bearer <token>` (RFC 6750; the scheme in any case), or nothing.
std::optional<std::string_view> bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!boost::algorithm::istarts_with(authorization, kScheme)) return std::nullopt;
  authorization.remove_prefix(kScheme.size());
  const auto first = authorization.find_first_not_of(' ');
  if (first == std::string_view::npos) return std::nullopt;
  return authorization.substr(first);
}

http::Response failed(std::string_view reason) {
  spdlog::error("api.handler_failed reason={}", log_value(reason));
  return problem(ProblemKind::internal, "An unexpected error happened; the server's log has the cause.");
}

/// A call under way. Owns itself from a successful submit until its answer is given.
class CallJob final : public ReadJob, public Task {
 public:
  CallJob(http::Exchange& exchange, const http::PathValues& values, Caller caller, const ApiHandler& handler,
          Services& services, const ReaderPool& readers)
      : exchange_(exchange),
        path_(values.values, values.values + values.count),
        caller_(std::move(caller)),
        handler_(handler),
        services_(services),
        readers_(readers) {}

  void read(Reader& reader) noexcept override {
    if (!answered_) {
      answered_ = true;
      response_ = fenced(reader);
      // Posting takes a lock of the connection's thread, which a thread that may stand still must not hold.
      if (&readers_ != &services_.readers && services_.readers.submit(*this)) return;
    }
    exchange_.sink().post(this);
  }

  void run() noexcept override {
    const std::unique_ptr<CallJob> self(this);
    exchange_.answer(response_);
  }

 private:
  http::Response fenced(Reader& reader) noexcept {
    if (readers_.stopping()) return problem(ProblemKind::overloaded, "The server is stopping. Try again in a second.");
    try {
      return handler_({exchange_.request, path_, caller_, reader, services_});
    } catch (const std::exception& error) {
      return failed(error.what());
    } catch (...) {
      return failed("an exception of unknown type");
    }
  }

  http::Exchange& exchange_;
  const std::vector<std::string> path_;
  const Caller caller_;
  const ApiHandler& handler_;  ///< Part of the route, which outlives every exchange.
  Services& services_;
  const ReaderPool& readers_;  ///< Whose threads run the handler.
  bool answered_ = false;
  http::Response response_;
};

void submit(http::Exchange& exchange, const http::PathValues& values, Caller caller, const ApiHandler& handler,
            Services& services, ReaderPool& readers) {
  auto job = std::make_unique<CallJob>(exchange, values, std::move(caller), handler, services, readers);
  if (readers.submit(*job)) {
    static_cast<void>(job.release());  // It may be answered and gone already.
    return;
  }
  exchange.answer(problem(ProblemKind::overloaded, "Too many requests wait for the store. Try again in a second."));
}

}  // namespace

http::Handler authenticated(Services& services, Role least, ApiHandler handler, ChooseReaders choose) {
  return [&services, least, handler = std::move(handler), choose](http::Exchange& exchange,
                                                                  const http::PathValues& values) {
    const auto authorization = exchange.request.header("Authorization");
    const auto token = authorization ? bearer_token(*authorization) : std::nullopt;
    if (!token) {
      exchange.answer(
          problem(ProblemKind::key_missing,
                  "Send the header \"Authorization: Bearer <key>\" with an API key of this server. Keys are "
                  "not read from the URL."));
      return;
    }
    auto caller = services.api_keys.caller_with(*token);
    if (!caller) {
      exchange.answer(
          problem(ProblemKind::key_unknown,
                  "The key in the Authorization header is not one of this server's. Check that it was copied "
                  "whole and belongs to this store."));
      return;
    }
    if (caller->role < least) {
      exchange.answer(problem(ProblemKind::role_too_low,
                              "The key \"" + caller->key + "\" has the role " + std::string(to_string(caller->role)) +
                                  "; this needs the role " + std::string(to_string(least)) + ". Use another key."));
      return;
    }
    if (exchange.request.body_too_large) {
      exchange.answer(
          problem(ProblemKind::body_too_large,
                  "The body is larger than this address takes: 1 MiB for catalog objects, nothing elsewhere."));
      return;
    }
    submit(exchange, values, std::move(*caller), handler, services, choose(services, exchange.request));
  };
}

}  // namespace postback::api

// Authentication, the way over a reader thread, and the fence that exceptions stop at.
#include "call.hpp"

#include "postback/base/log.hpp"

#include "authentication.hpp"
#include "problem.hpp"

#include <memory>
#include <variant>

namespace postback::api {
namespace {

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
        catalog_(services.catalog.current()),
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
      return handler_({exchange_.request, path_, caller_, *catalog_, reader, services_});
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
  const std::shared_ptr<const Catalog> catalog_;
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

http::Response role_too_low(const http::Request& request, const Caller& caller, Role least) {
  spdlog::warn("api.role_too_low key={} role={} needed={} method={} path={} peer={}", caller.key,
               to_string(caller.role), to_string(least), log_value(request.method_text), log_value(request.path),
               log_value(request.peer));
  return problem(ProblemKind::role_too_low, "The key \"" + caller.key + "\" has the role " +
                                                std::string(to_string(caller.role)) + "; this needs the role " +
                                                std::string(to_string(least)) + ". Use another key.");
}

/// What `authenticated` makes; a type of its own, so that a route's role can be asked for.
class AuthenticatedHandler {
 public:
  AuthenticatedHandler(Services& services, Role least, ApiHandler handler, ChooseReaders choose)
      : services_(services), least_(least), handler_(std::move(handler)), choose_(choose) {}

  void operator()(http::Exchange& exchange, const http::PathValues& values) const {
    auto who = authenticate(exchange.request, services_);
    if (const auto* refusal = std::get_if<http::Response>(&who)) return exchange.answer(*refusal);
    auto& caller = std::get<Caller>(who);
    if (caller.role < least_) return exchange.answer(role_too_low(exchange.request, caller, least_));
    if (exchange.request.body_too_large) {
      return exchange.answer(problem(
          ProblemKind::body_too_large,
          "The body is larger than this address takes: 64 MiB for the import of a catalog, 16 MiB for that of clicks, "
          "1 MiB for any other object, nothing where none is expected."));
    }
    submit(exchange, values, std::move(caller), handler_, services_, choose_(services_, exchange.request));
  }
  Role least() const { return least_; }

 private:
  Services& services_;
  Role least_;
  ApiHandler handler_;
  ChooseReaders choose_;
};

/// What `admitted` makes.
class AdmittedHandler {
 public:
  AdmittedHandler(Services& services, Admission admission, ApiHandler handler, ChooseReaders choose)
      : services_(services), admission_(admission), handler_(std::move(handler)), choose_(choose) {}

  void operator()(http::Exchange& exchange, const http::PathValues& values) const {
    auto who = admission_(exchange.request, values, services_);
    if (const auto* refusal = std::get_if<http::Response>(&who)) return exchange.answer(*refusal);
    submit(exchange, values, std::get<Caller>(std::move(who)), handler_, services_,
           choose_(services_, exchange.request));
  }

 private:
  Services& services_;
  Admission admission_;
  ApiHandler handler_;
  ChooseReaders choose_;
};

}  // namespace

http::Handler admitted(Services& services, Admission admission, ApiHandler handler, ChooseReaders choose) {
  return AdmittedHandler(services, admission, std::move(handler), choose);
}

http::Handler authenticated(Services& services, Role least, ApiHandler handler, ChooseReaders choose) {
  return AuthenticatedHandler(services, least, std::move(handler), choose);
}

std::optional<Role> least_role(const http::Route& route) {
  const auto* handler = route.handler.target<AuthenticatedHandler>();
  return handler == nullptr ? std::nullopt : std::optional(handler->least());
}

void guard_body(Services& services, http::Route& route) {
  const auto least = least_role(route);
  if (!least) return;
  route.may_send_body = [&services, least](const http::Request& head) {
    const auto caller = caller_of(head, services);
    return caller && caller->role >= *least;
  };
}

}  // namespace postback::api

// Says whether the process is up and whether its store takes what it is given.
#include "health.hpp"

#include "json_object.hpp"
#include "problem.hpp"

namespace postback::api {

http::Response healthz() { return json_response(200, R"({"status":"up"})"); }

http::Response readyz(const Services& services) {
  const auto& recorder = services.recorder;
  const bool ready = recorder.available();
  const auto deliveries = services.deliveries == nullptr ? http::DeliveryQueue{} : services.deliveries->queue();
  std::string body;
  JsonObject(body)
      .flag("ready", ready)
      .text("store", ready ? "available" : "refusing")
      .number("spool", recorder.figures().spool_length.load(std::memory_order_relaxed))
      .number("queue", recorder.waiting())
      .number("lookup_queue", services.lookups.waiting())
      .number("api_queue", services.readers.waiting())
      .number("log_queue", services.scans.waiting())
      .number("delivery_queue", deliveries.in_memory)
      .number("deliveries_in_flight", deliveries.in_flight)
      .close();
  return json_response(ready ? 200 : 503, std::move(body));
}

}  // namespace postback::api

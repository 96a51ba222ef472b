// Writes deliveries with a connection of its own.
#include "support/played_delivery.hpp"

#include "postback/domain/delivery_rendering.hpp"
#include "postback/domain/snowflake.hpp"

#include "support/other_connection.hpp"

namespace postback::testing {
namespace {

std::string or_null(std::uint64_t number) { return number == 0 ? "NULL" : std::to_string(number); }

}  // namespace

std::string play_delivery(const TestServer& server, const PlayedDelivery& delivery) {
  constexpr unsigned kNode = 900;
  static thread_local std::uint32_t sequence = 0;
  const TimeMs now = SystemClock().wall();
  const auto id = make_snowflake(now, kNode, sequence++ % 4'096);
  const auto ms = std::to_string(now.time_since_epoch().count());
  const bool pending = delivery.state == DeliveryState::pending;
  const bool of_conversion = delivery.conversion != 0;
  auto sql =
      "INSERT INTO delivery (id, destination, trigger, state, click, conversion, conversion_number, "
      "conversion_revision, attempts, created_ms, retry_from_ms, due_ms, finished_ms, http_status, reason) VALUES (" +
      std::to_string(id) + "," + std::to_string(delivery.destination) + ",4," +
      std::to_string(static_cast<int>(delivery.state)) + "," + or_null(delivery.click) + "," +
      or_null(delivery.conversion) + (of_conversion ? ",1,1," : ",NULL,NULL,") + (delivery.tried ? "1," : "0,") + ms +
      "," + ms + "," + (pending ? ms : "NULL") + "," + (pending ? "NULL" : ms) +
      (delivery.tried ? ",503,'" + delivery.reason + "');" : ",NULL,NULL);");
  if (delivery.tried) {
    sql +=
        "INSERT INTO delivery_attempt (delivery, number, time_ms, duration_ms, http_status, reason, error, answer, "
        "request, address) VALUES (" +
        std::to_string(id) + ",1," + ms + ",42,503,'" + delivery.reason +
        "','it asks for less','busy','GET https://crm.example/?key=***','192.0.2.7:443');";
  }
  OtherConnection(server.store_file()).execute(sql);
  return delivery_text(id);
}

std::int64_t stored_number(const TestServer& server, const std::string& query) {
  return OtherConnection(server.store_file()).number(query);
}

}  // namespace postback::testing

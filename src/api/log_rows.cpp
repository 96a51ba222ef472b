// Writes clicks, conversions and logged postbacks as JSON.
#include "log_rows.hpp"

#include "json_object.hpp"

namespace postback::api {
namespace {

/// The 26-character form; empty for none.
std::string click_text(SnowflakeId click, const ClickIdKeys& keys) {
  return click == 0 ? std::string() : to_string(keys.sign(click));
}

/// `<click>-<n>`; empty for none.
std::string conversion_text(const std::string& click, std::uint32_t number) {
  return click.empty() || number == 0 ? std::string() : click + "-" + std::to_string(number);
}

}  // namespace

void append_row(std::string& out, const StoredClick& row, const RowNames& names) {
  JsonObject object(out);
  object.text("id", click_text(row.id, names.keys)).time("time", snowflake_time(row.id));
  object.text("campaign", names.catalog.id_of(EntityKind::campaign, row.campaign)).number("path", row.path);
  object.text("offer", names.catalog.id_of(EntityKind::offer, row.offer));
  object.text("source", names.catalog.id_of(EntityKind::source, row.source));
  object.text("external_id", row.external_id).text("external_name", row.external_name);
  for (unsigned i = 0; i < kSubIdCount; ++i) {
    if (!row.sub[i].empty()) object.text("sub" + std::to_string(i + 1), row.sub[i]);
  }
  object.text("extra", row.extra).money("cost", row.cost).text("cost_currency", row.cost_currency);
  object.text("ip", row.ip).text("user_agent", row.user_agent).text("referrer", row.referrer);
  object.text("language", row.language).number("revision", row.revision).close();
}

void append_row(std::string& out, const Conversion& row, const RowNames& names) {
  const auto click = click_text(row.click, names.keys);
  JsonObject object(out);
  object.text_or_null("conversion_id", conversion_text(click, row.number)).text("id", std::to_string(row.id));
  object.text_or_null("click_id", click).text("event", row.event).text("txid", row.txid);
  object.text("status", to_string(row.status)).text("original_status", row.original_status);
  object.money("payout", row.payout).money("amount", row.amount).text("currency", row.currency);
  object.text("reason", row.reason).time("time", row.time).time("updated", row.updated);
  object.number("revision", row.revision).close();
}

void append_row(std::string& out, const StoredPostback& row, const RowNames& names) {
  const auto click = click_text(row.click, names.keys);
  JsonObject object(out);
  object.text("id", std::to_string(row.id)).time("time", row.time).text("network", row.network);
  object.text("method", row.method).text("target", row.target).text("peer", row.peer).text("auth", row.authentication);
  object.raw("http_status", std::to_string(row.http_status)).text("result", row.result).text("code", row.code);
  object.text("message", row.message).text("fix", row.fix).text("evidence", row.evidence);
  object.texts("warnings", row.warnings).text_or_null("click_id", click);
  object.text_or_null("conversion_id", conversion_text(click, row.conversion_number));
  object.text("event", row.event).text("txid", row.txid).money("payout", row.payout).money("amount", row.amount);
  object.text("currency", row.currency).text("status", row.status).text("original_status", row.original_status);
  object.number("revision", row.revision).text("headers", row.headers).text("body", row.body).close();
}

}  // namespace postback::api

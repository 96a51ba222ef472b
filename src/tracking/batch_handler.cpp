// From one request to many readings, and back to one answer.
#include "tracking/batch_handler.hpp"

#include "postback/base/json_text.hpp"
#include "postback/base/log.hpp"
#include "postback/base/percent.hpp"
#include "postback/domain/matcher.hpp"
#include "postback/store/click_lookup.hpp"
#include "postback/store/foreign_lookup.hpp"
#include "tracking/request_limits.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace postback {
namespace {

constexpr std::string_view kPathEnd = "/batch";
/// What the matcher is not to read parameters from.
constexpr std::string_view kOpaque = "application/octet-stream";
/// In the place of a body that is not there yet. No signature is right for it but by chance.
constexpr std::string_view kBodyToCome = "?";

/// Whether the request may send postbacks, as far as its head tells: a signature is compared when the body is there.
bool head_authenticates(const http::Request& head, std::string_view network_id,
                        const std::shared_ptr<const Catalog>& catalog, const ClickIdKeys& keys) {
  const Network* network = catalog->network(network_id);
  if (network == nullptr) return false;
  const bool is_signed = !network->security.hmac_secrets.empty() || !network->security.webhook_secrets.empty();
  const Postback postback{.method = "POST",
                          .target = head.target,
                          .query = head.query,
                          .network = network_id,
                          .event = {},
                          .content_type = kOpaque,
                          .headers = head.headers_text,
                          .body = is_signed ? kBodyToCome : std::string_view(),
                          .peer = head.peer,
                          .secure = head.secure};
  const Reading reading = read(postback, catalog, keys);
  if (reading.authentication != Authentication::none) return true;
  return is_signed && reading.refusal && reading.refusal->code == VerdictCode::signature_wrong;
}

/// The header block with `content_type` in place of its own: what a row would have come with.
std::string headers_with(std::string_view block, std::string_view content_type) {
  std::string headers = "Content-Type: ";
  headers.append(content_type).append("\r\n");
  while (!block.empty()) {
    const auto end = block.find('\n');
    const auto line = block.substr(0, end == std::string_view::npos ? end : end + 1);
    block.remove_prefix(line.size());
    std::string name(line.substr(0, line.find(':')));
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (name != "content-type" && name != "content-length" && name != "transfer-encoding") headers += line;
  }
  return headers;
}

Verdict batch_refusal(VerdictCode code, std::string message, std::string fix) {
  Verdict verdict;
  verdict.code = code;
  verdict.message = std::move(message);
  verdict.fix = std::move(fix);
  return verdict;
}

Verdict unreadable(const PostbackRows& found, const BatchLimits& limits) {
  constexpr const char* kForms = "Send a JSON array, one JSON object a line (application/x-ndjson) or CSV (text/csv).";
  if (found.too_many) {
    return batch_refusal(VerdictCode::too_large,
                         "The batch has more than " + std::to_string(limits.rows) + " rows; none of them counts.",
                         "Divide it into several.");
  }
  if (found.unsupported)
    return batch_refusal(VerdictCode::unparseable, "The body is of a type that batches are not read from.", kForms);
  return batch_refusal(VerdictCode::unparseable, "The batch cannot be divided into rows: " + found.fault + ".", kForms);
}

void append_text(std::string& json, std::string_view name, std::string_view value) {
  json.append(",\"").append(name).append("\":");
  append_json_string(json, value);
}

}  // namespace

void BatchHandler::handle(http::Exchange& exchange, std::string_view network) {
  auto& state = exchange.state<BatchExchange>();
  state.begin(exchange, services_, catalog_.get(), network);
  if (services_.lookups.submit(state)) return;
  exchange.answer({.status = 503,
                   .content_type = "application/json",
                   .body =
                       "{\"result\":\"refused\",\"code\":\"store_unavailable\",\"message\":\"Too many postbacks wait; "
                       "send the batch again.\",\"warnings\":[]}\n",
                   .headers = {{"Retry-After", "5"}, {"Cache-Control", "no-store"}}});
}

bool BatchHandler::may_send_body(const http::Request& head) {
  auto path = head.path;
  path.remove_prefix(std::min(path.size(), std::string_view("/postback/").size()));
  std::string network;
  append_path_decoded(network, path.substr(0, path.size() - std::min(path.size(), kPathEnd.size())));
  return head_authenticates(head, network, catalog_.get(), services_.keys);
}

void BatchExchange::begin(http::Exchange& exchange, TrackingServices& services, std::shared_ptr<const Catalog> catalog,
                          std::string_view network) {
  exchange_ = &exchange;
  services_ = &services;
  sink_ = &exchange.sink();
  catalog_ = std::move(catalog);
  network_ = network;
  arrival_ = services.clock.wall();
  rows_.clear();
  open_ = 0;
  refused_ = false;
  wait_ = {};
  next_job = nullptr;
  target_ = "/postback/" + network_;
  if (!exchange.request.query.empty()) target_.append("?").append(exchange.request.query);
}

Postback BatchExchange::whole() const {
  const auto& request = exchange_->request;
  return {.method = request.method_text,
          .target = request.target,
          .query = request.query,
          .network = network_,
          .event = {},
          .content_type = kOpaque,
          .headers = request.headers_text,
          .body = request.body,
          .peer = request.peer,
          .arrival = arrival_,
          .secure = request.secure,
          .forwarded_for =
              request.forwarded ? std::string_view() : request.header("x-forwarded-for").value_or(std::string_view())};
}

void BatchExchange::read(Reader& reader) noexcept {
  const auto& request = exchange_->request;
  Reading reading = postback::read(whole(), catalog_, services_->keys);
  if (reading.authentication != Authentication::none) reading.refusal.reset();  // of the body, which has rows
  const auto limited = apply_request_limits(whole(), services_->counts, services_->clock.steady(), reading);
  wait_ = limited.wait;
  if (reading.refusal) return refuse_whole(std::move(reading), limited.logged);
  if (request.body_too_large) {
    reading.refusal = batch_refusal(VerdictCode::too_large,
                                    "The batch is larger than the " + std::to_string(services_->batch.bytes) +
                                        " bytes that this server accepts; none of its rows counts.",
                                    "Divide it into several.");
    return refuse_whole_within_limits(std::move(reading));
  }
  auto found = read_postback_rows(request.header("content-type").value_or(std::string_view()), request.body,
                                  services_->batch.rows);
  if (found.unsupported || found.too_many || !found.fault.empty()) {
    reading.refusal = unreadable(found, services_->batch);
    return refuse_whole_within_limits(std::move(reading));
  }
  for (auto& row : found.rows) add_row(row, reading.authentication, reader);
  submit_all();
}

/// What strangers may send to a network that asks for nothing is bounded in the log.
bool BatchExchange::is_logged(const Postback& postback, Reading& reading) {
  if (reading.authentication != Authentication::open || !reading.refusal) return true;
  return apply_request_limits(postback, services_->counts, services_->clock.steady(), reading).logged;
}

void BatchExchange::refuse_whole_within_limits(Reading reading) {
  const bool logged = is_logged(whole(), reading);
  refuse_whole(std::move(reading), logged);
}

/// Counted in place of a row of its own; answered on the io thread.
void BatchExchange::count_only(Row& row) {
  services_->figures.refusals_unlogged.fetch_add(1, std::memory_order_relaxed);
  services_->refusals.count(row);
  row.judgement.verdict = *row.reading.refusal;
  row.outcome = ItemOutcome::committed;
}

/// The batch is logged as one postback, with as much of its body as of any; under a flood it is counted only.
void BatchExchange::refuse_whole(Reading reading, bool logged) {
  refused_ = true;
  Row& row = rows_.emplace_back();
  row.batch = this;
  row.postback = whole();
  reading.click_id = {};
  reading.logged_body = std::string(utf8_prefix(reading.logged_body, kLongestPostbackBody));
  row.reading = std::move(reading);
  if (logged) return submit_all();
  count_only(row);
  open_ = 1;
  sink_->post(&row);
}

void BatchExchange::add_row(PostbackRow& found, Authentication authentication, Reader& reader) {
  Row& row = rows_.emplace_back();
  row.batch = this;
  row.body = std::move(found.body);
  row.headers = headers_with(exchange_->request.headers_text, found.content_type);
  row.postback = whole();
  row.postback.target = target_;
  row.postback.content_type = found.content_type;
  row.postback.headers = row.headers;
  row.postback.body = row.body;
  row.postback.body_too_large = row.body.size() > kLongestPostbackBody;
  if (row.postback.body_too_large) row.postback.body = {};
  row.postback.authenticated = authentication;
  row.reading = postback::read(row.postback, catalog_, services_->keys);
  if (!found.fault.empty()) {
    row.reading.foreign_id.clear();
    row.reading.refusal = batch_refusal(VerdictCode::unparseable, "The row cannot be read: " + found.fault + ".",
                                        "Give each row as many cells as the first row has names.");
  }
  if (const auto resolved = resolve_foreign_click(reader, services_->keys, row.postback, row.reading); !resolved) {
    spdlog::warn("postback.foreign_lookup_failed detail={}", log_value(resolved.error().detail));
  }
  row.logged = is_logged(row.postback, row.reading);
  if (row.reading.refusal) return;
  if (const auto click = look_up_click(reader, row.reading)) {
    row.click = *click;
  } else {
    spdlog::warn("postback.lookup_failed detail={}", log_value(click.error().detail));
  }
}

void BatchExchange::submit_all() {
  open_ = std::max<std::size_t>(rows_.size(), 1);
  if (rows_.empty()) {
    Row& none = rows_.emplace_back();  // an empty batch is answered on the io thread like any other
    none.batch = this;
    none.outcome = ItemOutcome::none;
    sink_->post(&none);
    return;
  }
  std::vector<Row*> all;
  all.reserve(rows_.size());
  for (auto& row : rows_) {
    if (!row.logged) count_only(row);
    all.push_back(&row);
  }
  // With the last row the batch may be answered, and gone, before its submit returns.
  Recorder& recorder = services_->recorder;
  TaskSink* const sink = sink_;
  for (Row* const row : all) {
    row->sink = sink;
    if (!row->logged) {
      row->next_task = nullptr;
      sink->post(row);  // counted already
      continue;
    }
    if (recorder.submit(*row) == SubmitResult::queued) continue;
    row->outcome = ItemOutcome::unavailable;
    row->next_task = nullptr;
    sink->post(row);
  }
}

void BatchExchange::settle() noexcept {
  if (--open_ == 0) answer();
}

void BatchExchange::append_row(std::string& json, const Row& row, std::size_t number) const {
  Verdict unavailable;
  unavailable.code = VerdictCode::store_unavailable;
  unavailable.message = "The row could not be stored just now and has had no effect that counts; send the batch again.";
  const bool stored = row.outcome == ItemOutcome::committed;
  const Verdict& verdict = stored ? row.judgement.verdict : unavailable;
  json += '{';
  if (number != 0) {
    json += "\"row\":" + std::to_string(number) + ",\"http_status\":" + std::to_string(verdict.http()) + ",";
  }
  json += "\"result\":";
  append_json_string(json, to_string(verdict.result));
  append_text(json, "code", to_string(verdict.code));
  append_text(json, "message", verdict.message);
  if (stored && row.postback_id != 0) append_text(json, "postback_id", std::to_string(row.postback_id));
  if (stored && row.judgement.conversion_number != 0) {
    append_text(
        json, "conversion_id",
        to_string(services_->keys.sign(row.conversion_click)) + "-" + std::to_string(row.judgement.conversion_number));
  }
  json += ",\"warnings\":[";
  for (std::size_t i = 0; i < verdict.warnings.size(); ++i) {
    if (i > 0) json += ',';
    append_json_string(json, verdict.warnings[i]);
  }
  json += "]}";
}

void BatchExchange::answer() {
  const bool empty = rows_.size() == 1 && rows_.front().outcome == ItemOutcome::none;
  bool unavailable = false;
  std::string json = refused_ ? "" : "{\"items\":[";
  for (std::size_t i = 0; i < rows_.size() && !empty; ++i) {
    if (i > 0) json += ',';
    append_row(json, rows_[i], refused_ ? 0 : i + 1);
    unavailable = unavailable || rows_[i].outcome != ItemOutcome::committed;
  }
  json += refused_ ? "\n" : "]}\n";
  const int refused_status = refused_ && !unavailable ? rows_.front().judgement.verdict.http() : 200;
  http::Exchange& answered = *exchange_;
  rows_.clear();
  catalog_.reset();
  auto writer = answered.respond(unavailable ? 503 : refused_status);
  if (unavailable) writer.header("Retry-After", "5");
  if (!unavailable && refused_status == 429 && wait_.count() > 0) {
    writer.header("Retry-After", std::to_string(std::chrono::ceil<std::chrono::seconds>(wait_).count()));
  }
  writer.header("Cache-Control", "no-store").finish(json, "application/json");
  answered.finish();
}

}  // namespace postback

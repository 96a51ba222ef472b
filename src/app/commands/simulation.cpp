// The steps of a simulation, in order.
#include "app/commands/simulation.hpp"

#include "app/client/answer_text.hpp"
#include "app/commands/simulated_objects.hpp"
#include "postback/base/percent.hpp"

namespace postback {
namespace {

Error wrong(std::string what) { return {ErrorCode::invalid_argument, std::move(what)}; }

/// Of the items of a page, the first whose `member` is `value`; null when there is none.
const Json* item_with(const Json& page, const char* member, std::string_view value) {
  const auto items = page.find("items");
  if (items == page.end() || !items->is_array()) return nullptr;
  for (const auto& item : *items) {
    if (text_of(item, member) == value) return &item;
  }
  return nullptr;
}

}  // namespace

Simulation::Simulation(ApiClient& client, const Clock& clock, Entropy& entropy, SimulationOptions options, Told told)
    : client_(client),
      clock_(clock),
      options_(std::move(options)),
      told_(std::move(told)),
      slug_("simulate-" + random_hex(entropy, 4)),
      campaign_(options_.campaign),
      network_(options_.network) {}

const std::vector<Simulation::Step>& Simulation::steps() {
  static const std::vector<Step> steps{
      {"server is ready", &Simulation::server_is_ready, true},
      {"catalog has a campaign", &Simulation::catalog_has_a_campaign, true},
      {"click is redirected", &Simulation::click_is_redirected, true},
      {"click is in the log", &Simulation::click_is_in_the_log, true},
      {"postback converts", &Simulation::postback_converts, true},
      {"repeat counts nothing", &Simulation::repeat_counts_nothing},
      {"conversion is stored", &Simulation::conversion_is_stored},
      {"macro is refused", &Simulation::macro_is_refused},
      {"mismatch is explained", &Simulation::mismatch_is_explained},
      {"metrics count", &Simulation::metrics_count},
  };
  return steps;
}

bool Simulation::take(const Step& step) {
  const auto begin = clock_.steady();
  const auto seen = (this->*step.take)();
  ++count_.steps;
  if (seen) ++count_.passed;
  told_({step.name, seen ? StepOutcome::passed : StepOutcome::failed, seen ? *seen : seen.error().detail,
         clock_.steady() - begin});
  return seen.has_value();
}

SimulationCount Simulation::run() {
  bool possible = true;
  for (const auto& step : steps()) {
    if (possible) {
      possible = take(step) || !step.needed;
    } else {
      ++count_.steps;
      told_({step.name, StepOutcome::left_out, "it needs a step that failed", {}});
    }
  }
  if (made_ && !options_.keep) take({"catalog is cleaned", &Simulation::catalog_is_cleaned});
  return count_;
}

Simulation::Seen Simulation::server_is_ready() {
  const auto answer = client_.visit(client_.access().url + "/readyz");
  if (!answer) return answer.error();
  if (answer->status != 200) return wrong("/readyz answers " + std::to_string(answer->status) + ": " + answer->body);
  const auto clicks = metric("postbackd_clicks_total", "");
  if (!clicks) return clicks.error();
  const auto converted = metric("postbackd_postbacks_total", "\"converted\"");
  if (!converted) return converted.error();
  clicks_before_ = *clicks;
  converted_before_ = *converted;
  return "/readyz answers 200";
}

Simulation::Seen Simulation::catalog_has_a_campaign() {
  if (!options_.campaign.empty()) {
    const auto found = client_.ask_json("GET", "/api/v1/campaigns/" + campaign_);
    if (!found) return found.error();
    return "campaign " + campaign_ + " is there";
  }
  campaign_ = slug_;
  if (network_.empty()) network_ = slug_;
  const auto imported = client_.ask_json("POST", "/api/v1/catalog", temporary_catalog(slug_, network_).dump());
  if (!imported) return imported.error();
  made_ = true;
  return "made " + slug_ + " as " + (network_ == slug_ ? "network, " : "") + "offer, source and campaign";
}

Simulation::Seen Simulation::click_is_redirected() {
  const auto answer = client_.visit(client_.access().public_url + "/c/" + campaign_ + "?cid=" + slug_);
  if (!answer) return answer.error();
  if (answer->status != 302) return wrong("the tracking link answers " + std::to_string(answer->status) + ", not 302");
  const std::string location(answer->header("Location").value_or(""));
  click_id_ = click_id_in(location);
  if (click_id_.empty()) return wrong("302, but there is no click ID in " + location);
  return "302, click ID " + click_id_;
}

Simulation::Seen Simulation::click_is_in_the_log() {
  const auto click = client_.ask_json("GET", "/api/v1/clicks/" + click_id_);
  if (!click) return click.error();
  if (text_of(*click, "campaign") != campaign_)
    return wrong("the click is stored, but not under campaign " + campaign_);
  const auto offer = text_of(*click, "offer");
  if (network_.empty()) {
    const auto stored = client_.ask_json("GET", "/api/v1/offers/" + offer);
    if (!stored) return stored.error();
    network_ = text_of(*stored, "network");
  }
  if (const auto learnt = learn_token(); !learnt) return learnt.error();
  return "campaign " + campaign_ + ", offer " + offer + ", network " + network_;
}

Result<void> Simulation::learn_token() {
  const auto network = client_.ask_json("GET", "/api/v1/networks/" + network_);
  if (!network) return network.error();
  token_ = text_of(*network, "token");
  if (token_.find('*') == std::string::npos) return {};
  return wrong("the key from " + client_.access().key_origin + " may not see the token of network " + network_ +
               "; a key with the role admin is needed");
}

Simulation::Seen Simulation::send_postback(const std::string& click_id, int status, const std::string& code) {
  std::string url = client_.access().public_url + "/postback/" + network_ + "?";
  if (!token_.empty()) {
    url += "token=";
    append_percent_encoded(url, token_);
    url += '&';
  }
  url += "click_id=" + click_id + "&payout=1.00&txid=" + slug_;
  const auto answer = client_.visit(url);
  if (!answer) return answer.error();
  const auto verdict = parse_strict_json(answer->body);
  if (!verdict || !verdict->is_object()) return wrong("the postback was answered with something that is no verdict");
  postback_id_ = text_of(*verdict, "postback_id");
  const auto seen = std::to_string(answer->status) + " " + text_of(*verdict, "code");
  if (answer->status == status && text_of(*verdict, "code") == code) return seen;
  return wrong(seen + " instead of " + std::to_string(status) + " " + code + ": " + text_of(*verdict, "message"));
}

Simulation::Seen Simulation::postback_converts() { return send_postback(click_id_, 200, "converted"); }

Simulation::Seen Simulation::repeat_counts_nothing() { return send_postback(click_id_, 200, "duplicate"); }

Simulation::Seen Simulation::macro_is_refused() { return send_postback("{clickid}", 400, "click_id_unreplaced"); }

Simulation::Seen Simulation::mismatch_is_explained() {
  if (postback_id_.empty()) return wrong("the refused postback has no ID in the log");
  const auto page = client_.ask_json("GET", "/api/v1/postbacks?id=" + postback_id_);
  if (!page) return page.error();
  const auto* row = item_with(*page, "id", postback_id_);
  if (row == nullptr) return wrong("the refused postback is not in the log");
  const auto fix = text_of(*row, "fix");
  if (fix.empty()) return wrong("the refused postback is in the log without a fix");
  return fix;
}

Simulation::Seen Simulation::conversion_is_stored() {
  const auto page = client_.ask_json("GET", "/api/v1/conversions?click_id=" + click_id_);
  if (!page) return page.error();
  const auto* row = item_with(*page, "txid", slug_);
  if (row == nullptr) return wrong("the click has no conversion with txid " + slug_);
  const auto log = client_.ask_json("GET", "/api/v1/postbacks?click_id=" + click_id_);
  if (!log) return log.error();
  for (const char* const code : {"converted", "duplicate"}) {
    if (item_with(*log, "code", code) == nullptr) return wrong(std::string("the log has no ") + code + " postback");
  }
  return text_of(*row, "conversion_id") + ", " + text_of(*row, "status") + ", " + text_of(*row, "payout") + " " +
         text_of(*row, "currency");
}

Simulation::Seen Simulation::metrics_count() {
  const auto clicks = metric("postbackd_clicks_total", "");
  if (!clicks) return clicks.error();
  const auto converted = metric("postbackd_postbacks_total", "\"converted\"");
  if (!converted) return converted.error();
  if (*clicks <= clicks_before_) return wrong("postbackd_clicks_total has not grown");
  if (*converted <= converted_before_) return wrong("postbackd_postbacks_total has not grown");
  return std::string("clicks and conversions were counted");
}

Result<double> Simulation::metric(std::string_view name, std::string_view label) {
  const auto page = client_.visit(client_.access().url + "/metrics");
  if (!page) return page.error();
  if (page->status != 200) return wrong("/metrics answers " + std::to_string(page->status));
  return metric_sum(page->body, name, label);
}

Simulation::Seen Simulation::catalog_is_cleaned() {
  // What refers to others first.
  for (const char* const collection : {"campaigns", "sources", "offers", "networks"}) {
    if (std::string_view(collection) == "networks" && network_ != slug_) continue;
    const auto archived = client_.ask("DELETE", "/api/v1/" + std::string(collection) + "/" + slug_);
    if (!archived) return archived.error();
  }
  return slug_ + " is archived";
}

}  // namespace postback

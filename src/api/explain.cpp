// Judges a described postback and says in one sentence what it would do.
#include "explain.hpp"

#include "postback/domain/matcher.hpp"
#include "postback/store/foreign_lookup.hpp"
#include "postback/store/network_lookup.hpp"

#include "described_postback.hpp"
#include "edit_problem.hpp"
#include "json_object.hpp"
#include "log_rows.hpp"
#include "problem.hpp"
#include "query_values.hpp"

namespace postback::api {
namespace {

/// A postback on its way through both steps.
struct Explained {
  Reading reading;
  Facts facts;
  Judgement judgement;
};

std::string sum_text(const Conversion& conversion) {
  const std::string payout = format_decimal(conversion.payout);
  return conversion.currency.empty() ? payout : payout + " " + conversion.currency;
}

/// ` status from pending to approved`, ...; empty when nothing that is shown changes.
std::string difference(const Conversion& before, const Conversion& after) {
  std::string text;
  const auto add = [&](std::string_view what, const std::string& from, const std::string& to) {
    if (from == to) return;
    text.append(text.empty() ? " " : ", ").append(what).append(" from ").append(from).append(" to ").append(to);
  };
  add("status", std::string(to_string(before.status)), std::string(to_string(after.status)));
  add("payout", sum_text(before), sum_text(after));
  return text;
}

std::string effect_text(const Explained& explained, const std::string& conversion) {
  const auto& judgement = explained.judgement;
  const auto& verdict = judgement.verdict;
  if (verdict.result == VerdictResult::test) return "It would be logged as a test and have no other effect.";
  if (judgement.effect && judgement.creates) {
    return "It would count a new conversion, " + conversion + ", as " +
           std::string(to_string(judgement.effect->status)) + " with a payout of " + sum_text(*judgement.effect) + ".";
  }
  const auto& before = explained.facts.conversion ? explained.facts.conversion : explained.facts.newest;
  if (judgement.effect && before) {
    const auto changes = difference(*before, *judgement.effect);
    return "It would change conversion " + conversion +
           (changes.empty() ? " in nothing but what is kept of the network's words." : ":" + changes + ".");
  }
  if (verdict.code == VerdictCode::click_unknown) {
    return "It would be refused with HTTP status " + std::to_string(verdict.http()) +
           " and logged, and judged again by itself when its click arrives.";
  }
  if (verdict.result == VerdictResult::refused) {
    return "It would be refused with HTTP status " + std::to_string(verdict.http()) +
           " and logged, and have no other effect.";
  }
  if (verdict.code == VerdictCode::ignored_by_rule) return "It would be logged and counted as nothing, as a rule says.";
  return "It would be logged and change nothing: conversion " + conversion + " stays as it is.";
}

/// What would be stored where it has an effect, else what was read.
void append_money_and_status(JsonObject& object, const Explained& explained) {
  const auto& reading = explained.reading;
  if (const auto& effect = explained.judgement.effect) {
    object.money("payout", effect->payout).money("amount", effect->amount).text("currency", effect->currency);
    object.text("status", to_string(effect->status)).text("original_status", effect->original_status);
    return;
  }
  object.money("payout", reading.payout).money("amount", reading.amount).text("currency", reading.currency);
  object.text("status", reading.refusal ? std::string_view() : to_string(reading.status));
  object.text("original_status", reading.original_status);
}

std::string explained_json(const Explained& explained, const ClickIdKeys& keys) {
  const auto& verdict = explained.judgement.verdict;
  const auto& reading = explained.reading;
  const SnowflakeId click = reading.click_id.high;
  const auto conversion =
      conversion_text(explained.judgement.conversion_click, explained.judgement.conversion_number, keys);
  std::string body;
  JsonObject object(body);
  object.text("result", to_string(verdict.result)).text("code", to_string(verdict.code));
  object.number("http_status", static_cast<std::uint64_t>(verdict.http())).text("message", verdict.message);
  object.text("evidence", verdict.evidence).text("fix", verdict.fix).texts("warnings", verdict.warnings);
  object.text_or_null("click_id", click_text(click, keys)).text_or_null("conversion_id", conversion);
  object.text("event", reading.event).text("txid", reading.txid);
  append_money_and_status(object, explained);
  object.text("would", effect_text(explained, conversion)).close();
  return body;
}

http::Response description_problem(const Faults& faults) {
  return problem(ProblemKind::invalid_document,
                 "The description of the postback is not valid; see errors for everything that is wrong with it.",
                 faults);
}

}  // namespace

http::Response explain_postback(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  if (auto refusal = refuse_unless_json(call.request)) return std::move(*refusal);
  const auto read_body = read_described_postback(call.request.body);
  if (const auto* faults = std::get_if<Faults>(&read_body)) return description_problem(*faults);
  const auto& described = std::get<DescribedPostback>(read_body);
  const auto& keys = call.services.click_id_keys;
  const auto catalog = call.services.catalog.current();
  auto postback = described.postback(call.services.clock.wall());
  if (auto found = find_network(call.reader, *catalog, keys, postback); found.has_error())
    return store_problem(found.error());
  Explained explained;
  explained.reading = read(postback, catalog, keys);
  const auto resolved = resolve_foreign_click(call.reader, keys, postback, explained.reading);
  if (!resolved) return store_problem(resolved.error());
  auto facts = call.reader.facts(explained.reading);
  if (facts.has_error()) return store_problem(facts.error());
  explained.facts = std::move(*facts);
  explained.judgement = judge(explained.reading, explained.facts);
  return json_response(200, explained_json(explained, keys));
}

}  // namespace postback::api

// Counting an impression: an advertisement was shown, whatever the campaign's state.
#include "tracking/impression_handler.hpp"

#include "tracking/visitor_answers.hpp"

namespace postback {

void count_impression(http::Exchange& exchange, ImpressionExchange& state, const Campaign& campaign,
                      TrackingServices& services, bool of_bot) {
  state.exchange = &exchange;
  state.sink = &exchange.sink();
  state.told_time = services.clock.wall();
  state.impressions = {campaign.number, impression_bucket(state.told_time), 1, of_bot};
  const auto submitted = services.recorder.submit(state);
  if (submitted == SubmitResult::queued) return;
  state.outcome = submitted == SubmitResult::spooled ? ItemOutcome::spooled : ItemOutcome::unavailable;
  state.answer(state);
}

void ImpressionHandler::handle(http::Exchange& exchange, std::string_view campaign_id) {
  const auto& catalog = *catalog_.get();
  const Campaign* const campaign = catalog.campaign(campaign_id);
  if (campaign == nullptr || campaign->archived) {
    services_.figures.unknown_campaign.fetch_add(1, std::memory_order_relaxed);
    return answer_not_found(exchange);
  }
  if (is_prefetch(exchange.request)) {
    services_.figures.prefetches.fetch_add(1, std::memory_order_relaxed);
    return answer_prefetch(exchange);
  }
  if (exchange.request.method == http::Method::head) return answer_pixel(exchange);
  auto& state = exchange.state<ImpressionExchange>();
  state.answer = [](ImpressionExchange& counted) { answer_pixel(*counted.exchange); };
  state.told = is_told(catalog, *campaign);
  if (state.told) {
    Visitor visitor{.time = services_.clock.wall()};
    VisitorFacts::read(exchange.request, visitor);
    Parameters parameters;
    parameters.add_query(exchange.request.query);
    state.told_detail = clicks_.describe(*campaign, visitor, parameters);
  }
  count_impression(exchange, state, *campaign, services_,
                   clicks_.is_bot(exchange.request.header("user-agent").value_or(std::string_view())));
}

}  // namespace postback

// Puts together what a delivery is about.
#include "domain/delivery_subject.hpp"

#include "postback/domain/impression_detail.hpp"

namespace postback {
namespace {

/// The request as PostbackParameters reads one.
Postback request_of(const PostbackText& text) {
  Postback request;
  request.method = text.body.empty() ? "GET" : "POST";
  request.target = text.target;
  const std::size_t mark = request.target.find('?');
  if (mark != std::string_view::npos) request.query = request.target.substr(mark + 1);
  request.content_type = text.content_type;
  request.body = text.body;
  return request;
}

}  // namespace

DeliverySubject::DeliverySubject(const Catalog& catalog, const DeliveryFacts& facts, Trigger trigger,
                                 EntityNumber campaign, std::string_view detail)
    : catalog_(catalog), of_conversion_(tells_of_conversions(trigger)) {
  if (trigger == Trigger::impression) {
    impression_ = read_impression(catalog, campaign, detail);
    click_ = &*impression_;
    return;
  }
  if (facts.click) click_ = &*facts.click;
  if (of_conversion_ && facts.conversion) conversion_ = &*facts.conversion;
  offer_number_ = facts.offer;
  offer_ = catalog.offer(facts.offer);
  if (facts.postback) postback_.emplace(request_of(*facts.postback));
}

KnownOfConversion DeliverySubject::known() const {
  return {.catalog = catalog_,
          .conversion = conversion_,
          .click = click_,
          .campaign = campaign(),
          .offer = offer_number_,
          .postback = postback()};
}

}  // namespace postback

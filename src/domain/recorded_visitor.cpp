// Puts a visitor together again from a click's row.
#include "postback/domain/recorded_visitor.hpp"

#include "domain/recorded_values.hpp"
#include "postback/domain/tested_headers.hpp"

namespace postback {
RecordedVisitor::RecordedVisitor(const StoredClick& click, const Campaign& campaign) : click_(click) {
  add_recorded_parameters(campaign.source, click, parameters_);
  visitor_ = Visitor{.time = snowflake_time(click.id),
                     .ip = click.ip,
                     .country = click.country,
                     .region = click.region,
                     .city = click.city,
                     .device = click.device,
                     .os = click.os,
                     .browser = click.browser,
                     .language = click.language,
                     .user_agent = click.user_agent,
                     .referrer = click.referrer,
                     .bot = click.bot,
                     .unique = click.unique,
                     .query = &parameters_,
                     .headers = this};
}

std::string_view RecordedVisitor::header(std::string_view name) const {
  return find_tested_header(click_.tested_headers, name);
}

}  // namespace postback

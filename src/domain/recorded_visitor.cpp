// Puts a visitor together again from a click's row.
#include "postback/domain/recorded_visitor.hpp"

#include "postback/domain/tested_headers.hpp"

namespace postback {
namespace {

void add_parameters(const StoredClick& click, const Source& source, Parameters& parameters) {
  if (!click.external_id.empty() && !source.external_id.empty()) {
    parameters.add_copy(click.external_name.empty() ? source.external_id.front() : click.external_name,
                        click.external_id);
  }
  for (unsigned i = 0; i < kSubIdCount; ++i) {
    if (!source.sub[i].empty() && !click.sub[i].empty()) parameters.add_copy(source.sub[i], click.sub[i]);
  }
}

}  // namespace

RecordedVisitor::RecordedVisitor(const StoredClick& click, const Campaign& campaign) : click_(click) {
  parameters_.add_query(click.extra);
  if (campaign.source != nullptr) add_parameters(click, *campaign.source, parameters_);
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

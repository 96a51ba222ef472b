// Builds the tracking link with the source's own macros.
#include "domain/tracking_link.hpp"

#include "domain/link_placeholders.hpp"
#include "domain/link_query.hpp"
#include "domain/source_profile.hpp"

namespace postback {
namespace {

/// A parameter that the source fills in.
struct SourceParameter {
  std::string field;
  std::string_view name;
  std::string meaning;
  std::string example;
};

std::vector<SourceParameter> parameters_of(const Source& source) {
  std::vector<SourceParameter> all;
  if (!source.external_id.empty()) {
    all.push_back({"external_id", source.external_id.front(), "its own click ID (external_id)", "test-click"});
  }
  if (!source.cost.empty()) all.push_back({"cost", source.cost, "the cost of the click (cost)", "0.01"});
  for (unsigned n = 0; n < kSubIdCount; ++n) {
    if (source.sub[n].empty()) continue;
    const std::string sub = "sub" + std::to_string(n + 1);
    all.push_back({sub, source.sub[n], "what you want to see as " + sub, "test-" + sub});
  }
  return all;
}

/// The source's own click ID where no macro asks for it: some add it by themselves, of others the macro is not known.
void explain_external_id(const Source& source, const SourceProfile& profile, Links& links) {
  const std::string& name = source.external_id.front();
  if (profile.appends_external_id) {
    links.notes.push_back(profile.name + " adds " + name + " to the link by itself.");
    return;
  }
  links.missing.push_back(
      {"sources/" + source.id + ": macros.external_id",
       "no macro of " + profile.name + " for its click ID is known, so the link leaves " + name + " out",
       "the macro as your account shows it, such as \"macros\":{\"external_id\":\"{click_id}\"}"});
}

void write_parameters(const Source& source, Links& links) {
  const auto* const profile = profile_of(source);
  LinkQuery link(links.tracking_link);
  LinkQuery test(links.test_link);
  for (const auto& parameter : parameters_of(source)) {
    test.text(parameter.name, parameter.example);
    const auto macro = source.macros.find(parameter.field);
    if (macro != source.macros.end()) {
      link.raw(parameter.name, macro->second);
    } else if (profile != nullptr && parameter.field == "external_id") {
      explain_external_id(source, *profile, links);
    } else {
      auto placeholder = source_placeholder(source, parameter.name, parameter.meaning);
      link.raw(parameter.name, placeholder.text);
      links.notes.push_back(std::move(placeholder.note));
    }
  }
  if (profile == nullptr) return;
  if (!profile->note.empty()) links.notes.push_back("About " + profile->name + ": " + profile->note);
  if (const auto warning = caution(profile->origin); !warning.empty())
    links.cautions.push_back(profile->name + ": " + warning);
}

}  // namespace

void build_tracking_link(const Campaign& campaign, const LinkRequest& request, std::string_view base_url,
                         Links& links) {
  const std::string place = "campaigns/" + campaign.id;
  if (campaign.archived) {
    links.missing.push_back(
        {place, "is archived, so its link leads to no offer", "another campaign, or a restored revision"});
    return;
  }
  links.tracking_link = std::string(base_url) + "/c/" + campaign.id;
  links.test_link = links.tracking_link;
  if (campaign.source == nullptr) {
    links.notes.push_back("Campaign " + campaign.id + " has no source, so the tracking link carries no parameters.");
  } else if (request.source_params) {
    write_parameters(*campaign.source, links);
  }
  if (campaign.paused) {
    links.missing.push_back({place + ": state", "is paused, so its link sends nobody to an offer", "active"});
    links.test_link.clear();
    return;
  }
  links.notes.push_back("test_link records a click like any other, with example values.");
}

}  // namespace postback

// Writes profiles as Markdown tables.
#include "support/profile_tables.hpp"

#include <array>

namespace postback::testing {
namespace {

std::string code(std::string_view text) { return text.empty() ? std::string{} : "`" + std::string(text) + "`"; }

void add(std::string& list, const std::string& text) {
  if (!text.empty()) (list.empty() ? list : list.append(" ")).append(text);
}

std::string page(const ProfileOrigin& origin) {
  return origin.source.empty() ? "none" : "[" + origin.tier + "](" + origin.source + ")";
}

std::string mark(const ProfileOrigin& origin) {
  if (origin.is_confirmed()) return "";
  if (origin.is_secondhand()) return "**unconfirmed**";
  std::string fields;
  for (const auto& field : origin.unconfirmed) add(fields, code(field));
  return "**unconfirmed:** " + fields;
}

std::string row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const auto& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

const std::string& text_of(const NetworkProfile& profile, PostbackField field) {
  return (profile.sends_json ? profile.params : profile.tokens)[static_cast<std::size_t>(field)];
}

std::string click_token(const NetworkProfile& profile) {
  const auto& text = text_of(profile, PostbackField::click_id);
  return text.empty() ? "none known" : (profile.sends_json ? "JSON: " : "") + code(text);
}

std::string other_tokens(const NetworkProfile& profile) {
  constexpr std::array kFields{PostbackField::payout, PostbackField::currency, PostbackField::txid,
                               PostbackField::event, PostbackField::status};
  std::string list;
  for (const auto field : kFields) {
    const auto& text = text_of(profile, field);
    if (!text.empty()) (list.empty() ? list : list.append(", ")).append(to_string(field)).append(" " + code(text));
  }
  return list;
}

std::string link_of(const NetworkProfile& profile) {
  if (!profile.link_form.empty()) return code(profile.link_form);
  return profile.click_param.empty() ? "not known" : code(profile.click_param);
}

}  // namespace

std::string network_table(const Profiles& profiles) {
  std::string table = "| profile | name | link | click ID | other fields | page | |\n|---|---|---|---|---|---|---|\n";
  for (const auto& profile : profiles.networks()) {
    table += row({code(profile.id), profile.name, link_of(profile), click_token(profile), other_tokens(profile),
                  page(profile.origin), mark(profile.origin)});
  }
  return table;
}

std::string source_table(const Profiles& profiles) {
  std::string table = "| profile | name | click ID | cost | sub1 and on | page | |\n|---|---|---|---|---|---|---|\n";
  for (const auto& profile : profiles.sources()) {
    std::string external;
    for (const auto& name : profile.external_id) add(external, code(name));
    add(external, profile.appends_external_id         ? "added by itself"
                  : profile.external_id_macro.empty() ? "macro not known"
                                                      : code(profile.external_id_macro));
    std::string subs;
    for (const auto& sub : profile.subs) add(subs, code(sub.macro));
    table += row({code(profile.id), profile.name, external, code(profile.cost.macro), subs, page(profile.origin),
                  mark(profile.origin)});
  }
  return table;
}

std::string destination_table(const DestinationProfiles& profiles) {
  std::string table = "| profile | name | settings | page | |\n|---|---|---|---|---|\n";
  for (const auto& profile : profiles.all()) {
    std::string settings;
    if (!profile.has_url() && !profile.is_feed()) add(settings, "the URL (`url`)");
    for (const auto& setting : profile.settings) {
      std::string cell = code(setting.name);
      if (setting.secret) cell += " (secret)";
      if (!setting.required) cell = "[" + cell + "]";
      add(settings, cell);
    }
    std::string notes;
    for (const auto& [ours, theirs] : profile.words) add(notes, code(ours) + " is " + code(theirs) + ".");
    const auto* const source = built_in_profiles().source(profile.id);
    if (source != nullptr && !source->origin.is_confirmed()) add(notes, "**unconfirmed**");
    table += row({code(profile.id), profile.name, settings,
                  profile.source.empty() ? "none" : "[page](" + profile.source + ")", notes});
  }
  return table;
}

std::string missing_destination_table(const DestinationProfiles& profiles) {
  std::string table = "| source | name | what to write instead |\n|---|---|---|\n";
  for (const auto& id : profiles.missing()) {
    const auto fault = profiles.missing(id);
    table += row({code(id), built_in_profiles().source(id)->name, fault->problem + ": " + fault->expected});
  }
  return table;
}

}  // namespace postback::testing

// Builds postback URLs in the network's own macros.
#include "domain/postback_link.hpp"

#include "domain/campaign_offers.hpp"
#include "domain/link_placeholders.hpp"
#include "domain/link_query.hpp"
#include "domain/network_profile.hpp"
#include "domain/test_postback.hpp"

#include <algorithm>
#include <array>

namespace postback {
namespace {

constexpr std::array kFields{PostbackField::click_id, PostbackField::payout, PostbackField::amount,
                             PostbackField::currency, PostbackField::txid,   PostbackField::event,
                             PostbackField::status,   PostbackField::reason, PostbackField::time};
/// What any network may have a macro for, so that a placeholder asks for it.
bool is_common(PostbackField field) {
  return field == PostbackField::click_id || field == PostbackField::payout || field == PostbackField::currency ||
         field == PostbackField::txid || field == PostbackField::status;
}

/// The query parameter that carries {clickid} in a URL template's text; empty if none does.
std::string_view click_parameter_in(std::string_view text) {
  const auto value = text.find("={clickid");
  if (value == std::string_view::npos) return {};
  const auto start = text.find_last_of("?&", value);
  return start == std::string_view::npos ? std::string_view{} : text.substr(start + 1, value - start - 1);
}

class PostbackLinkBuilder {
 public:
  explicit PostbackLinkBuilder(const PostbackLinkPlace& place)
      : place_(place), network_(place.network), profile_(profile_of(place.network)) {
    links_.network = network_.id;
    links_.event = place.event;
  }

  PostbackLinks build() {
    const auto click_param = click_parameter();
    if (profile_ != nullptr && profile_->sends_json) {
      write_for_json();
    } else if (profile_ != nullptr && token_of(PostbackField::click_id).empty()) {
      ask_for_token();
    } else {
      write_all(click_param);
    }
    explain();
    if (place_.test) write_test(click_param);
    return std::move(links_);
  }

 private:
  std::string click_parameter();
  void ask_for_token();
  void write_for_json();
  void write_all(std::string_view click_param);
  std::string written(std::string_view click_param, std::string_view status, bool notes);
  void write_field(LinkQuery& query, PostbackField field, std::string_view click_param, bool notes);
  void write_token(LinkQuery& query) const;
  void write_test(std::string_view click_param);
  void explain();

  std::string address() const {
    return place_.reader.base_url + "/postback/" + network_.id +
           (place_.event.empty() ? std::string{} : "/" + std::string(place_.event));
  }
  const std::string& token_of(PostbackField field) const { return network_.tokens[static_cast<std::size_t>(field)]; }
  const std::string& name_of(PostbackField field) const {
    return network_.names[static_cast<std::size_t>(field)].front();
  }
  void note(std::string text) { links_.notes.push_back(std::move(text)); }

  const PostbackLinkPlace& place_;
  const Network& network_;
  const NetworkProfile* profile_;
  PostbackLinks links_;
};

/// Under which name the network receives our click ID, as configured or as one of the campaign's offers has it.
std::string PostbackLinkBuilder::click_parameter() {
  if (!network_.click_param.empty()) return network_.click_param;
  for (const auto* offer : offers_of(place_.campaign)) {
    if (offer->network != &network_) continue;
    if (const auto name = click_parameter_in(offer->url.text()); !name.empty()) return std::string(name);
  }
  if (profile_ != nullptr && profile_->link_style == LinkStyle::path) return {};
  links_.missing.push_back(
      {"networks/" + network_.id + ": click_param",
       "the network's click parameter is not configured, so it cannot be said where it finds our click ID",
       "the parameter of its links that carries the click ID, such as \"sub1\""});
  return {};
}

void PostbackLinkBuilder::ask_for_token() {
  links_.missing.push_back(
      {"networks/" + network_.id + ": tokens.click_id",
       "no macro of " + profile_->name +
           " is known that gives our click ID back, so no postback of it could be joined to a click",
       "the macro as your account shows it, such as \"tokens\":{\"click_id\":\"{sub1}\"}"});
}

void PostbackLinkBuilder::write_for_json() {
  links_.postback_url = address();
  LinkQuery query(links_.postback_url);
  write_token(query);
  note(network_.name +
       " posts a JSON object with names of its own, which its profile knows: enter postback_url as it is.");
}

void PostbackLinkBuilder::write_all(std::string_view click_param) {
  if (profile_ == nullptr || profile_->status_urls.empty()) {
    links_.postback_url = written(click_param, {}, true);
    return;
  }
  for (const auto status : profile_->status_urls)
    links_.status_urls.emplace_back(status, written(click_param, to_string(status), links_.status_urls.empty()));
  links_.postback_url = links_.status_urls.front().second;
  note(network_.name + " takes a postback URL for each status: status_urls has them all, postback_url is the first.");
}

/// The postback URL; `status`: written out, where no macro stands for it.
std::string PostbackLinkBuilder::written(std::string_view click_param, std::string_view status, bool notes) {
  std::string url = address();
  LinkQuery query(url);
  for (const auto field : kFields) {
    const bool of_payout = field == PostbackField::payout || field == PostbackField::currency;
    if (network_.fixed_payout && of_payout) continue;
    if (field == PostbackField::event && !place_.event.empty()) continue;
    if (field == PostbackField::status && !status.empty())
      query.text(name_of(field), status);
    else
      write_field(query, field, click_param, notes);
  }
  write_token(query);
  return url;
}

void PostbackLinkBuilder::write_field(LinkQuery& query, PostbackField field, std::string_view click_param, bool notes) {
  if (const auto& token = token_of(field); !token.empty()) {
    query.raw(name_of(field), token);
  } else if (profile_ == nullptr && is_common(field)) {
    auto placeholder = postback_placeholder(network_, field, click_param);
    query.raw(name_of(field), placeholder.text);
    if (notes) note(std::move(placeholder.note));
  }
}

void PostbackLinkBuilder::write_token(LinkQuery& query) const {
  if (network_.token.empty()) return;
  query.raw(name_of(PostbackField::token),
            place_.reader.sees_tokens ? std::string_view(network_.token) : std::string_view("***"));
}

void PostbackLinkBuilder::write_test(std::string_view click_param) {
  links_.test_postback = address();
  LinkQuery query(links_.test_postback);
  write_test_values(place_.campaign, network_, query);
  write_token(query);
  query.text(name_of(PostbackField::test), "1");
  note(test_postback_note(click_param));
}

void PostbackLinkBuilder::explain() {
  if (network_.fixed_payout) note("The payout of " + network_.name + " is fixed: the offer's counts, so none is sent.");
  if (place_.event.empty() && token_of(PostbackField::event).empty()) {
    note("Conversions of this postback_url are of the event \"conversion\"; ask again with an event for another.");
  }
  if (profile_ != nullptr && profile_->event_urls && place_.event.empty())
    note(network_.name + " takes a postback URL for each event: ask again with each.");
  if (network_.token.empty()) {
    note(network_.name + " needs no token: anybody who knows a click ID can report its conversions.");
  } else if (!place_.reader.sees_tokens) {
    note("The token of " + network_.name +
         " is shown as ***: only keys with the role admin see it. Have an administrator put it in.");
  }
  if (profile_ != nullptr && !profile_->note.empty()) note("About " + profile_->name + ": " + profile_->note);
}

}  // namespace

PostbackLinks build_postback_links(const PostbackLinkPlace& place) { return PostbackLinkBuilder(place).build(); }

}  // namespace postback

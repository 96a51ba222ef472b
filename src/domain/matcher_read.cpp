// read(): from the bytes of a request to what it says, or to the refusal that the catalog alone can give.
#include "domain/ascii_text.hpp"
#include "domain/click_id_reading.hpp"
#include "domain/credential_masking.hpp"
#include "domain/postback_authentication.hpp"
#include "domain/postback_network.hpp"
#include "domain/postback_parameters.hpp"
#include "domain/postback_token.hpp"
#include "domain/postback_values.hpp"
#include "domain/request_hash.hpp"
#include "domain/secret_masking.hpp"
#include "domain/shape_words.hpp"
#include "domain/verdict_text.hpp"
#include "postback/domain/matcher.hpp"
#include "postback/domain/postback_shape.hpp"

#include <algorithm>
#include <utility>

namespace postback {
namespace {

/// One request on its way through the checks of step one. Each check may set the reading's refusal, which ends it.
class PostbackReader {
 public:
  PostbackReader(const Postback& postback, std::shared_ptr<const Catalog> catalog, const ClickIdKeys& keys)
      : postback_(postback), keys_(keys), mask_(*catalog), parameters_(postback) {
    reading_.catalog = std::move(catalog);
    reading_.arrival = postback.arrival;
  }

  Reading run() {
    find_network();
    mask_tokens();
    reading_.test = is_test();
    keep_for_log();
    decide();
    if (reading_.refusal) {
      reading_.refusal->warnings = reading_.warnings;
      if (reading_.test) make_test(*reading_.refusal);
    }
    return std::move(reading_);
  }

 private:
  void find_network() {
    reading_.network = reading_.catalog->network(postback_.network);
    parameters_.name_fields(field_names(postback_.shape, reading_.network));
  }

  /// Whatever arrived as token or signature is masked, right or wrong, under whichever of its names.
  void mask_tokens() {
    mask_.add(postback_.path_key);
    const auto names = credential_names();
    for (const auto& parameter : parameters_.all()) {
      if (names.hold(parameter.name)) mask_.add(parameter.value);
    }
  }

  /// Known before anything else, since a test is answered 200 whatever is wrong with it.
  bool is_test() const {
    const std::string_view value = parameters_[PostbackField::test].value;
    return value == "1" || equal_ignoring_case(value, "true") || equal_ignoring_case(value, "yes");
  }

  void decide() {
    if (reading_.network == nullptr) {
      return leaves_network_to_click(postback_.shape) ? refuse_without_network() : refuse_network();
    }
    authenticate({postback_, *reading_.network, *reading_.catalog, parameters_, mask_}, reading_);
    if (reading_.refusal) return;
    if (postback_.body_too_large) return refuse_size();
    check_body();
    warn_of_html_escaping();
    if (!reading_.refusal) check_repeated();
    if (!reading_.refusal) read_values();
  }

  /// The URL serves all networks, and neither click nor token says whose postback this is. It waits for the click,
  /// which will say how it has to authenticate, and so what it proves is noted while its secrets are there.
  void refuse_without_network() {
    static const Network kNone;
    if (postback_.body_too_large) return refuse_size();
    check_body();
    if (!reading_.refusal) check_repeated();
    if (!reading_.refusal) read_click_id({postback_, kNone, parameters_, keys_, mask_}, reading_);
    if (reading_.refusal) return;
    reading_.refusal =
        refusal(VerdictCode::click_unknown, "The click ID is valid, but its click is not recorded here.",
                "Click " + to_string(reading_.click_id) +
                    " is not in the store, and this URL leaves it to the click which network the postback is of.",
                "Check whether the click belongs to another installation with the same keys, or was lost: when a store "
                "was restored, when the process died without it, or when the memory for clicks was full while the "
                "store refused (`postbackd_clicks_unrecorded_total` in the metrics, `recorder.visits_lost` in the "
                "log). The postback is kept in the log, and judged again by itself when its click arrives.");
    reading_.awaits_network = is_dropped_in(postback_.shape);
    if (reading_.awaits_network) reading_.proved_to = networks_proved_to(postback_, *reading_.catalog, parameters_);
  }

  void refuse_network() {
    const bool named = !postback_.network.empty();
    reading_.refusal =
        refusal(VerdictCode::network_unknown, "No network goes by the name in this postback's path.",
                named ? "The path names " + quoted(mask_, postback_.network) + "." : "The path names no network.",
                mask_.text(explain_unknown_network(*reading_.catalog, postback_.network)));
  }

  void refuse_size() {
    reading_.refusal = refusal(VerdictCode::too_large, "The body is larger than this server accepts for a postback.",
                               "The body exceeded the limit and was not kept.",
                               "Send one postback per request, with the parameters listed in the documentation only.");
  }

  void check_body() {
    if (parameters_.form() == BodyForm::unsupported) {
      if (!trim(parameters_[PostbackField::click_id].value).empty()) {
        reading_.warnings.push_back("The body came as " + quoted(mask_, postback_.content_type) +
                                    ", which postbacks are not read from; only the URL's parameters count.");
        return;
      }
      reading_.refusal = refusal(VerdictCode::unparseable, "The body is of a type that postbacks are not read from.",
                                 "Content-Type arrived as " + quoted(mask_, postback_.content_type) + ".",
                                 "Send the body as application/x-www-form-urlencoded or application/json and say so in "
                                 "Content-Type, or put the parameters into the URL.");
    } else if (const auto& fault = parameters_.body_fault()) {
      const std::string where = " at byte " + std::to_string(fault->position);
      reading_.refusal = refusal(VerdictCode::unparseable, "The body cannot be read as JSON" + where + ".",
                                 "The JSON body is faulty" + where + ": " + mask_.text(fault->reason) + ".",
                                 "Send one JSON object in UTF-8 without a byte order mark, at most " +
                                     std::to_string(kDeepestJson) + " levels deep.");
    }
  }

  bool is_known_name(std::string_view name) const {
    for (std::size_t i = 0; i < kPostbackFieldCount; ++i) {
      for (const auto& known : parameters_.names(static_cast<PostbackField>(i))) {
        if (equal_ignoring_case(name, known)) return true;
      }
    }
    return false;
  }

  void warn_of_html_escaping() {
    for (const auto& parameter : parameters_.all()) {
      if (!parameter.name.starts_with(kHtmlAmpersand)) continue;
      if (!is_known_name(parameter.name.substr(kHtmlAmpersand.size()))) continue;
      reading_.warnings.push_back("The parameter " + quoted(mask_, parameter.name) +
                                  " was not read: the postback URL was copied with HTML escaping (`&amp;`); write a "
                                  "plain `&` between the parameters.");
      return;
    }
  }

  void check_repeated() {
    for (std::size_t i = 0; i < kPostbackFieldCount; ++i) {
      const auto which = static_cast<PostbackField>(i);
      const Field& field = parameters_[which];
      if (field.repeated) return refuse_repeated(field);
      warn_of_choice(which, field);
    }
  }

  void refuse_repeated(const Field& field) {
    const std::string name = quoted(mask_, field.name);
    reading_.refusal =
        refusal(VerdictCode::parameter_repeated, "The parameter " + name + " came twice with different values.",
                name + " arrived as " + quoted(mask_, field.value) + " and as " + quoted(mask_, field.other) + ".",
                "Leave one of the two out of the postback URL or its body.");
  }

  /// Says which of several values counts.
  void warn_of_choice(PostbackField which, const Field& field) {
    const std::string name = quoted(mask_, field.name);
    const std::string value = quoted(mask_, field.value);
    if (field.other_case) {
      reading_.warnings.push_back("The parameter " + name + " was read as `" + std::string(to_string(which)) +
                                  "` although its letters differ in case.");
    }
    if (field.doubled) {
      reading_.warnings.push_back("The parameter " + name + " came as " + value + " and as " +
                                  quoted(mask_, field.other) + "; " + value + " counts.");
    }
    if (!field.rival.empty()) {
      reading_.warnings.push_back(name + " came as " + value + " and " + quoted(mask_, field.rival) + " as " +
                                  quoted(mask_, field.rival_value) + ", though both mean the same; " + name +
                                  " counts.");
    }
  }

  void read_values() {
    hash_request();
    const ValueContext context{postback_.shape, *reading_.network, parameters_, mask_, reading_};
    read_event(context, postback_.event);
    read_txid(context);
    read_status(context);
    read_reason_and_time(context);
    read_click_id({postback_, *reading_.network, parameters_, keys_, mask_}, reading_);
    if (!reading_.refusal) check_event(context);
    if (!reading_.refusal) read_money(context);
    if (!reading_.refusal) ignore_in_shape();
  }

  /// Keitaro's `ignore_status`.
  void ignore_in_shape() {
    if (!is_ignored_in_shape(postback_.shape, parameters_, to_ascii_lower(reading_.original_status))) return;
    const std::string word = quoted(mask_, reading_.original_status);
    reading_.refusal = refusal(VerdictCode::ignored_by_rule,
                               "The postback's URL asks to ignore the status " + word + ", so nothing was counted.",
                               "The status arrived as " + word + " and stands in `ignore_status`.",
                               "If such postbacks are to count, take the word out of `ignore_status`.");
    reading_.refusal->result = VerdictResult::accepted;
  }

  /// Of the request as the log keeps it, so that it is the same when its row is judged again.
  void hash_request() {
    Postback logged = postback_;
    logged.target = reading_.logged_target;
    logged.query = logged.target.substr(std::min(logged.target.find('?'), logged.target.size() - 1) + 1);
    logged.body = reading_.logged_body;
    reading_.request_hash = request_hash(logged, *reading_.network);
  }

  void keep_for_log() {
    reading_.logged_network = mask_.text(postback_.network);
    const auto names = credential_names();
    reading_.logged_target = mask_.encoded(mask_target_credentials(postback_.target, names));
    reading_.logged_headers = mask_.headers(postback_.headers);
    switch (body_form(postback_)) {
      case BodyForm::form: reading_.logged_body = mask_.encoded(mask_credentials(postback_.body, names)); break;
      case BodyForm::json: reading_.logged_body = mask_.json(mask_json_credentials(postback_.body, names)); break;
      case BodyForm::none:
      case BodyForm::unsupported: reading_.logged_body = mask_.json(mask_credentials(postback_.body, names)); break;
    }
  }

  CredentialNames credential_names() const {
    return {parameters_.names(PostbackField::token), parameters_.names(PostbackField::sign)};
  }

  const Postback& postback_;
  const ClickIdKeys& keys_;
  SecretMask mask_;
  PostbackParameters parameters_;
  Reading reading_;
};

}  // namespace

Reading read(const Postback& postback, std::shared_ptr<const Catalog> catalog, const ClickIdKeys& keys) {
  return PostbackReader(postback, std::move(catalog), keys).run();
}

}  // namespace postback

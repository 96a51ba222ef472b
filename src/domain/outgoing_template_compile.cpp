// Compiling outgoing templates: every check that can be made is made here, once, so that rendering cannot fail.
#include "domain/json_template.hpp"
#include "domain/template_places.hpp"
#include "domain/template_tokens.hpp"
#include "domain/url_origin.hpp"
#include "postback/base/strict_json.hpp"
#include "postback/domain/outgoing_template.hpp"

#include <algorithm>
#include <utility>

namespace postback {
namespace {

constexpr std::string_view kNumber = "number";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool is_no_form_byte(char c) { return c < '!' || c > '~'; }

std::string braced(const TokenText& token) { return "{" + std::string(token.name) + "}"; }

/// Takes `number` off the end of the token's modifiers; whether it was there.
bool take_number(TokenText& token) {
  if (token.modifiers.empty() || token.modifiers.back() != kNumber) return false;
  token.modifiers.pop_back();
  return true;
}

}  // namespace

/// Works on one template and is thrown away.
class OutgoingCompiler {
 public:
  OutgoingCompiler(std::string_view text, OutgoingPlace place)
      : text_(text), tokens_(find_tokens(text)), masked_(mask_tokens(text, tokens_)) {
    made_.place_ = place;
    made_.text_ = text;
  }

  Result<OutgoingTemplate> run() {
    check_place();
    if (made_.place_ == OutgoingPlace::json) settle_json_places();
    const std::size_t path_end = std::min(masked_.find_first_of("?#"), masked_.size());
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      OutgoingTemplate::Segment segment;
      segment.has_token = true;
      segment.in_path = tokens_[i].begin < path_end;
      segment.quoted = i < places_.size() && places_[i].quoted;
      add_literal(segment, tokens_[i].begin, tokens_[i].end, i < places_.size() && places_[i].whole);
      read_token(tokens_[i], segment);
      made_.segments_.push_back(std::move(segment));
    }
    if (!problems_.empty()) return Error{ErrorCode::invalid_argument, std::move(problems_)};
    OutgoingTemplate::Segment rest;
    rest.literal = text_.substr(literal_);
    made_.segments_.push_back(std::move(rest));
    return std::move(made_);
  }

 private:
  void check_place() {
    switch (made_.place_) {
      case OutgoingPlace::url: return check_url();
      case OutgoingPlace::form: return check_form();
      case OutgoingPlace::header:
        if (std::ranges::any_of(masked_, is_control)) add_problem(problems_, "has a control character; remove it");
        return;
      case OutgoingPlace::json:
      case OutgoingPlace::text: return;
    }
  }

  void check_url() {
    check_url_places(masked_, tokens_, problems_);
    if (!problems_.empty()) return;
    const Result<std::size_t> origin = parse_origin(masked_);
    if (origin)
      made_.origin_length_ = *origin;
    else
      add_problem(problems_, origin.error().detail);
  }

  void check_form() {
    check_form_places(masked_, tokens_, problems_);
    if (std::ranges::any_of(masked_, is_no_form_byte)) {
      add_problem(problems_,
                  "has a space, control character or character outside ASCII; write it percent-encoded, as in "
                  "a=1&b={txid}");
    }
  }

  /// Finds out which tokens stand in strings, and whether the whole is JSON.
  void settle_json_places() {
    places_ = find_json_places(masked_, tokens_);
    std::string filled;
    std::size_t literal = 0;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      TokenText& token = tokens_[i];
      JsonPlace& place = places_[i];
      const std::string_view whole = text_.substr(token.begin, token.end - token.begin);
      if (whole.find_first_of("\"\\") != std::string_view::npos)
        add_problem(problems_,
                    braced(token) + " holds a quote or backslash, which JSON would need escaped; leave it out");
      const bool number = take_number(token);
      if (number && place.quoted && !place.whole)
        add_problem(problems_, braced(token) + ": number needs a string that is this token and nothing else");
      if (number && place.whole) place.quoted = false;
      place.whole = number && place.whole;
      filled += text_.substr(literal, token.begin - literal - (place.whole ? 1 : 0));
      filled += place.quoted ? "x" : "null";
      literal = token.end + (place.whole ? 1 : 0);
    }
    filled += text_.substr(literal);
    const Result<Json> parsed = parse_strict_json(filled);
    if (!parsed) {
      add_problem(problems_, "is not JSON once its tokens are filled in: " + parsed.error().detail);
      return;
    }
    check_names();
  }

  /// A token in a string that a colon follows.
  void check_names() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (!places_[i].quoted) continue;
      std::size_t end = tokens_[i].end;
      while (end < masked_.size() && masked_[end] != '"') end += masked_[end] == '\\' ? 2U : 1U;
      const std::size_t next = masked_.find_first_not_of(" \t\r\n", end + 1);
      if (next != std::string::npos && masked_[next] == ':')
        add_problem(problems_, braced(tokens_[i]) + " stands in the name of a member; use tokens only in values");
    }
  }

  /// What stands before a token, without the quotes of a string that becomes a number.
  void add_literal(OutgoingTemplate::Segment& segment, std::size_t begin, std::size_t end, bool unquotes) {
    segment.literal = text_.substr(literal_, begin - literal_ - (unquotes ? 1 : 0));
    literal_ = end + (unquotes ? 1 : 0);
  }

  void read_token(TokenText& token, OutgoingTemplate::Segment& segment) {
    OutgoingMeaning meaning = look_up_outgoing_token(token.name);
    if (meaning.own) {
      segment.outgoing = true;
      segment.own = *meaning.own;
      segment.name = std::move(meaning.parameter);
      made_.outgoing_used_ |= std::uint32_t{1} << static_cast<unsigned>(segment.own);
    } else if (meaning.click.token) {
      segment.token = *meaning.click.token;
      segment.name = std::move(meaning.click.query_name);
      made_.click_used_ |= std::uint64_t{1} << static_cast<unsigned>(segment.token);
    } else {
      return add_problem(problems_, meaning.click.problem);
    }
    if (take_number(token)) add_problem(problems_, braced(token) + ": number belongs into JSON, behind all others");
    for (const std::string_view text : token.modifiers) {
      auto modifier = parse_modifier(text);
      if (modifier)
        segment.modifiers.push_back(*std::move(modifier));
      else
        add_problem(problems_, braced(token) + ": " + modifier.error().detail);
    }
  }

  std::string_view text_;
  std::vector<TokenText> tokens_;
  std::string masked_;
  std::vector<JsonPlace> places_;  ///< Of JSON; `whole` where a string becomes a number.
  OutgoingTemplate made_;
  std::string problems_;
  std::size_t literal_ = 0;  ///< Where the literal behind the last token begins.
};

Result<OutgoingTemplate> OutgoingTemplate::compile(std::string_view text, OutgoingPlace place) {
  return OutgoingCompiler(text, place).run();
}

}  // namespace postback

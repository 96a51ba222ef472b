// Compiling a URL template: every check that can be made is made here, once, so that rendering cannot fail.
#include "domain/template_places.hpp"
#include "domain/template_tokens.hpp"
#include "domain/url_origin.hpp"
#include "postback/domain/template.hpp"

#include <algorithm>

namespace postback {
namespace {

/// A click ID is read in either case.
bool keeps_click_id(const UrlTemplate::Modifier& modifier) {
  return modifier.kind == UrlTemplate::Modifier::Kind::lower || modifier.kind == UrlTemplate::Modifier::Kind::upper;
}

}  // namespace

Result<UrlTemplate> UrlTemplate::compile(std::string_view text) {
  const std::vector<TokenText> tokens = find_tokens(text);
  const std::string masked = mask_tokens(text, tokens);
  std::string problems;
  check_url_places(masked, tokens, problems);
  UrlTemplate compiled;
  if (problems.empty()) {
    const Result<std::size_t> origin = parse_origin(masked);  // what a token may hold, its parser says
    if (origin)
      compiled.origin_length_ = *origin;
    else
      add_problem(problems, origin.error().detail);
  }
  const std::size_t path_end = std::min(masked.find_first_of("?#"), masked.size());
  std::size_t literal = 0;
  for (const TokenText& token : tokens) {
    Segment segment;
    segment.literal = text.substr(literal, token.begin - literal);
    segment.has_token = true;
    segment.in_path = token.begin < path_end;
    literal = token.end;
    TokenMeaning meaning = look_up_token(token.name);
    if (!meaning.token) {
      add_problem(problems, meaning.problem);
      continue;
    }
    segment.token = *meaning.token;
    segment.query_name = std::move(meaning.query_name);
    compiled.used_ |= std::uint64_t{1} << static_cast<unsigned>(segment.token);
    for (const std::string_view modifier : token.modifiers) {
      auto parsed = parse_modifier(modifier);
      if (!parsed)
        add_problem(problems, "{" + std::string(token.name) + "}: " + parsed.error().detail);
      else if (segment.token == Token::clickid && !keeps_click_id(*parsed))
        add_problem(problems, "{clickid|" + std::string(modifier) +
                                  "} is no longer the click ID, so the network could never send it back; only lower "
                                  "and upper can be used with {clickid}");
      else
        segment.modifiers.push_back(*std::move(parsed));
    }
    compiled.segments_.push_back(std::move(segment));
  }
  if (!problems.empty()) return Error{ErrorCode::invalid_argument, std::move(problems)};
  Segment rest;
  rest.literal = text.substr(literal);
  compiled.segments_.push_back(std::move(rest));
  compiled.text_ = text;
  return compiled;
}

}  // namespace postback

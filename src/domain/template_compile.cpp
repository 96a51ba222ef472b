// Compiling a URL template: every check that can be made is made here, once, so that rendering cannot fail.
#include "domain/template_tokens.hpp"
#include "domain/url_origin.hpp"
#include "postback/domain/template.hpp"

#include <algorithm>

namespace postback {
namespace {

void add_problem(std::string& problems, std::string_view problem) {
  if (!problems.empty()) problems += "; ";
  problems += problem;
}

/// Whether the token is in the name of a query parameter: left of its `=`.
bool names_parameter(std::string_view masked, const TokenText& token) {
  const QueryPlace query = find_query(masked);
  if (query.begin == std::string_view::npos || token.begin < query.begin || token.begin >= query.end) return false;
  const std::string_view before = masked.substr(query.begin, token.begin - query.begin);
  const std::size_t parameter = before.rfind('&');
  if (before.find('=', parameter == std::string_view::npos ? 0 : parameter) != std::string_view::npos) return false;
  const std::size_t next = masked.find_first_of("&=", token.end);
  return next < query.end && masked[next] == '=';
}

/// Whether a token stands where it could decide where visitors are sent, or what a parameter is called.
void check_place(std::string_view masked, const std::vector<TokenText>& tokens, std::string& problems) {
  const bool absolute = masked.find("://") != std::string::npos;
  const std::size_t end = absolute ? authority_end(masked) : 0;
  for (const TokenText& token : tokens) {
    if (token.begin == 0 || token.begin < end) {
      add_problem(problems, "{" + std::string(token.name) +
                                "} stands in the scheme, user, host or port, where a visitor's "
                                "value could choose the destination; use tokens only in path, query or fragment");
    } else if (names_parameter(masked, token)) {
      add_problem(problems, "{" + std::string(token.name) +
                                "} stands left of the = of a query parameter, where a visitor's value would name the "
                                "parameter; use tokens only right of the =");
    }
  }
}

/// A click ID is read in either case.
bool keeps_click_id(const UrlTemplate::Modifier& modifier) {
  return modifier.kind == UrlTemplate::Modifier::Kind::lower || modifier.kind == UrlTemplate::Modifier::Kind::upper;
}

}  // namespace

Result<UrlTemplate> UrlTemplate::compile(std::string_view text) {
  const std::vector<TokenText> tokens = find_tokens(text);
  const std::string masked = mask_tokens(text, tokens);
  std::string problems;
  check_place(masked, tokens, problems);
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

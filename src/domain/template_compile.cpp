// Compiling a URL template: every check that can be made is made here, once, so that rendering cannot fail.
#include "domain/template_tokens.hpp"
#include "domain/url_origin.hpp"
#include "postback/domain/template.hpp"

namespace postback {
namespace {

void add_problem(std::string& problems, std::string_view problem) {
  if (!problems.empty()) problems += "; ";
  problems += problem;
}

/// Whether a token stands where it could decide where visitors are sent.
void check_place(std::string_view masked, const std::vector<TokenText>& tokens, std::string& problems) {
  const bool absolute = masked.find("://") != std::string::npos;
  const std::size_t end = absolute ? authority_end(masked) : 0;
  for (const TokenText& token : tokens) {
    if (token.begin == 0 || token.begin < end) {
      add_problem(problems, "{" + std::string(token.name) +
                                "} stands in the scheme, user, host or port, where a visitor's "
                                "value could choose the destination; use tokens only in path, query or fragment");
    }
  }
}

}  // namespace

Result<UrlTemplate> UrlTemplate::compile(std::string_view text) {
  const std::vector<TokenText> tokens = find_tokens(text);
  const std::string masked = mask_tokens(text, tokens);
  std::string problems;
  check_place(masked, tokens, problems);
  UrlTemplate compiled;
  if (problems.empty()) {
    const Result<std::size_t> origin = parse_origin(text);
    if (origin)
      compiled.origin_length_ = *origin;
    else
      add_problem(problems, origin.error().detail);
  }
  std::size_t literal = 0;
  for (const TokenText& token : tokens) {
    Segment segment;
    segment.literal = text.substr(literal, token.begin - literal);
    segment.has_token = true;
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
      if (parsed)
        segment.modifiers.push_back(*std::move(parsed));
      else
        add_problem(problems, "{" + std::string(token.name) + "}: " + parsed.error().detail);
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

// Checks where the tokens of URLs and forms stand.
#include "domain/template_places.hpp"

#include "domain/url_origin.hpp"

#include <algorithm>

namespace postback {
namespace {

/// Whether the token is in the name of a parameter: left of its `=`.
bool names_parameter(std::string_view masked, const QueryPlace& query, const TokenText& token) {
  if (query.begin == std::string_view::npos || token.begin < query.begin || token.begin >= query.end) return false;
  const std::string_view before = masked.substr(query.begin, token.begin - query.begin);
  const std::size_t parameter = before.rfind('&');
  if (before.find('=', parameter == std::string_view::npos ? 0 : parameter) != std::string_view::npos) return false;
  const std::size_t next = masked.find_first_of("&=", token.end);
  return next < query.end && masked[next] == '=';
}

bool is_click_id(const TokenText& token) { return token.name == "clickid"; }

/// Whether the token stands between two & (or an end) without any = there.
bool stands_bare(std::string_view masked, const QueryPlace& query, const TokenText& token) {
  if (query.begin == std::string_view::npos || token.begin < query.begin || token.begin >= query.end) return false;
  if (token.begin == query.begin && token.end == query.end) return false;
  const std::string_view all = masked.substr(query.begin, query.end - query.begin);
  const std::size_t at = token.begin - query.begin;
  const std::size_t before = at == 0 ? std::string_view::npos : all.rfind('&', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return all.substr(begin, std::min(all.find('&', at), all.size()) - begin).find('=') == std::string_view::npos;
}

std::string naming(const TokenText& token, std::string_view of_what) {
  return "{" + std::string(token.name) + "} stands left of the = of a " + std::string(of_what) +
         ", where a visitor's value would name the parameter; use tokens only right of the =";
}

}  // namespace

void add_problem(std::string& problems, std::string_view problem) {
  if (!problems.empty()) problems += "; ";
  problems += problem;
}

void check_url_places(std::string_view masked, const std::vector<TokenText>& tokens, std::string& problems) {
  const bool absolute = masked.find("://") != std::string::npos;
  const std::size_t end = absolute ? authority_end(masked) : 0;
  for (const TokenText& token : tokens) {
    if (token.begin == 0 || token.begin < end) {
      add_problem(problems, "{" + std::string(token.name) +
                                "} stands in the scheme, user, host or port, where a visitor's "
                                "value could choose the destination; use tokens only in path, query or fragment");
    } else if (names_parameter(masked, find_query(masked), token)) {
      add_problem(problems, naming(token, "query parameter"));
    }
  }
}

void check_form_places(std::string_view masked, const std::vector<TokenText>& tokens, std::string& problems) {
  for (const TokenText& token : tokens) {
    if (names_parameter(masked, {0, masked.size()}, token)) add_problem(problems, naming(token, "form field"));
  }
}

std::string find_bare_tokens(std::string_view text, bool form) {
  const std::vector<TokenText> tokens = find_tokens(text);
  const std::string masked = mask_tokens(text, tokens);
  const QueryPlace query = form ? QueryPlace{0, masked.size()} : find_query(masked);
  std::string problems;
  for (const TokenText& token : tokens) {
    if (is_click_id(token) || !stands_bare(masked, query, token)) continue;
    add_problem(problems, "{" + std::string(token.name) + "} stands in a " + (form ? "form" : "query") +
                              " part without =, where a visitor's value would name the parameter; write NAME={" +
                              std::string(token.name) + "}");
  }
  return problems;
}

}  // namespace postback

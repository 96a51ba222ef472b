// Where tokens may not stand: in the part of a URL that decides whom it leads to, and in the names of parameters.
#pragma once

#include "domain/template_tokens.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// Appends one more clause to those that are there, with a semicolon between.
void add_problem(std::string& problems, std::string_view problem);

/// Adds a problem for each token in the scheme, user, host or port of a URL or left of the = of a query parameter.
/// `masked`: the URL by mask_tokens.
void check_url_places(std::string_view masked, const std::vector<TokenText>& tokens, std::string& problems);
/// The same for a form's body, which is all query.
void check_form_places(std::string_view masked, const std::vector<TokenText>& tokens, std::string& problems);

/// What is wrong with a token that is, or is a part of, a parameter without =: a visitor's value would be its name.
/// Empty: nothing. A query that is one token and nothing else is taken, and {clickid}, which no visitor chooses.
/// `text`: a URL, or a form's body where `form` says so. Catalogs from before this rule may have such templates, so it
/// is asked of edits only.
std::string find_bare_tokens(std::string_view text, bool form);

}  // namespace postback

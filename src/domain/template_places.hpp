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

}  // namespace postback

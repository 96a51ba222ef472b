// Tokens of a template as they stand in its text, and the names they may have.
#pragma once

#include "postback/domain/outgoing_template.hpp"
#include "postback/domain/template.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// One `{name|modifier|...}` of ours. Views point into the template's text.
struct TokenText {
  std::size_t begin = 0;  ///< Of `{`.
  std::size_t end = 0;    ///< After `}`.
  std::string_view name;
  std::vector<std::string_view> modifiers;
};

/// All tokens of ours in `text`, in order. What does not have a token's form is not among them and passes through.
std::vector<TokenText> find_tokens(std::string_view text);

/// `text` with every byte of `tokens` replaced by `{`: the same length, and only literal bytes can be found in it.
std::string mask_tokens(std::string_view text, const std::vector<TokenText>& tokens);

/// Where the query of a masked URL starts (after `?`) and ends.
struct QueryPlace {
  std::size_t begin = std::string::npos;  ///< npos: no `?`.
  std::size_t end = 0;                    ///< Of the query or path: where a fragment starts, or the text's end.
};
QueryPlace find_query(std::string_view masked);

/// What a token's name means.
struct TokenMeaning {
  std::optional<Token> token;  ///< Empty: not usable, and `problem` says why.
  std::string query_name;      ///< For Token::query.
  std::string problem;
};
TokenMeaning look_up_token(std::string_view name);

/// What it means in an outgoing postback, which has tokens of its own beside those of a click.
struct OutgoingMeaning {
  std::optional<OutgoingToken> own;
  TokenMeaning click;     ///< Where `own` is empty.
  std::string parameter;  ///< For OutgoingToken::postback.
};
OutgoingMeaning look_up_outgoing_token(std::string_view name);

/// `value` as part of a URL. In its path a value of one or two dots is left out: browsers climb by it, encoded or not.
void append_url_value(std::string& out, std::string_view value, bool in_path);

/// Reads one modifier, without the `|`. Errors: invalid_argument, saying what would be right.
Result<UrlTemplate::Modifier> parse_modifier(std::string_view text);

/// Appends nothing but the value: `value` after all `modifiers`, from left to right. An absent (empty) value stays
/// absent until a `default` fills it; a value that is not a decimal passes multiply and round unchanged; a sum beyond
/// 10^9 becomes absent rather than wrong.
std::string apply_modifiers(std::string_view value, const std::vector<UrlTemplate::Modifier>& modifiers);

}  // namespace postback

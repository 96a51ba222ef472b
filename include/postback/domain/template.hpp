// Template: a URL with tokens, compiled when the catalog loads, rendered once per click without looking anything up.
//
//   token     = "{" name *( "|" modifier ) "}"      not preceded by one of { $ # [ %
//   name      = [a-z][a-z0-9_.]* | "query." 1*[A-Za-z0-9_.-] | "postback." 1*[A-Za-z0-9_.-]
//   modifier  = "lower" | "upper" | "trim" | "digits" | "sha256" | "md5" | "iso8601" | "utc" | "multiply:" N |
//               "round:" N | "default:" TEXT
// {clickid} takes only lower and upper. TEXT is percent-encoded like any value, so it is written plainly, without
// spaces. All other braces and other systems' tokens (#s2#, ${SUBID}, [x], {{x}} ...) pass through byte for byte.
#pragma once

#include "postback/base/result.hpp"
#include "postback/domain/parameters.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// What a token stands for. sub1 to sub20 are consecutive.
enum class Token : std::uint8_t {
  clickid,
  external_id,
  sub1,
  sub2,
  sub3,
  sub4,
  sub5,
  sub6,
  sub7,
  sub8,
  sub9,
  sub10,
  sub11,
  sub12,
  sub13,
  sub14,
  sub15,
  sub16,
  sub17,
  sub18,
  sub19,
  sub20,
  campaign,
  offer,
  network,
  source,
  language,
  ip,
  user_agent,
  referrer,
  cost,
  timestamp,
  random,
  lander,
  country,
  region,
  city,
  device,
  os,
  browser,
  query,  ///< {query.NAME}: any query parameter of the click, by its name.
};
inline constexpr std::size_t kTokenCount = static_cast<std::size_t>(Token::query) + 1;
inline constexpr unsigned kSubIdCount = 20;
constexpr Token sub_token(unsigned zero_based) {
  return static_cast<Token>(static_cast<unsigned>(Token::sub1) + zero_based);
}

/// The values of one click; an absent one is empty. All views must outlive the rendering.
struct TokenValues {
  std::array<std::string_view, kTokenCount> values{};
  const Parameters* query = nullptr;
  std::string_view& operator[](Token token) { return values[static_cast<std::size_t>(token)]; }
  std::string_view operator[](Token token) const { return values[static_cast<std::size_t>(token)]; }
};

/// An immutable compiled URL template. Rendering percent-encodes every value, so no visitor can add a parameter, a
/// header or a host. In the path a value of one or two dots is left out: browsers climb the path by it, even when it is
/// encoded.
class UrlTemplate {
 public:
  UrlTemplate() = default;

  /// Compiles an absolute http or https URL. Errors (invalid_argument, with what would be right): not such a URL, a
  /// token in its scheme, user, host or port or in the name of a query parameter, user information, control characters
  /// or spaces, an unknown token (the nearest name is suggested), a token that only outgoing postbacks have or that is
  /// not available yet, an unknown or malformed modifier.
  static Result<UrlTemplate> compile(std::string_view text);

  /// Appends the URL with every token filled in.
  void render(std::string& out, const TokenValues& values) const;
  /// Appends the URL with `{clickid}` filled in and all other tokens empty: for a Location that grew too long.
  void render_bare(std::string& out, std::string_view click_id) const;

  bool uses(Token token) const { return (used_ >> static_cast<unsigned>(token)) & 1U; }
  const std::string& text() const { return text_; }
  /// Scheme, host and port, as in `https://offer.example:8443`: the literal start of every rendering.
  std::string_view origin() const { return std::string_view(text_).substr(0, origin_length_); }

  struct Modifier {
    enum class Kind : std::uint8_t {
      lower,
      upper,
      trim,    ///< Without white space at both ends.
      digits,  ///< Only the decimal digits: what is left of a telephone number before it is hashed.
      sha256,
      md5,
      iso8601,  ///< Unix seconds as `2026-01-31T23:59:59Z`.
      utc,      ///< Unix seconds as `2026-01-31 23:59:59+00:00`.
      multiply,
      round,
      fallback,
    };
    Kind kind;
    std::int64_t number = 0;  ///< multiply: millionths; round: number of decimals, 0 to 6.
    std::string text;         ///< fallback (`default:TEXT`).
  };

 private:
  struct Segment {
    std::string literal;  ///< Goes before the token.
    bool has_token = false;
    bool in_path = false;  ///< The token stands before the query and the fragment.
    Token token = Token::clickid;
    std::string query_name;  ///< For Token::query.
    std::vector<Modifier> modifiers;
  };

  std::string text_;
  std::size_t origin_length_ = 0;
  std::uint64_t used_ = 0;
  std::vector<Segment> segments_;
};
static_assert(kTokenCount <= 64, "UrlTemplate keeps the set of used tokens in 64 bits");

}  // namespace postback

// OutgoingTemplate: URL, header or body of an outgoing postback with tokens, compiled when the catalog loads.
//
// The grammar of tokens is template.hpp's, with the tokens that only outgoing postbacks have. Encoding follows the
// place: percent in URLs and forms; in JSON a token inside quotes becomes JSON string content, an unquoted one a number
// or null, and so does a string that is one token with `number` behind all other modifiers, as in "{payout|number}";
// CR, LF and other control characters never reach a header.
#pragma once

#include "postback/base/result.hpp"
#include "postback/domain/template.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

enum class OutgoingPlace : std::uint8_t { url, header, json, form, text };

/// Tokens beside those of a click.
enum class OutgoingToken : std::uint8_t {
  payout,
  amount,
  currency,
  txid,
  event,
  status,
  original_status,
  reason,
  conversion_id,
  conversion_time,  ///< Unix seconds.
  delivery_id,      ///< The idempotency key.
  postback,         ///< {postback.NAME}: any parameter that the network sent.
};
inline constexpr std::size_t kOutgoingTokenCount = static_cast<std::size_t>(OutgoingToken::postback) + 1;

/// The values of one delivery; absent ones are empty. All views must outlive the rendering.
struct OutgoingValues {
  TokenValues click;
  std::array<std::string_view, kOutgoingTokenCount> values{};
  const Parameters* postback = nullptr;
  std::string_view& operator[](OutgoingToken token) { return values[static_cast<std::size_t>(token)]; }
  std::string_view operator[](OutgoingToken token) const { return values[static_cast<std::size_t>(token)]; }
};

/// Immutable.
class OutgoingTemplate {
 public:
  OutgoingTemplate() = default;

  /// Errors (invalid_argument, saying what would be right): those of UrlTemplate::compile for a URL; unknown tokens and
  /// modifiers; JSON that does not parse once tokens are filled in; a token in the name of a member or form field.
  static Result<OutgoingTemplate> compile(std::string_view text, OutgoingPlace place);

  void render(std::string& out, const OutgoingValues& values) const;
  /// Of JSON: the same without the members and elements that are null, an empty text, object or array, or a text in
  /// which a token stayed empty.
  void render_without_empty(std::string& out, const OutgoingValues& values) const;
  bool uses(OutgoingToken token) const { return (outgoing_used_ >> static_cast<unsigned>(token)) & 1U; }
  bool uses(Token token) const { return (click_used_ >> static_cast<unsigned>(token)) & 1U; }
  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  /// Of a URL: scheme, host and port.
  std::string_view origin() const { return std::string_view(text_).substr(0, origin_length_); }

 private:
  friend class OutgoingCompiler;
  struct Segment {
    std::string literal;  ///< Goes before the token.
    bool has_token = false;
    bool outgoing = false;  ///< `own` counts, else `token`.
    Token token = Token::clickid;
    OutgoingToken own = OutgoingToken::payout;
    std::string name;      ///< Of query.NAME and postback.NAME.
    bool in_path = false;  ///< URL: before query and fragment.
    bool quoted = false;   ///< JSON: within a string; else a number.
    std::vector<UrlTemplate::Modifier> modifiers;
  };
  void render_marked(std::string& out, const OutgoingValues& values, bool marks_empty) const;
  void render_value(std::string& out, const Segment& segment, std::string_view value) const;

  OutgoingPlace place_ = OutgoingPlace::text;
  std::string text_;
  std::size_t origin_length_ = 0;
  std::uint64_t click_used_ = 0;
  std::uint32_t outgoing_used_ = 0;
  std::vector<Segment> segments_;
};

}  // namespace postback

// Names and status words of Voluum, Keitaro and Binom, as their documentation gives them.
#include "domain/shape_words.hpp"

#include "domain/ascii_text.hpp"

#include <initializer_list>

namespace postback {
namespace {

struct FieldName {
  PostbackField field;
  std::string_view name;
};

/// `own` before the canonical names, which always stay valid.
FieldNames with_canonical(std::initializer_list<FieldName> own) {
  FieldNames names;
  for (const auto& [field, name] : own) names[static_cast<std::size_t>(field)].emplace_back(name);
  for (std::size_t i = 0; i < kPostbackFieldCount; ++i) {
    const auto canonical = to_string(static_cast<PostbackField>(i));
    if (names[i].empty() || names[i].back() != canonical) names[i].emplace_back(canonical);
  }
  return names;
}

const FieldNames& canonical_names() {
  static const FieldNames names = with_canonical({});
  return names;
}

const FieldNames& voluum_names() {
  using enum PostbackField;
  static const FieldNames names = with_canonical({{click_id, "cid"}, {event, "et"}});
  return names;
}

const FieldNames& keitaro_names() {
  using enum PostbackField;
  static const FieldNames names = with_canonical(
      {{click_id, "subid"}, {click_id, "sub_id"}, {txid, "tid"}, {payout, "payout"}, {payout, "revenue"}});
  return names;
}

const FieldNames& binom_names() {
  using enum PostbackField;
  static const FieldNames names = with_canonical(
      {{click_id, "cnv_id"}, {currency, "cnv_currency"}, {status, "cnv_status"}, {reason, "cnv_status2"}});
  return names;
}

/// Whether `word` stands in the comma-separated list of a parameter.
bool is_listed(const PostbackParameters& parameters, std::string_view list, std::string_view word) {
  for (const auto& parameter : parameters.all()) {
    if (!equal_ignoring_case(parameter.name, list)) continue;
    for (std::string_view rest = parameter.value; !rest.empty();) {
      const auto comma = std::min(rest.find(','), rest.size());
      if (equal_ignoring_case(trim(rest.substr(0, comma)), word)) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

std::optional<StatusMeaning> status_in_keitaro(const PostbackParameters& parameters, std::string_view word) {
  struct KeitaroStatus {
    std::string_view word;
    std::string_view list;
    ConversionStatus status;
    std::string_view event;
  };
  static constexpr KeitaroStatus kStatuses[] = {
      {"sale", "sale_status", ConversionStatus::approved, {}},
      {"lead", "lead_status", ConversionStatus::pending, {}},
      {"rejected", "rejected_status", ConversionStatus::rejected, {}},
      {"rebill", "rebill_status", ConversionStatus::approved, "rebill"},
  };
  for (const auto& each : kStatuses) {
    if (is_listed(parameters, each.list, word)) return StatusMeaning{each.status, std::string(each.event)};
  }
  for (const auto& each : kStatuses) {
    if (word == each.word) return StatusMeaning{each.status, std::string(each.event)};
  }
  return std::nullopt;
}

}  // namespace

const FieldNames& field_names(PostbackShape shape, const Network* network) {
  switch (shape) {
    case PostbackShape::voluum: return voluum_names();
    case PostbackShape::keitaro: return keitaro_names();
    case PostbackShape::binom: return binom_names();
    case PostbackShape::own:
    case PostbackShape::generic:
    case PostbackShape::browser:
    case PostbackShape::manual: break;
  }
  return network != nullptr ? network->names : canonical_names();
}

std::optional<StatusMeaning> status_in_shape(PostbackShape shape, const PostbackParameters& parameters,
                                             std::string_view word) {
  if (shape == PostbackShape::keitaro) return status_in_keitaro(parameters, word);
  if (shape != PostbackShape::binom) return std::nullopt;
  if (word == "approve") return StatusMeaning{ConversionStatus::approved, {}};
  if (word == "reject") return StatusMeaning{ConversionStatus::rejected, {}};
  return std::nullopt;
}

bool is_ignored_in_shape(PostbackShape shape, const PostbackParameters& parameters, std::string_view word) {
  return shape == PostbackShape::keitaro && !word.empty() &&
         (is_listed(parameters, "ignore_status", word) || is_listed(parameters, "ignore", word));
}

}  // namespace postback

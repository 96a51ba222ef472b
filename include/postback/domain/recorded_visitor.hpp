// RecordedVisitor: a visitor as the click's row remembers him.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/click.hpp"
#include "postback/domain/parameters.hpp"
#include "postback/domain/visitor.hpp"

namespace postback {

/// Parameters have the names that the campaign's source gives them; headers are those that its rules looked at. The
/// click must outlive this object.
class RecordedVisitor final : public HeaderSource {
 public:
  RecordedVisitor(const StoredClick& click, const Campaign& campaign);
  RecordedVisitor(const RecordedVisitor&) = delete;
  RecordedVisitor& operator=(const RecordedVisitor&) = delete;

  const Visitor& visitor() const { return visitor_; }
  std::string_view header(std::string_view name) const override;

 private:
  const StoredClick& click_;
  Parameters parameters_;
  Visitor visitor_;
};

}  // namespace postback

// Looks for the newest change of a destination, and builds the catalog as that left it.
#include "past_destinations.hpp"

#include "postback/base/log.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace postback::delivery {

namespace {

std::uint64_t last_change(const Catalog& catalog) {
  std::uint64_t last = 0;
  for (const auto& document : catalog.documents(EntityKind::destination)) last = std::max(last, document->revision);
  return last;
}

}  // namespace

Result<const Catalog*> PastDestinations::at(std::uint64_t revision, const Catalog& today) {
  if (revision == 0 || revision == today.revision()) return &today;
  if (revision != asked_) {
    const auto change = reader_.last_change(EntityKind::destination, revision);
    if (!change) return change.error();
    asked_ = revision;
    change_ = *change;
  }
  if (change_ == last_change(today)) return &today;
  if (change_ != read_) {
    if (const auto done = read(change_); !done) return done.error();
  }
  return past_ != nullptr ? past_.get() : &today;
}

Result<void> PastDestinations::read(std::uint64_t change) {
  auto documents = reader_.catalog_at(change);
  if (!documents) return documents.error();
  auto built = Catalog::build(std::move(*documents), change);
  read_ = change;
  past_ = nullptr;
  if (auto* const catalog = std::get_if<std::shared_ptr<const Catalog>>(&built)) {
    past_ = std::move(*catalog);
    return {};
  }
  const Fault& fault = std::get<Faults>(built).front();
  spdlog::error("delivery.past_catalog revision={} field={} detail={} action=\"today's destinations are told instead\"",
                change, log_value(fault.field), log_value(fault.problem));
  return {};
}

}  // namespace postback::delivery

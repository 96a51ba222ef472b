// Splitting and decoding of parameters into memory that is reused between requests.
#include "postback/domain/parameters.hpp"

#include "postback/base/percent.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::size_t kBlockBytes = 4096;
/// Blocks beyond these sizes and this number are given back by `clear`, so that one large body is not kept for ever.
constexpr std::size_t kKeptBlocks = 16;
constexpr std::size_t kLargestKeptBlock = 65536;

}  // namespace

void Parameters::clear() {
  parameters_.clear();
  std::erase_if(blocks_, [](const std::string& block) { return block.capacity() > kLargestKeptBlock; });
  if (blocks_.size() > kKeptBlocks) blocks_.resize(kKeptBlocks);
  for (std::string& block : blocks_) block.clear();
  block_ = 0;
}

void Parameters::add_query(std::string_view query) {
  while (!query.empty() && parameters_.size() < kLargestCount) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view name = pair.substr(0, equals);
    if (name.empty()) continue;
    const std::string_view value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view{};
    parameters_.push_back({keep(name, true), keep(value, true), value});
  }
}

void Parameters::add_copy(std::string_view name, std::string_view value) {
  if (parameters_.size() >= kLargestCount) return;
  const std::string_view kept = keep(value, false);
  parameters_.push_back({keep(name, false), kept, kept});
}

std::optional<std::string_view> Parameters::find(std::string_view name) const {
  const auto found = std::ranges::find(parameters_, name, &Parameter::name);
  return found == parameters_.end() ? std::nullopt : std::optional{found->value};
}

/// `decode`: the text as a query value, itself where decoding changes nothing; otherwise a copy of it.
std::string_view Parameters::keep(std::string_view text, bool decode) {
  if (decode && !needs_query_decoding(text)) return text;
  // Decoded text is never longer, so a block with this much room does not move while it is filled.
  while (block_ < blocks_.size() && blocks_[block_].capacity() - blocks_[block_].size() < text.size()) ++block_;
  if (block_ == blocks_.size()) blocks_.emplace_back().reserve(std::max(kBlockBytes, text.size()));
  std::string& block = blocks_[block_];
  const std::size_t start = block.size();
  if (decode) {
    append_query_decoded(block, text);
  } else {
    block.append(text);
  }
  return std::string_view{block}.substr(start);
}

}  // namespace postback

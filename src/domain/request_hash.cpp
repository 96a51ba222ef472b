// Hashes a request piece by piece.
#include "domain/request_hash.hpp"

#include "domain/ascii_text.hpp"

#include <string_view>

namespace postback {
namespace {

class Fnv {
 public:
  /// Each piece ends: two requests differ when the same bytes are divided otherwise.
  void add(std::string_view piece) {
    for (const char c : piece) take(static_cast<unsigned char>(c));
    take(0);
  }
  std::uint64_t value() const { return hash_ == 0 ? 1 : hash_; }

 private:
  void take(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3U; }
  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

bool changes_when_sent_again(std::string_view name, const Network& network) {
  for (const auto field : {PostbackField::ts, PostbackField::sign}) {
    for (const auto& known : network.names[static_cast<std::size_t>(field)]) {
      if (equal_ignoring_case(name, known)) return true;
    }
  }
  return false;
}

}  // namespace

std::uint64_t request_hash(const Postback& postback, const Network& network) {
  Fnv hash;
  hash.add(postback.target.substr(0, postback.target.find('?')));
  for (std::string_view rest = postback.query; !rest.empty();) {
    const auto end = rest.find('&');
    const auto pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (!changes_when_sent_again(pair.substr(0, pair.find('=')), network)) hash.add(pair);
  }
  hash.add(postback.body);
  return hash.value();
}

}  // namespace postback

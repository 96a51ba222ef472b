// What the caller of a postback gets to see: the verdict as JSON, or what its network wants to read.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/domain/verdict.hpp"
#include "postback/http/exchange.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace postback {

struct PostbackAnswer {
  const Verdict& verdict;
  const Network* network = nullptr;   ///< Null: not known.
  SnowflakeId postback = 0;           ///< 0: not logged by itself.
  std::string conversion{};           ///< Empty: none.
  std::string wanted{};               ///< Keitaro's `return`: the body where the postback was taken.
  std::chrono::milliseconds wait{0};  ///< Not 0: Retry-After.
};

/// Writes the answer and leaves the exchange to be finished. Evidence and fix are for operators and stay out.
void write_answer(http::Exchange& exchange, const PostbackAnswer& answer);

/// Answers 503, since the store refuses, and finishes the exchange.
void answer_unavailable(http::Exchange& exchange);

}  // namespace postback

// Simulation: plays visitor and network against a running server and looks whether everything is where it should be.
#pragma once

#include "app/client/api_client.hpp"
#include "postback/base/clock.hpp"
#include "postback/base/entropy.hpp"
#include "postback/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace postback {

struct SimulationOptions {
  std::string campaign;  ///< Empty: a temporary one, with source, offer and network.
  std::string network;   ///< Empty: that of the click's offer.
  bool keep = false;     ///< What was made stays in force.
};

enum class StepOutcome : std::uint8_t { passed, failed, left_out };

struct StepReport {
  const char* name;
  StepOutcome outcome;
  std::string seen;  ///< Or why it failed.
  std::chrono::milliseconds took{};
};

struct SimulationCount {
  std::size_t passed = 0;
  std::size_t steps = 0;
};

/// For one thread; runs once.
class Simulation {
 public:
  using Told = std::function<void(const StepReport&)>;

  Simulation(ApiClient& client, const Clock& clock, Entropy& entropy, SimulationOptions options, Told told);

  /// All steps; after one that the next ones need has failed, those are left out. What was made is archived in any
  /// case.
  SimulationCount run();

 private:
  using Seen = Result<std::string>;
  struct Step {
    const char* name;
    Seen (Simulation::*take)();
    bool needed = false;  ///< By all that follow.
  };
  static const std::vector<Step>& steps();

  bool take(const Step& step);
  Seen server_is_ready();
  Seen catalog_has_a_campaign();
  Seen click_is_redirected();
  Seen click_is_in_the_log();
  Seen postback_converts();
  Seen repeat_counts_nothing();
  Seen macro_is_refused();
  Seen mismatch_is_explained();
  Seen conversion_is_stored();
  Seen metrics_count();
  Seen catalog_is_cleaned();

  Result<void> learn_token();
  /// Sends a postback and compares status and code; remembers its ID in the log.
  Seen send_postback(const std::string& click_id, int status, const std::string& code);
  /// The value of a metric, summed over its labels that contain `label`.
  Result<double> metric(std::string_view name, std::string_view label);

  ApiClient& client_;
  const Clock& clock_;
  const SimulationOptions options_;
  const Told told_;
  const std::string slug_;  ///< Of everything that is made.
  SimulationCount count_;
  bool made_ = false;
  std::string campaign_;
  std::string network_;
  std::string token_;
  std::string click_id_;
  std::string postback_id_;  ///< Of the last postback.
  double clicks_before_ = 0;
  double converted_before_ = 0;
};

}  // namespace postback

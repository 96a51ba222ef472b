// The parts of `deliveries` that stand in files of their own.
#pragma once

#include "app/commands/command.hpp"

#include <vector>

namespace postback {

/// Adds `retry`, `cancel` and `resend` to `deliveries`.
void add_delivery_changes(CLI::App& deliveries, std::vector<Command>& parts);
/// Adds `test`.
void add_destination_test(CLI::App& deliveries, std::vector<Command>& parts);

}  // namespace postback

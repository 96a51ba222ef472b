// Visitors: owns what is told about visitors from, and looks after the geo database's file.
#pragma once

#include "postback/app/app.hpp"
#include "postback/base/entropy.hpp"
#include "postback/base/result.hpp"
#include "postback/tracking/visitor_services.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace postback {

/// Outlives the io threads.
class Visitors {
 public:
  /// `secret`: outlives restarts; hashed addresses depend on it. Errors: those of GeoDatabase::open for a database that
  /// the configuration names. Without the packaged one the server works, and says that it knows no countries.
  static Result<std::unique_ptr<Visitors>> open(const VisitorOptions& options, const RecordedAddress::Key& secret,
                                                Entropy& entropy);
  const VisitorServices& services() const { return services_; }

 private:
  Visitors(const VisitorOptions& options, const RecordedAddress::Key& secret, Entropy& entropy);
  Result<void> open_geo(const VisitorOptions& options);
  void watch(const std::stop_token& stop, std::chrono::milliseconds interval);

  GeoSlot geo_;
  KnownVisitors known_;
  VisitorServices services_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread watch_;  ///< Last: it ends first.
};

/// Where the build puts the database of countries: beside the program.
std::string packaged_geo_database();

}  // namespace postback

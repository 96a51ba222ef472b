// Certificates for tests of TLS, made with OpenSSL as they are needed.
#pragma once

#include <memory>
#include <string>

namespace postback::testing {

/// What a TLS server shows, as PEM.
struct TestIdentity {
  std::string certificate;
  std::string key;
  bool only_tls_1_0 = false;  ///< Speaks nothing newer.
};

struct CertificateOptions {
  std::string names = "DNS:localhost,IP:127.0.0.1";  ///< As in a subjectAltName.
  bool self_signed = false;
  bool expired = false;
};

/// An authority of its own, known to nobody.
class TestAuthority {
 public:
  explicit TestAuthority(const char* name = "Test authority");
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;
  std::string certificate() const;  ///< PEM.
  TestIdentity issue(const CertificateOptions& options = {}) const;

 private:
  struct Pair;
  std::unique_ptr<Pair> pair_;
};

}  // namespace postback::testing

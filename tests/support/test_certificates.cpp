// Keys on P-256 and certificates of one day.
#include "support/test_certificates.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <functional>
#include <stdexcept>

namespace postback::testing {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

constexpr long kDay = 24 * 60 * 60;

void must(bool success, const char* what) {
  if (!success) throw std::runtime_error(std::string("test certificates: ") + what);
}

Key make_key() {
  Key key(EVP_EC_gen("P-256"));
  must(key != nullptr, "key");
  return key;
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, Free> extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  must(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

void set_name(X509_NAME* name, const char* text) {
  must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text), -1, -1, 0) ==
           1,
       "name");
}

/// Not signed yet.
Certificate make_certificate(EVP_PKEY* key, const char* name, bool expired) {
  Certificate certificate(X509_new());
  must(certificate != nullptr, "certificate");
  X509_set_version(certificate.get(), 2);
  static long serial = 0;
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), expired ? -kDay : kDay);
  X509_set_pubkey(certificate.get(), key);
  set_name(X509_get_subject_name(certificate.get()), name);
  return certificate;
}

std::string pem(const std::function<int(BIO*)>& write) {
  const std::unique_ptr<BIO, Free> memory(BIO_new(BIO_s_mem()));
  must(memory && write(memory.get()) == 1, "PEM");
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
  return pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

}  // namespace

struct TestAuthority::Pair {
  Key key;
  Certificate certificate;
};

TestAuthority::TestAuthority(const char* name) : pair_(std::make_unique<Pair>()) {
  pair_->key = make_key();
  pair_->certificate = make_certificate(pair_->key.get(), name, false);
  auto* const certificate = pair_->certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, NID_key_usage, "critical,keyCertSign");
  must(X509_sign(certificate, pair_->key.get(), EVP_sha256()) > 0, "signature");
}

TestAuthority::~TestAuthority() = default;

std::string TestAuthority::certificate() const { return pem(pair_->certificate.get()); }

TestIdentity TestAuthority::issue(const CertificateOptions& options) const {
  const auto key = make_key();
  const auto certificate = make_certificate(key.get(), "Test server", options.expired);
  add_extension(certificate.get(), NID_subject_alt_name, options.names);
  auto* const issuer = options.self_signed ? certificate.get() : pair_->certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
  auto* const signer = options.self_signed ? key.get() : pair_->key.get();
  must(X509_sign(certificate.get(), signer, EVP_sha256()) > 0, "signature");
  TestIdentity identity;
  identity.certificate = pem(certificate.get());
  identity.key =
      pem([&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  return identity;
}

}  // namespace postback::testing

// RequestContext: a postback whose network is known, for the checks that come before it is read.
#pragma once

#include "domain/postback_parameters.hpp"
#include "domain/secret_masking.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/postback.hpp"

namespace postback {

struct RequestContext {
  const Postback& postback;
  const Network& network;
  const Catalog& catalog;
  const PostbackParameters& parameters;
  const SecretMask& mask;
};

}  // namespace postback

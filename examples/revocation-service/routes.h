// What the service answers:
//
//     GET  /v1/account   as https://api.replicate.com does: whose token it is, or 401
//     POST /disable      an event of r8scan's stage "revoke", signed; the answer is its verdict
//     GET  /stats        what came in so far
#pragma once

#include "signature.h"
#include "token_store.h"

namespace httplib {
class Server;
}

/// Both must outlive the server.
void add_routes(httplib::Server& server, TokenStore& tokens, const SignatureCheck& signature);

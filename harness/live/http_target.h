#ifndef FRESHCHECK_HARNESS_LIVE_HTTP_TARGET_H
#define FRESHCHECK_HARNESS_LIVE_HTTP_TARGET_H

#include "harness/replay/target.h"

/*
 * A target of a replay that is asked over HTTP: a server somewhere, in real time and at the
 * recorded pace; or the mock behind a socket of this process, in virtual time, so that what is
 * compared has been on the wire.
 */
struct http_target;

/* `url`: "http://HOST[:PORT][/PREFIX]". Returns NULL and sets *why (static text) when it is none, or
 * when there is no libcurl. */
struct http_target *http_target_new(const char *url, const char **why);

/* The mock is borrowed and outlives the target. */
struct http_target *http_target_on_mock(struct mock_target *mock, const char **why);

void http_target_free(struct http_target *http); /* NULL is allowed */
struct target http_target(struct http_target *http);

#endif

#ifndef FRESHCHECK_REST_ENDPOINT_CACHE_CONTROL_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_CACHE_CONTROL_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

/* What a request says about the answers it will take, beyond the cache's own timeout. */
struct freshness {
    bool must_be_new;   /* no-cache: fetched after the request arrived */
    int64_t max_age_us; /* inclusive; INT64_MAX when it does not say */
};

#define ANY_FRESHNESS ((struct freshness){.max_age_us = INT64_MAX})

/*
 * Reads the request directives no-cache and max-age; a directive that is malformed is as good as
 * absent, and so are all others. Of several max-age the first counts.
 * `value` is NUL-terminated; NULL when the header is absent.
 * Source: RFC 9111, 5.2 (grammar, both forms of arguments), 5.2.1.1, 5.2.1.4, 1.2.2, 4.2.1.
 */
struct freshness cache_control_parse(const char *value);

#endif

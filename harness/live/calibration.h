#ifndef FRESHCHECK_HARNESS_LIVE_CALIBRATION_H
#define FRESHCHECK_HARNESS_LIVE_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/*
 * How far the times that an exchange is given are from those at which its bytes moved: what the
 * HTTP client here adds to everything that is said about a server. Measured against a bare TCP
 * peer on loopback, with exchanges as target_run() makes them.
 */

/* Microseconds, of all exchanges. */
struct calibration_figures {
    int64_t median_us, p99_us, max_us;
};

struct calibration {
    size_t exchange_count;
    bool has_kernel_times; /* else a request counts as there when the peer was told, some later */
    struct calibration_figures sending;   /* from the stamp until the kernel had the request */
    struct calibration_figures receiving; /* from when the answer left until its stamp */
    struct calibration_figures both;      /* of the same exchange */
};

enum { CALIBRATION_EXCHANGES = 200 };

/* Takes some 20 ms. False: *why (static text) says what is missing. */
bool calibration_measure(size_t exchange_count, struct calibration *calibration, const char **why);

/* Appends "the harness's own HTTP client adds up to 93 us ...", without a line end. */
void calibration_describe(const struct calibration *calibration, struct buffer *out);

#endif

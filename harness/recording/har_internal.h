#ifndef FRESHCHECK_HARNESS_RECORDING_HAR_INTERNAL_H
#define FRESHCHECK_HARNESS_RECORDING_HAR_INTERNAL_H

#include "base/buffer.h"
#include "harness/recording/har.h"
#include "harness/recording/json_tree.h"

/* ISO 8601 as HAR has it, "2009-07-24T19:20:30.45+01:00": microseconds since 1970, and what the last
 * digit is worth. */
bool har_date(const struct node *text, int64_t *us, int64_t *step_us);

/* Where Flink's own path begins in a URL: proxies may have put something before it. NULL: nowhere. */
const char *har_flink_path(const char *url);

/* RFC 4648; line ends are passed over. False for anything that is no base64. */
bool har_decode_base64(const char *text, size_t length, struct buffer *out);

#endif

#ifndef FRESHCHECK_HARNESS_PARTS_PART_H
#define FRESHCHECK_HARNESS_PARTS_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "harness/judge/verdict.h"
#include "harness/parts/shard.h"

/*
 * What a part of a report is a part of: all that must be the same in the others, and which one it
 * is. docs/report-json.md has the shape. Texts are borrowed.
 */
enum part_kind { PART_OF_RUN, PART_OF_EXPLORATION };

struct part {
    enum part_kind kind;
    struct shard shard;
    const char *version; /* of this program */
    uint64_t seed;       /* of an exploration: the first */
    const char *const *implementations;
    size_t implementation_count;
    uint64_t fingerprint; /* of the content of files that decide what comes out */

    /* Of a run. */
    const char *fail_on;         /* what makes it end with 1, as --fail-on says it */
    const char *const *settings; /* "KEY=VALUE", as they were given */
    size_t setting_count;
    uint64_t scenario_count;

    /* Of an exploration. */
    uint64_t seed_count;
    bool properties[PROPERTY_COUNT]; /* that count */
};

/* Appends one JSON object. */
void part_write(const struct part *part, struct buffer *out);

/* Of some bytes, after those that gave `before`. Start with FINGERPRINT_START. */
#define FINGERPRINT_START UINT64_C(0xcbf29ce484222325)
uint64_t fingerprint_add(uint64_t before, const void *bytes, size_t length);

#endif

#ifndef FRESHCHECK_BASE_ID_H
#define FRESHCHECK_BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * 16 bytes that name a job, a vertex or a trigger operation; 32 hexadecimal digits as text.
 * Source: Flink AbstractID, JobID, JobVertexID, TriggerId (StringUtils.hexStringToByte).
 */
struct id {
    uint64_t high;
    uint64_t low;
};

enum { ID_DIGITS = 32 };

/* Reads exactly 32 digits, of either case; false for anything else (then *id is untouched). */
bool id_parse(const char *text, size_t length, struct id *id);

/* Writes 32 lower-case digits and a NUL. */
void id_format(struct id id, char text[ID_DIGITS + 1]);

static inline bool id_equal(struct id a, struct id b)
{
    return a.high == b.high && a.low == b.low;
}

static inline int id_compare(struct id a, struct id b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return a.low < b.low ? -1 : a.low > b.low;
}

static inline uint64_t id_hash(struct id id)
{
    uint64_t mixed =
        (id.high ^ (id.low * UINT64_C(0x9e3779b97f4a7c15))) * UINT64_C(0xff51afd7ed558ccd);
    return mixed ^ (mixed >> 32);
}

#endif

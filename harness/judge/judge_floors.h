#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_FLOORS_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_FLOORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/history.h"
#include "harness/judge/verdict.h"

/* What answers had shown by when: everybody's, and each client's. */

struct judge;
struct look;
struct run;

/* What a list shows of the job's state: the latest completed checkpoint, and the version. */
struct shown_state {
    int64_t id;
    uint64_t version;
};

/* From done_us on, answers had shown this much: running maxima of both numbers. */
struct floor {
    int64_t done_us;
    int64_t id;
    uint64_t version;
    struct shown_state shown; /* what the answer that raised the floor showed itself */
    uint64_t seq;
    size_t client;
};

/* Most clients raise theirs a few times: those need no memory of their own. */
enum { FLOORS_FEW = 3 };

struct floors {
    struct shown_state top; /* the last floor's; count > 0 */
    int64_t since_us;       /* end of the first answer of all; count > 0 */
    size_t count, capacity;
    struct floor *many; /* owned; NULL: they are in `few` */
    struct floor few[FLOORS_FEW];
};

static inline const struct floor *floors_items(const struct floors *floors)
{
    return floors->many ? floors->many : floors->few;
}

static inline bool floors_are_above(const struct floors *floors, const struct shown_state *shown)
{
    return shown->id < floors->top.id || shown->version < floors->top.version;
}

static inline bool floors_are_below(const struct floors *floors, const struct shown_state *shown)
{
    return floors->count == 0 || shown->id > floors->top.id || shown->version > floors->top.version;
}

/* The last one of before `sent_us`; NULL: none. */
const struct floor *floor_before(const struct floors *floors, int64_t sent_us);

/* Behind one address there may be several caches: with an age allowed each client is compared with
 * itself, where it is known. */
static inline bool compares_client(const struct claim *claim, const struct exchange *exchange)
{
    return claim->bound_us > 0 && exchange->client_index != SIZE_MAX;
}

struct floors *client_floors(const struct run *run, size_t client); /* NULL: never read */
struct floors *client_floors_make(struct run *run, size_t client);  /* found or made */
/* By an answer that shows more of something than any before it. False: out of memory. */
bool client_floor_raise(const struct judge *judge, struct floors *own,
                        const struct exchange *exchange, const struct shown_state *shown);
/* By the list that is looked at, everybody's and its client's own. False: out of memory. */
bool absorb_floors(struct judge *judge, struct look *look);

#endif

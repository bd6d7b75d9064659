#ifndef FRESHCHECK_HARNESS_REPLAY_REPLAY_H
#define FRESHCHECK_HARNESS_REPLAY_REPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/conform/allowed.h"
#include "harness/conform/conform.h"
#include "harness/replay/target.h"
#include "harness/replay/transcript.h"

/* Replays the requests of a transcript against a target, and compares each answer. */

/* How one exchange came out. */
struct replayed {
    const struct transcript_exchange *exchange;
    struct differences differences;
    const struct allowed_difference **reasons; /* for each difference; NULL: it is not meant */
    size_t unmeant;                            /* differences without a reason */
};

struct replay {
    struct replayed *items; /* in the order of their sending */
    size_t count;
    size_t agreeing, deliberate, differing; /* exchanges; their sum is count */
};

enum replay_outcome { REPLAY_DONE, REPLAY_SILENT, REPLAY_NO_MEMORY };

/*
 * Everything but *replay is borrowed; the transcript, the life and the list outlive *replay, which
 * starts as {0} and needs replay_clear() in any case. REPLAY_SILENT: the target no longer answers,
 * and *why says why.
 */
enum replay_outcome replay_run(const struct transcript *transcript, const struct life *life,
                               const struct target *target, const struct allowed *allowed,
                               struct replay *replay, const char **why);
void replay_clear(struct replay *replay);

#endif

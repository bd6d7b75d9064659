#ifndef FRESHCHECK_HARNESS_REPLAY_COHERENCE_H
#define FRESHCHECK_HARNESS_REPLAY_COHERENCE_H

#include <jansson.h>

#include "harness/conform/conform.h"
#include "harness/replay/transcript.h"

/*
 * What must hold between the answers of one server: ids, paths and states that are told in several
 * places are the same. The list is in docs/conform.md. Starts as {0}.
 */
struct coherence {
    json_t *lists;      /* by job: its latest statistics */
    json_t *operations; /* by job: what operations said they made, and no list was asked for yet */
    json_t *starts;     /* by job: the path that it was to start from */
    json_t *ends;       /* by job: the terminal state that it had reached */
    json_t *overview;   /* the latest /jobs/overview, as states by job */
    int64_t overview_us;
};

struct coherent_answer {
    const struct transcript_exchange *exchange; /* what was asked, and when */
    const char *request; /* the body that was sent to this server; NULL: none */
    int status;
    const json_t *body; /* NULL: it is no JSON */
};

/*
 * Takes one answer, and appends what it breaks to *out, unless `excuses` (NULL: none) holds a
 * difference at the same pointer. False when out of memory.
 */
bool coherence_add(struct coherence *coherence, const struct coherent_answer *answer,
                   const struct differences *excuses, struct differences *out);
void coherence_clear(struct coherence *coherence);

#endif

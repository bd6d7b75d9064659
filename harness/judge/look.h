#ifndef FRESHCHECK_HARNESS_JUDGE_LOOK_H
#define FRESHCHECK_HARNESS_JUDGE_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/history.h"
#include "harness/judge/judge_terms.h"
#include "harness/judge/verdict.h"

/* One answer under the eyes of the checks, and what they report of it. */

struct checkpoint_record;
struct completion;
struct job_state;
struct judge;
struct run;

/* What does not belong into an answer. */
enum stranger_kind { STRANGER_NONE, STRANGER_JOB, STRANGER_RUN, STRANGER_CHECKPOINT };

struct stranger {
    enum stranger_kind kind;
    const struct job_state *owner; /* STRANGER_JOB */
    int64_t since_us;              /* STRANGER_RUN: its run was over from then on */
    const struct seen_checkpoint *entry;
};

struct look {
    const struct exchange *exchange;
    const struct observation *seen; /* NULL when no answer came */
    struct job_state *job;
    struct run *current;
    struct run *run;      /* that the answer shows; NULL when it cannot be told */
    bool shows_older_run; /* a run before the current one */
    enum path_kind kind;
    uint64_t generation; /* of what was known when it began */
    uint64_t taught;     /* by how much it raised that itself, with what it shows */
    enum answer_kind answer;
    bool is_list, is_details; /* a good answer of that path */
    bool overlapped;          /* another request of the same path kind was under way */
    bool is_failure;          /* an error that only a failure of the JobManager can explain, */
    bool is_explained;        /* and a call that it waited for, or may have, failed meanwhile */
    int64_t bound_us;         /* that holds for this request */
    int64_t cutoff_us;        /* sent - bound */
    int64_t shown_id;         /* is_list: the latest completed; 0: none */
    bool is_clean; /* is_list: its content was looked at before, see absorb_known_content() */
    struct stranger stranger;
    int64_t oldest_run_over_us; /* of entries of runs long over, the first; NOT_KNOWN_US: none */
    uint64_t vouched_for;       /* is_list: bit i for history entries that need no look any more */

    /* Filled in by the checks. */
    uint32_t tested, violated;
    uint32_t described; /* violated, and the first of its property: this answer is its witness */
    bool same_again;    /* every check will find the same in another read of the same observation */
    int64_t from_us, until_us; /* ... sent from one on and before the other, */
    int64_t left_from_us;      /* ... and left from here on */
    enum property grows;
    int64_t grows_from_us;
    bool has_age;
    int64_t age_shown_id;
    const struct completion *missed; /* the first that it lacks; NULL: none */
};

/* judge.c: what checks report. A property counts at most once per answer. */
void look_tested(struct judge *judge, struct look *look, enum property property);
/* The verdict to describe, when this is the first violation so far, by when its request was sent;
 * else NULL. */
struct property_verdict *look_violated(struct judge *judge, struct look *look,
                                       enum property property);
void look_until(struct look *look, int64_t until_us); /* a read sent then may turn out otherwise */
void look_from(struct look *look, int64_t from_us);   /* ... and so may one sent before this, */
void look_left_from(struct look *look, int64_t left_from_us); /* ... or one that left before this */

/* What is found out of every answer, whatever is claimed. */
void look_for_age(struct judge *judge, struct look *look); /* judge_order.c: what a list lacks */
/* judge_content.c: sets look->stranger. Such an answer proves nothing. */
void look_for_stranger(const struct judge *judge, struct look *look);

/* judge_absorb.c: when the answer left; where that is not known, it may have left as late as it
 * arrived. */
int64_t look_shown_us(const struct look *look);
/* The checkpoint whose path is handed out as alive: of latest.completed, which is what clients
 * restore from. NULL: none that is known. */
struct checkpoint_record *look_handed_out(const struct look *look);
bool look_is_vouched_for(const struct look *look, size_t history_index);

#endif

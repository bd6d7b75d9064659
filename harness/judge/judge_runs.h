#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_RUNS_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/judge_floors.h"
#include "harness/judge/number_map.h"

/* One life of a job: its checkpoints, what of them completed, and what answers showed of it. */

/* Who handed a path to a client, last. */
struct hand_out {
    bool done;
    int64_t left_us;
    uint64_t seq;
    size_t client;
};

/* One checkpoint of one run. */
struct checkpoint_record {
    int64_t id;
    int64_t trigger_ms; /* 0: not known */
    int64_t began_us, completed_us, durable_us,
        discarded_us;          /* by facts; NOT_KNOWN_US: not so far */
    int64_t seen_discarded_us; /* end of the first answer that marked it so */
    uint64_t seen_discarded_seq;
    bool listed; /* some list showed it completed; then: */
    int64_t state_size;
    char *path;       /* in judge->paths; may be NULL */
    bool vouched_for; /* a list showed it, and every check of its content was content with it */
    struct hand_out hand_out;
    bool window_tested, window_broken; /* restore-window counts a path once */
    int64_t first_shown_us;            /* by a list; NOT_KNOWN_US: not so far */
};

enum how_known { KNOWN_BY_FACT, KNOWN_BY_TRIGGER_STATUS, KNOWN_BY_ANSWER };

/* A completion with a larger id than all before it in its run. */
struct completion {
    int64_t at_us;
    int64_t id;
    enum how_known how;
    const char *evidence; /* static */
    uint64_t seq;
    size_t client;
};

/* One life of a job under its id. */
struct run {
    uint64_t number; /* 0: not known, or told from answers */
    int64_t began_us;
    /* What it was restored from last, by facts. */
    int64_t restored_us; /* NOT_KNOWN_US: it was not */
    int64_t restored_id;
    const char *restored_path; /* in judge->paths */
    int64_t older_trigger_ms;  /* told from answers: triggers up to this one are of older runs */
    int64_t newest_trigger_ms, newest_restored_ms; /* in answers so far */
    struct checkpoint_record *records;             /* by id */
    size_t record_count, record_capacity;
    struct completion *completions; /* at_us and id both rise */
    size_t completion_count, completion_capacity;
    struct floors everyone;
    struct number_map floors_of; /* client -> index into per_client */
    struct floors *per_client;
    size_t client_count, client_capacity;
};

void run_free(struct run *run); /* what it owns */

struct checkpoint_record *run_find(const struct run *run, int64_t id);
struct checkpoint_record *run_record(struct run *run, int64_t id); /* NULL: out of memory */
/* Keeps the one that left last. */
void record_hand_out(struct checkpoint_record *record, const struct hand_out *hand_out);

/* Keeps a completion if it is the largest so far: only those can make an answer stale. False: out
 * of memory. */
bool run_add_completion(struct run *run, const struct completion *completion);
const struct completion *first_completion_beyond(const struct run *run, int64_t id);
/* How many completions from this one on had ended before `sent_us`. */
uint64_t completions_until(const struct run *run, const struct completion *first, int64_t sent_us);

#endif

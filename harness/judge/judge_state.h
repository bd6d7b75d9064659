#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_STATE_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/id.h"
#include "harness/judge/history.h"
#include "harness/judge/judge_absorb.h"
#include "harness/judge/judge_errors.h"
#include "harness/judge/judge_fetches.h"
#include "harness/judge/judge_paths.h"
#include "harness/judge/judge_plain.h"
#include "harness/judge/judge_repeats.h"
#include "harness/judge/judge_requests.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_settings.h"
#include "harness/judge/judge_terms.h"
#include "harness/judge/judge_twins.h"
#include "harness/judge/number_map.h"
#include "harness/judge/staleness.h"
#include "harness/judge/verdict.h"

/* The memory of the judge: of each job, and of what all jobs share. */

enum { LABEL_MAX = 32 };

struct job_state {
    struct id id;
    char digits[ID_DIGITS + 1]; /* of its id, as in paths */
    struct own_folder folder;
    char label[LABEL_MAX];
    uint32_t next_same_hash; /* UINT32_MAX: none */
    uint64_t generation;     /* rises when something changes that a repeated read could notice */
    bool known;              /* some fact or some good answer speaks of it */
    bool has_journal;        /* the origin's own facts of its checkpoints are fed */
    bool has_began;
    int64_t newest_began_us; /* the last instant at which a completion began */
    bool saw_discarded;      /* some answer marked a checkpoint so */
    bool saw_other_paths;    /* GET /jobs/:jobid, config or details were answered */
    int64_t known_from_us;   /* requests sent from here on may expect an answer; NOT_KNOWN_US */
    int64_t unknown_to_us;   /* a call sent up to here may have come before that */
    uint64_t known_seq;

    struct run *runs; /* the last one is the current one; never empty */
    size_t run_count, run_capacity;

    struct requests requests;
    struct job_calls calls;
    bool answered_statistics; /* well: a list or details */
    uint64_t demanding;       /* requests that demanded less than the claim's age */
    struct seen_errors errors;

    struct kept kept;
    struct twin sound; /* the last list whose content agreed */
    struct direct_answer direct;
    struct repeat repeat;
    struct plain plain[EXCHANGE_PATH_COUNT];
    struct clean_list clean;
};

struct client_state {
    char name[LABEL_MAX];
};

struct judge {
    struct claim claim;
    uint32_t lookers[ANSWER_KIND_COUNT]; /* claimed properties whose check looks at such answers, */
    uint32_t hearers[FACT_KIND_COUNT];   /* and those whose check hears of such facts */
    bool out_of_memory;
    int64_t horizon_us;  /* no request to come was sent before */
    bool has_calls;      /* call facts are fed */
    bool knows_requests; /* judge_sent() is used */
    bool used[2];        /* paths of that kind were answered */
    uint64_t generation; /* as a job's, for what concerns all jobs */
    size_t known_job_count;

    struct job_state *jobs;
    size_t job_count, job_capacity;
    struct number_map job_index;
    size_t recent_job;
    struct client_state *clients;
    size_t client_count, client_capacity;
    struct arena *paths; /* all that are remembered */
    struct path_owners owners;
    struct calls_in_flight in_flight;

    struct buffer *scratch;           /* with room for a duration: witnesses need no memory */
    int64_t first_us[PROPERTY_COUNT]; /* of the violation that the witness describes */
    struct staleness staleness;
    struct twin faulty[PROPERTY_COUNT]; /* described lists that no layer was found for so far */
    struct kept_bounds kept;
    /* Tested, violations, worst, witness so far. Last, for most of it is not even cleared. */
    struct property_verdict verdicts[PROPERTY_COUNT];
};

/* What a fact changed. */
struct news {
    const struct fact *fact;
    struct job_state *job; /* NULL: FACT_ENTRIES */
    struct run *run;
    struct checkpoint_record *record; /* facts about a checkpoint; else NULL */
    const struct call *call;          /* facts about a call; else NULL */
};

/* False or NULL: out of memory, unless something else is said. */
struct job_state *state_job(struct judge *judge, struct id id);                  /* found or made */
const struct job_state *state_find_job(const struct judge *judge, struct id id); /* NULL: none */
void state_free(struct judge *judge);
bool state_remember_new_client(struct judge *judge, size_t client, const char *name);
static inline bool state_remember_client(struct judge *judge, size_t client, const char *name)
{
    const bool is_known = client < judge->client_count && judge->clients[client].name[0];
    return is_known || state_remember_new_client(judge, client, name);
}
bool state_know_job(struct judge *judge, struct job_state *job); /* false: it was known */
bool state_fact(struct judge *judge, struct job_state *job, const struct fact *fact,
                struct news *news);

/* A new life, told from answers. Pointers to the job's runs are no longer good after it. */
struct run *job_add_run(struct job_state *job, int64_t began_us);
struct run *job_current_run(const struct job_state *job);
bool job_completed(struct job_state *job, struct run *run, const struct completion *completion);
/* The record of what an answer shows: by id and trigger time, newest run first; NULL: none. */
struct checkpoint_record *job_find_shown(const struct job_state *job,
                                         const struct seen_checkpoint *shown, struct run **run);

#endif

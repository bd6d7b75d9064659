#ifndef FRESHCHECK_TESTS_ORACLE_EVIDENCE_H
#define FRESHCHECK_TESTS_ORACLE_EVIDENCE_H

#include "tests/oracle/story.h"

/*
 * What can be known of a story: which runs a job had, which run an answer shows, and within which
 * instants each completion must lie. Worked out step by step in the order of feeding, for what
 * comes later proves nothing about an answer.
 */

enum { RUNS_MAX = 2 + STORY_ANSWERS, NOT_KNOWN = -1 };
/* Entries of an answer as bits: those of the history first. */
enum { LATEST_COMPLETED_BIT = STORY_ENTRIES, LATEST_SAVEPOINT_BIT, ENTRY_BITS };
#define EVER_US INT64_MIN

/* What an answer means, by what was known when it arrived. */
struct sight {
    int current;        /* the job's run at that time; runs are counted from 0 */
    int shown;          /* the run that the answer shows, or NOT_KNOWN */
    uint32_t elsewhere; /* entries that are another job's */
    uint32_t teaches;   /* entries that make a checkpoint known */
    bool has_stranger;  /* something in it is of another job, a run long over, or not asked for */
    uint32_t long_over; /* entries of a run that was over before what the claim allows, ... */
    int64_t over_us[ENTRY_BITS]; /* ... and since when */
    size_t known_jobs;
    int64_t began_us[RUNS_MAX]; /* of runs 0 .. current; EVER_US: before everything */
};

struct evidence {
    struct sight sights[STORY_ANSWERS];
    int fact_run[STORY_FACTS]; /* of facts that concern a run */
};

void evidence_gather(struct evidence *evidence, const struct story *story);

bool is_list(const struct answer *answer);    /* a good list of checkpoints */
bool is_details(const struct answer *answer); /* good details of one */

/* A completion of a checkpoint that is no savepoint, and within which instants it became visible:
 * both ends are possible. */
struct window {
    int run;
    int64_t id, from_us, to_us;
    size_t told_step; /* that to_us was told at */
};
enum { WINDOWS_MAX = STORY_FACTS + STORY_ANSWERS };

/* The completions of the answer's job that were known when it arrived. Returns how many. */
size_t evidence_windows(const struct evidence *evidence, const struct story *story,
                        const struct answer *answer, struct window windows[WINDOWS_MAX]);

/* Whatever instants of completions one takes, the list lacks one that had ended before from_us. */
bool lacks_completion(const struct evidence *evidence, const struct story *story, size_t answer,
                      int64_t from_us);

/* The entry with that bit, if the list made it known as a checkpoint of the run that it shows. */
const struct seen_checkpoint *taught_at(const struct evidence *evidence, const struct story *story,
                                        size_t answer, size_t bit);
/* What the list made known under that number; NULL: nothing. */
const struct seen_checkpoint *taught_as(const struct evidence *evidence, const struct story *story,
                                        size_t answer, int64_t id);

/* A checkpoint was told of by a fact, or listed by an answer, before the given step: in which run.
 * The newest run first; NOT_KNOWN: in none. */
int evidence_run_of(const struct evidence *evidence, const struct story *story, size_t job,
                    const struct seen_checkpoint *shown, size_t before_step);

/* The property that a good list answers for by its age, with the age that holds for it. */
enum property age_property_of(const struct story *story, const struct answer *answer,
                              int64_t *bound_us);

#endif

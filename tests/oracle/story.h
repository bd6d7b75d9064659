#ifndef FRESHCHECK_TESTS_ORACLE_STORY_H
#define FRESHCHECK_TESTS_ORACLE_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/history.h"
#include "harness/judge/verdict.h"

/*
 * A small random history. Instants are whole ticks and few, so that ends meet often. What a broken
 * server would do is done now and then, in most ways one can think of. Times that are called _us
 * count ticks here: the judge is told them in microseconds.
 */
enum {
    STORY_JOBS = 2,
    STORY_RUNS = 3,
    STORY_ANSWERS = 9,
    STORY_ENTRIES = 5,
    STORY_FACTS = 200,
    STORY_ENTRY_COUNTS = 8,
    STORY_DECISIONS = 3,
    STORY_STEPS = STORY_FACTS + 2 * STORY_ANSWERS + STORY_ENTRY_COUNTS + STORY_DECISIONS,
    STORY_END_US = 32 /* nothing happens from here on */
};

struct answer {
    struct exchange exchange;
    struct observation seen;
    struct seen_checkpoint entries[STORY_ENTRIES];
    struct seen_summary summary; /* what the reader found beside it */
    size_t job;
    bool is_told_when_sent;
    size_t sent_step, done_step; /* where in the order of feeding; sent_step may be SIZE_MAX */
};

/* What a client decided. */
struct story_decision {
    struct decision decision;
    size_t job, step;
};

enum step_kind { STEP_FACT, STEP_SENT, STEP_ANSWER, STEP_ENTRIES, STEP_DECISION };

struct step {
    enum step_kind kind;
    int64_t at_us;
    int rank; /* at one instant the lower goes first */
    size_t index;
};

/* Where the history comes from: the origin's own journal, with calls of the gateway or without,
 * or what a client saw. */
enum story_source { STORY_CALLS, STORY_JOURNAL, STORY_RECORDING };

struct story {
    enum story_source source;
    bool tells_requests;
    int64_t tick_us; /* one, or as long as what settings-honoured allows for is felt */
    struct claim claim;
    struct id jobs[STORY_JOBS];
    size_t job_count;
    struct fact facts[STORY_FACTS];
    size_t fact_job[STORY_FACTS], fact_step[STORY_FACTS];
    size_t fact_count;
    struct answer answers[STORY_ANSWERS];
    size_t answer_count;
    struct fact entry_counts[STORY_ENTRY_COUNTS]; /* how many entries a cache held */
    size_t entry_step[STORY_ENTRY_COUNTS];
    size_t entry_count;
    struct story_decision decisions[STORY_DECISIONS];
    size_t decision_count;
    struct step steps[STORY_STEPS]; /* in the order of feeding */
    size_t step_count;
};

/* The answer that a step feeds; NULL: it feeds something else. */
static inline const struct answer *step_answer(const struct story *story, const struct step *step)
{
    return step->kind == STEP_ANSWER ? &story->answers[step->index] : NULL;
}

void story_make(struct story *story, uint64_t seed);
void story_clear(struct story *story);
void story_print(const struct story *story); /* to stdout, a step a line */

/* What a property's statement says about a story, found by looking at every possibility. */
struct ruling {
    uint64_t tested, violations;
    bool is_decidable; /* false: unknown, whatever was counted */
    int64_t worst;     /* the smallest bound that no answer breaks: ticks, checkpoints, calls ... */
    /* Properties of age: how many checkpoints behind at most, and of the answers that came after a
     * completion how many lacked one, and how old they were in sum. */
    uint64_t behind;
    int64_t sum_us;
    uint64_t aged, stale;
};

struct evidence; /* evidence.h */

#define STATEMENT(name) \
    struct ruling name(const struct story *story, const struct evidence *evidence)
STATEMENT(statement_fresh);
STATEMENT(statement_bounded_age);
STATEMENT(statement_no_phantom);
STATEMENT(statement_monotonic);
STATEMENT(statement_dashboard_cached);
STATEMENT(statement_isolated);
STATEMENT(statement_minimal_fetch);
STATEMENT(statement_bounded_load);
STATEMENT(statement_no_kept_error);
STATEMENT(statement_right_job);
STATEMENT(statement_undisturbed);
STATEMENT(statement_available);
STATEMENT(statement_consistent);
STATEMENT(statement_numeric_latest);
STATEMENT(statement_live_path);
STATEMENT(statement_restore_window);
STATEMENT(statement_right_restore);
STATEMENT(statement_bounded_memory);
STATEMENT(statement_settings_honoured);
STATEMENT(statement_converges);

static inline void raise_worst(struct ruling *ruling, int64_t value)
{
    if (value > ruling->worst)
        ruling->worst = value;
}

#endif

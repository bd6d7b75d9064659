#include <string.h>

#include "tests/oracle/evidence.h"
#include "tests/oracle/maker.h"

/* What clients decide: made up, and what the statement of right-restore says of it. */

/* ---- made up ---- */

static const char *some_path(struct maker *m, size_t job)
{
    const struct truth_job *truth = &m->truth.jobs[job];
    const struct truth_run *run = &truth->runs[random_below(&m->late, truth->run_count)];
    if (run->count == 0 || one_in(&m->late, 20))
        return one_in(&m->late, 2) ? "null" : "<checkpoint-not-externally-addressable>";
    return run->checkpoints[random_below(&m->late, run->count)].path;
}

static void add_decision(struct maker *m)
{
    static const enum decided kinds[] = {DECIDED_PATH,    DECIDED_PATH,    DECIDED_PATH,
                                         DECIDED_NOTHING, DECIDED_NOTHING, DECIDED_REFUSE};
    struct story *story = m->story;
    const size_t job = random_below(&m->late, story->job_count);
    const int64_t sent_us = random_between(&m->late, 0, 26);
    const int64_t left_us = sent_us + (int64_t)random_below(&m->late, 3);
    const int64_t at_us = left_us + (int64_t)random_below(&m->late, 3);
    const enum decided kind = kinds[random_below(&m->late, sizeof kinds / sizeof *kinds)];
    const size_t owner = one_in(&m->late, 8) ? random_below(&m->late, story->job_count) : job;
    story->decisions[story->decision_count].job = job;
    story->decisions[story->decision_count].decision = (struct decision){
        .client = "mover",
        .client_index = 5,
        .job = story->jobs[job],
        .starts = "K",
        .at_us = at_us,
        .kind = kind,
        .path = kind == DECIDED_PATH ? some_path(m, owner) : NULL,
        .grounds = one_in(&m->late, 4) ? (enum grounds)random_below(&m->late, 5) : GROUNDS_ANSWER,
        .sent_us = sent_us,
        .left_us = left_us,
        .bound_us = one_in(&m->late, 4) ? random_between(&m->late, 0, 6) : -1,
    };
    add_step(story, STEP_DECISION, at_us, 1000, story->decision_count++);
}

/* What live-path and restore-window make of a chosen path is tested by hand
 * (tests/test_judge_decisions.c): where clients decide neither is claimed. */
void add_decisions(struct maker *m)
{
    bool *claimed = m->story->claim.claimed;
    if (!one_in(&m->late, 3))
        return;
    claimed[PROPERTY_LIVE_PATH] = claimed[PROPERTY_RESTORE_WINDOW] = false;
    for (size_t count = 1 + random_below(&m->late, STORY_DECISIONS); count > 0; count--)
        add_decision(m);
}

/* ---- right-restore ---- */

/* Everything below looks at all facts of the job that were told before the decision. */
struct case_ {
    const struct story *story;
    const struct evidence *evidence;
    const struct story_decision *made;
    int64_t cutoff_us;
};

static bool is_told(const struct case_ *c, size_t fact)
{
    return c->story->fact_job[fact] == c->made->job && c->story->fact_step[fact] < c->made->step;
}

static int64_t cutoff_of(const struct story *story, const struct decision *decision)
{
    const struct claim *claim = &story->claim;
    const bool is_claimed = claim->claimed[PROPERTY_FRESH] || claim->claimed[PROPERTY_BOUNDED_AGE];
    if (decision->bound_us >= 0)
        return decision->sent_us - decision->bound_us;
    return decision->sent_us -
           (!is_claimed && claim->settings_known ? claim->settings_timeout_us : claim->bound_us);
}

/* When what the run holds under that number was told by such a fact; NEVER_US: not so far. */
static int64_t told_us(const struct case_ *c, enum fact_kind kind, uint64_t run, int64_t id)
{
    int64_t first_us = NEVER_US;
    for (size_t i = 0; i < c->story->fact_count; i++) {
        const struct fact *fact = &c->story->facts[i];
        if (is_told(c, i) && fact->kind == kind && fact->run == run && fact->checkpoint == id &&
            fact->at_us < first_us)
            first_us = fact->at_us;
    }
    return first_us;
}

/* Some file at that path, of whatever job, was deleted between the two instants. */
static bool is_deleted(const struct case_ *c, const char *path, int64_t from_us, int64_t to_us)
{
    for (size_t i = 0; i < c->story->fact_count; i++) {
        const struct fact *fact = &c->story->facts[i];
        if (c->story->fact_step[i] < c->made->step && fact->kind == FACT_DISCARDED &&
            strcmp(fact->path, path) == 0 && fact->at_us >= from_us && fact->at_us <= to_us)
            return true;
    }
    return false;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The largest number that an answer about the run had to show, and since when it was there; 0: it
 * had to show none. */
static int64_t had_to_be_seen(const struct case_ *c, uint64_t run, int64_t *since_us)
{
    const int64_t now_us = c->made->decision.at_us;
    int64_t newest = 0;
    for (size_t i = 0; i < c->story->fact_count; i++) {
        const struct fact *fact = &c->story->facts[i];
        if (!is_told(c, i) || fact->run != run || fact->checkpoint < newest)
            continue;
        int64_t there_us = NEVER_US;
        if (fact->kind == FACT_RESTORED && !is_deleted(c, fact->path, fact->at_us, now_us))
            there_us = fact->at_us;
        if (fact->kind == FACT_COMPLETED &&
            told_us(c, FACT_DISCARDED, run, fact->checkpoint) > now_us)
            there_us = larger(told_us(c, FACT_COMPLETED, run, fact->checkpoint),
                              told_us(c, FACT_DURABLE, run, fact->checkpoint));
        if (there_us >= c->cutoff_us || (fact->checkpoint == newest && there_us >= *since_us))
            continue;
        newest = fact->checkpoint;
        *since_us = there_us;
    }
    return newest;
}

/* Lists tell of checkpoints too, also before their time. */
static int64_t number_taught(const struct case_ *c, uint64_t run, const char *path)
{
    int64_t number = 0;
    for (size_t i = 0; i < c->story->answer_count; i++) {
        const struct answer *answer = &c->story->answers[i];
        if (answer->job != c->made->job || answer->done_step > c->made->step ||
            c->evidence->sights[i].shown + 1 != (int)run)
            continue;
        for (size_t bit = 0; bit < ENTRY_BITS; bit++) {
            const struct seen_checkpoint *entry = taught_at(c->evidence, c->story, i, bit);
            if (entry && entry->path && strcmp(entry->path, path) == 0)
                number = larger(number, entry->id);
        }
    }
    return number;
}

/* The largest number under which the run has that path; 0: it has not. */
static int64_t number_in(const struct case_ *c, uint64_t run, const char *path)
{
    int64_t number = number_taught(c, run, path);
    for (size_t i = 0; i < c->story->fact_count; i++) {
        const struct fact *fact = &c->story->facts[i];
        if (is_told(c, i) && fact->run == run && fact->path && fact->kind != FACT_RESTORE_FAILED &&
            strcmp(fact->path, path) == 0)
            number = larger(number, fact->checkpoint);
    }
    return number;
}

/* An answer may have been about this run: no later one had begun when what it had to show ended. */
static bool may_be_meant(const struct case_ *c, uint64_t run)
{
    bool has_begun = false;
    for (size_t i = 0; i < c->story->fact_count; i++) {
        const struct fact *fact = &c->story->facts[i];
        if (!is_told(c, i) || fact->kind != FACT_RUN_BEGAN)
            continue;
        has_begun |= fact->run == run;
        if (fact->run > run && fact->at_us < c->cutoff_us)
            return false;
    }
    return has_begun;
}

/* Sets since_us where something that had to be seen was not heeded. */
static bool is_right(const struct case_ *c, int64_t *since_us)
{
    const struct decision *decision = &c->made->decision;
    const bool is_informed =
        decision->grounds == GROUNDS_ANSWER || decision->grounds == GROUNDS_NOT_ENABLED;
    bool is_empty = false;
    int64_t unheeded_us = NEVER_US;
    if (decision->path && decision->path[0] == '<')
        return false;
    for (uint64_t run = 1; run <= STORY_RUNS; run++) {
        int64_t there_us = NEVER_US;
        if (!may_be_meant(c, run))
            continue;
        const int64_t needed = had_to_be_seen(c, run, &there_us);
        const int64_t number = decision->path ? number_in(c, run, decision->path) : 0;
        is_empty |= needed == 0;
        if (decision->path && number > 0 && needed <= number)
            return true;
        if (needed > 0 && (number > 0 || !decision->path))
            unheeded_us = there_us;
    }
    if (!decision->path && is_empty)
        return is_informed;
    *since_us = unheeded_us;
    return false;
}

struct ruling statement_right_restore(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = true};
    for (size_t i = 0; i < story->decision_count; i++) {
        const struct story_decision *made = &story->decisions[i];
        const struct case_ c = {.story = story,
                                .evidence = evidence,
                                .made = made,
                                .cutoff_us = cutoff_of(story, &made->decision)};
        int64_t since_us = NEVER_US;
        if (made->decision.kind == DECIDED_REFUSE)
            continue;
        ruling.tested++;
        if (is_right(&c, &since_us))
            continue;
        ruling.violations++;
        if (since_us != NEVER_US)
            raise_worst(&ruling, made->decision.sent_us - since_us);
    }
    return ruling;
}

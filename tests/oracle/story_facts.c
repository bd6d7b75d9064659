#include "tests/oracle/maker.h"

/* What the origin tells of a story. */

/* ---- facts ---- */

void add_step(struct story *story, enum step_kind kind, int64_t at_us, int rank, size_t index)
{
    story->steps[story->step_count++] =
        (struct step){.kind = kind, .at_us = at_us, .rank = rank, .index = index};
}

/* Facts about checkpoints, runs and jobs come before anything else at their instant. */
static void add_fact(struct maker *m, size_t job, int rank, struct fact fact)
{
    struct story *story = m->story;
    if (fact.at_us >= STORY_END_US || story->fact_count == STORY_FACTS)
        return;
    fact.job = story->jobs[job];
    story->facts[story->fact_count] = fact;
    story->fact_job[story->fact_count] = job;
    add_step(story, STEP_FACT, fact.at_us, rank, story->fact_count++);
}

static void tell_checkpoint(struct maker *m, size_t job, uint64_t run,
                            const struct truth_checkpoint *checkpoint)
{
    struct fact fact = {.run = run,
                        .checkpoint = checkpoint->id,
                        .is_savepoint = checkpoint->is_savepoint,
                        .trigger_ms = checkpoint->trigger_ms,
                        .path = checkpoint->path};
    if (checkpoint->fails || checkpoint->ended_us == NEVER_US)
        return;
    fact.kind = FACT_BEGAN;
    fact.at_us = checkpoint->began_us;
    add_fact(m, job, -3, fact);
    fact.kind = FACT_DURABLE;
    fact.at_us = checkpoint->began_us + (int64_t)random_below(&m->late, 5);
    if (!one_in(&m->late, 12))
        add_fact(m, job, -2, fact);
    fact.kind = FACT_COMPLETED;
    fact.at_us = checkpoint->ended_us;
    add_fact(m, job, -2, fact);
    fact.kind = FACT_DISCARDED;
    fact.at_us = checkpoint->discarded_us;
    add_fact(m, job, -1, fact);
}

/* From some checkpoint of the run before. */
static void tell_restore(struct maker *m, size_t job, size_t run)
{
    const struct truth_run *before = &m->truth.jobs[job].runs[run - 1];
    if (before->count == 0)
        return;
    const struct truth_checkpoint *from =
        &before->checkpoints[random_below(&m->late, before->count)];
    add_fact(m, job, -4,
             (struct fact){.kind = FACT_RESTORED,
                           .at_us = m->truth.jobs[job].runs[run].began_us,
                           .run = run + 1,
                           .checkpoint = from->id,
                           .path = from->path});
}

static void tell_journal(struct maker *m, size_t job)
{
    const struct truth_job *truth = &m->truth.jobs[job];
    for (size_t r = 0; r < truth->run_count; r++) {
        const struct truth_run *run = &truth->runs[r];
        add_fact(m, job, -4,
                 (struct fact){.kind = FACT_RUN_BEGAN, .at_us = run->began_us, .run = r + 1});
        if (run->is_restored)
            tell_restore(m, job, r);
        for (size_t i = 0; i < run->count; i++)
            tell_checkpoint(m, job, r + 1, &run->checkpoints[i]);
        if (r > 0 && chance(m, 4))
            add_fact(m, job, -4,
                     (struct fact){.kind = FACT_JOB_INITIALIZING, .at_us = run->began_us});
    }
    if (!chance(m, 4))
        add_fact(m, job, -3, (struct fact){.kind = FACT_JOB_KNOWN, .at_us = between(m, 0, 8)});
    if (truth->run_count > 1 && !chance(m, 3))
        add_fact(m, job, -3,
                 (struct fact){.kind = FACT_JOB_KNOWN,
                               .at_us = truth->runs[1].began_us + (int64_t)below(m, 4)});
}

/* A job is started from a path that is gone. */
static void tell_failed_restore(struct maker *m, size_t job)
{
    const struct truth_run *run = &m->truth.jobs[job].runs[0];
    for (size_t i = 0; i < run->count; i++) {
        const struct truth_checkpoint *checkpoint = &run->checkpoints[i];
        if (checkpoint->discarded_us < NEVER_US && chance(m, 6))
            add_fact(m, job, 0,
                     (struct fact){.kind = FACT_RESTORE_FAILED,
                                   .at_us = checkpoint->discarded_us + (int64_t)below(m, 4),
                                   .path = checkpoint->path});
    }
}

/* Times that a later answer tells: the end of a completion with a margin. */
static void tell_from_answers(struct maker *m, size_t job)
{
    const struct truth_job *truth = &m->truth.jobs[job];
    for (size_t r = 0; r < truth->run_count; r++) {
        for (size_t i = 0; i < truth->runs[r].count; i++) {
            const struct truth_checkpoint *checkpoint = &truth->runs[r].checkpoints[i];
            if (checkpoint->fails || checkpoint->ended_us == NEVER_US || !chance(m, 3))
                continue;
            add_fact(m, job, -2,
                     (struct fact){.kind = FACT_COMPLETED,
                                   .at_us = checkpoint->ended_us + (int64_t)below(m, 3),
                                   .checkpoint = checkpoint->id,
                                   .is_savepoint = checkpoint->is_savepoint,
                                   .trigger_ms = checkpoint->trigger_ms,
                                   .path = checkpoint->path,
                                   .evidence = "latest_ack_timestamp + 2 us"});
        }
    }
}

/* ---- calls ---- */

static const char *const outcome = "timed out";

static void add_call(struct maker *m, size_t job, enum call_kind kind, int64_t sent_us,
                     int64_t ended_us, bool fails)
{
    struct fact fact = {.call = kind, .fetch = ++m->fetch};
    int rank = (int)below(m, 100);
    struct answer scratch;
    int64_t taken_us = between(m, sent_us, ended_us);
    truth_show(&m->truth.jobs[job], taken_us, &scratch);
    fact.kind = FACT_CALL_SENT;
    fact.at_us = sent_us;
    add_fact(m, job, rank, fact);
    if (!fails) {
        fact.kind = FACT_CALL_TAKEN;
        fact.at_us = taken_us;
        fact.version = scratch.seen.version;
        add_fact(m, job, rank + 1 + (int)below(m, 100), fact);
    }
    fact.kind = FACT_CALL_ENDED;
    fact.at_us = ended_us;
    fact.call_failed = fails;
    fact.call_outcome = fails ? outcome : NULL;
    if (!chance(m, 30)) /* else it is under way when the story ends */
        add_fact(m, job, rank + 101 + (int)below(m, 100), fact);
}

static bool is_graph_path(enum exchange_path path)
{
    return path == PATH_JOB || path == PATH_CONFIG;
}

static void call_for(struct maker *m, const struct answer *answer, bool shares_graph, bool fails)
{
    const struct exchange *exchange = &answer->exchange;
    bool graph = is_graph_path(exchange->path) || shares_graph;
    if (m->moods[MOOD_WASTEFUL] && chance(m, 4))
        graph = !graph;
    int64_t sent_us = between(m, exchange->sent_us, exchange->done_us);
    add_call(m, answer->job, graph ? CALL_GRAPH : CALL_STATISTICS, sent_us,
             between(m, sent_us, exchange->done_us), fails);
}

void add_calls(struct maker *m)
{
    struct story *story = m->story;
    bool shares_graph = m->moods[MOOD_WASTEFUL] && chance(m, 3);
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        bool good = answer->exchange.status == 200;
        bool concerns = answer->exchange.path <= PATH_JOB || answer->exchange.path == PATH_CONFIG;
        bool kept = good ? chance(m, 2) : chance(m, 3);
        if (concerns && !kept)
            call_for(m, answer, shares_graph, good ? chance(m, 20) : !chance(m, 8));
    }
    size_t idle = below(m, m->moods[MOOD_WASTEFUL] ? 5 : 2);
    while (idle-- > 0) {
        int64_t sent_us = between(m, 0, 24);
        static const enum call_kind kinds[] = {CALL_GRAPH, CALL_STATISTICS, CALL_OTHER};
        add_call(m, below(m, story->job_count), kinds[below(m, 3)], sent_us,
                 sent_us + (int64_t)below(m, 6), chance(m, 4));
    }
}

void add_facts(struct maker *m)
{
    for (size_t i = 0; i < m->story->job_count; i++) {
        if (m->story->source == STORY_RECORDING) {
            tell_from_answers(m, i);
        } else {
            tell_journal(m, i);
            tell_failed_restore(m, i);
        }
    }
}

/* ---- entries of caches ---- */

void add_entry_counts(struct maker *m)
{
    static const enum call_kind caches[] = {CALL_GRAPH, CALL_STATISTICS, CALL_OTHER};
    struct story *story = m->story;
    size_t count = below(m, STORY_ENTRY_COUNTS + 1);
    uint64_t most = m->moods[MOOD_WASTEFUL] ? 4 : 1;
    while (count-- > 0) {
        const int64_t at_us = between(m, 0, STORY_END_US - 1);
        story->entry_counts[story->entry_count] = (struct fact){.kind = FACT_ENTRIES,
                                                                .at_us = at_us,
                                                                .call = caches[below(m, 3)],
                                                                .entry_count = below(m, most + 1)};
        add_step(story, STEP_ENTRIES, at_us, (int)below(m, 400), story->entry_count++);
    }
}

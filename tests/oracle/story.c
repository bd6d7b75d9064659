#include "tests/oracle/story.h"

#include <stdlib.h>
#include <string.h>

#include "tests/oracle/maker.h"

/* ---- answers ---- */

/* No server knows the life that a job will lead after the next start. */
static int64_t before_next_run_us(struct maker *m, size_t job, int64_t now_us, int64_t at_us)
{
    const struct truth_job *truth = &m->truth.jobs[job];
    for (size_t i = 0; i < truth->run_count; i++) {
        if (truth->runs[i].began_us > now_us && truth->runs[i].began_us <= at_us)
            return truth->runs[i].began_us - 1;
    }
    return at_us;
}

/* The instant that an answer shows: between what the claim allows and its arrival, or not. */
static int64_t source_us(struct maker *m, size_t job, const struct exchange *exchange)
{
    int64_t oldest_us = exchange->sent_us - m->story->claim.bound_us;
    if (m->moods[MOOD_STALE] && chance(m, 2))
        return between(m, 0, exchange->sent_us);
    if (m->moods[MOOD_EARLY] && chance(m, 4))
        return before_next_run_us(m, job, exchange->done_us, exchange->done_us + between(m, 1, 6));
    return between(m, oldest_us > 0 ? oldest_us : 0, exchange->left_us);
}

static struct truth_checkpoint *some_checkpoint(struct maker *m, size_t job, int64_t not_over_us)
{
    struct truth_job *truth = &m->truth.jobs[job];
    struct truth_run *run = &truth->runs[below(m, truth->run_count)];
    bool over = run->over_us <= not_over_us;
    return run->count > 0 && !over ? &run->checkpoints[below(m, run->count)] : NULL;
}

static struct seen_checkpoint as_completed(const struct truth_checkpoint *checkpoint)
{
    return (struct seen_checkpoint){.id = checkpoint->id,
                                    .status = SEEN_COMPLETED,
                                    .is_savepoint = checkpoint->is_savepoint,
                                    .trigger_ms = checkpoint->trigger_ms,
                                    .state_size = checkpoint->state_size,
                                    .path = checkpoint->path};
}

/* Whose path it is can be told: the journal said so, or the job's own answer. */
static bool is_owner_known(struct maker *m, size_t job, const struct truth_checkpoint *checkpoint,
                           int64_t before_us)
{
    const struct story *story = m->story;
    if (checkpoint->fails || checkpoint->ended_us > before_us)
        return false;
    for (size_t i = 0; i < story->answer_count && story->source == STORY_RECORDING; i++) {
        const struct answer *answer = &story->answers[i];
        if (answer->job == job && answer->exchange.status == 200 &&
            answer->exchange.path == PATH_STATISTICS && answer->exchange.done_us < before_us &&
            answer->seen.has_latest_completed &&
            answer->seen.latest_completed.path == checkpoint->path)
            return true;
    }
    return story->source != STORY_RECORDING;
}

static void mix_up(struct maker *m, struct answer *answer)
{
    size_t job = below(m, m->story->job_count);
    const struct truth_checkpoint *stranger = some_checkpoint(m, job, 0);
    if (!stranger || !is_owner_known(m, job, stranger, answer->exchange.sent_us))
        return;
    struct seen_checkpoint *entry = &answer->seen.latest_completed;
    if (answer->seen.history_count > 0 && chance(m, 2))
        entry = &answer->entries[below(m, answer->seen.history_count)];
    *entry = as_completed(stranger);
    if (entry == &answer->seen.latest_completed)
        answer->seen.has_latest_completed = true;
}

static void confuse(struct maker *m, struct answer *answer)
{
    struct observation *seen = &answer->seen;
    struct seen_checkpoint *first = &answer->entries[0];
    int64_t *const counts[] = {&seen->total, &seen->in_progress, &seen->completed, &seen->failed};
    switch (below(m, 8)) {
    case 0:
        *counts[below(m, 4)] += between(m, -1, 1);
        break;
    case 1: /* an older one as the latest */
        if (seen->history_count > 0)
            seen->latest_completed = answer->entries[seen->history_count - 1];
        seen->has_latest_completed = seen->history_count > 0;
        break;
    case 2:
        seen->has_latest_completed = false;
        break;
    case 3:
        seen->version += (uint64_t)between(m, 0, 2);
        break;
    case 4:
        if (seen->history_count > 1) {
            const struct seen_checkpoint moved = answer->entries[1];
            answer->entries[1] = *first;
            *first = moved;
        }
        break;
    case 5:
        seen->latest_completed.is_savepoint = true;
        break;
    case 6:
        answer->summary = (struct seen_summary){
            "state_size", between(m, 0, 3), between(m, 3, 6), between(m, 1, 5), 3, 3};
        break;
    default:
        seen->latest_completed.trigger_ms += between(m, 0, 1);
        seen->latest_completed.discarded = chance(m, 2);
        break;
    }
}

static void copy_seen(struct answer *answer, const struct answer *from)
{
    answer->seen = from->seen;
    answer->summary = from->summary;
    memcpy(answer->entries, from->entries, sizeof answer->entries);
    answer->seen.history = answer->entries;
    answer->exchange.seen_serial = from->exchange.seen_serial;
}

/* The same bytes as in some answer before. */
static bool repeat_answer(struct maker *m, struct answer *answer)
{
    size_t at = m->story->answer_count;
    if (at == 0)
        return false;
    const struct answer *from = &m->story->answers[below(m, at)];
    if (from->exchange.path != PATH_STATISTICS || from->exchange.status != 200 ||
        from->job != answer->job || from->exchange.left_us > answer->exchange.done_us)
        return false;
    copy_seen(answer, from);
    return true;
}

static void answer_list(struct maker *m, struct answer *answer)
{
    if (chance(m, 3) && repeat_answer(m, answer))
        return;
    truth_show(&m->truth.jobs[answer->job], source_us(m, answer->job, &answer->exchange), answer);
    answer->exchange.seen_serial = chance(m, 6) ? 0 : ++m->serial;
    if (m->moods[MOOD_MIXED] && chance(m, 3))
        mix_up(m, answer);
    if (m->moods[MOOD_CONFUSED] && chance(m, 3))
        confuse(m, answer);
}

static void answer_error(struct maker *m, struct answer *answer)
{
    static const struct {
        int status;
        enum observed_error error;
    } errors[] = {{404, ERROR_JOB_NOT_FOUND}, {404, ERROR_JOB_NOT_FOUND}, {500, ERROR_INITIALIZING},
                  {500, ERROR_CANCELLED},     {500, ERROR_TIMED_OUT},     {503, ERROR_UNAVAILABLE},
                  {404, ERROR_NO_CHECKPOINT}, {404, ERROR_NOT_ENABLED},   {500, ERROR_OTHER}};
    size_t at = below(m, sizeof errors / sizeof *errors);
    answer->exchange.status = errors[at].status;
    answer->seen = (struct observation){.kind = OBSERVED_ERROR, .error = errors[at].error};
}

static void answer_details(struct maker *m, struct answer *answer)
{
    const struct truth_checkpoint *checkpoint =
        some_checkpoint(m, answer->job, answer->exchange.sent_us);
    if (!checkpoint || checkpoint->fails || checkpoint->visible_us > answer->exchange.done_us) {
        answer->exchange.status = 404;
        answer->seen = (struct observation){.kind = OBSERVED_ERROR, .error = ERROR_NO_CHECKPOINT};
        return;
    }
    answer->exchange.checkpoint = checkpoint->id;
    answer->seen = (struct observation){.borrows = true, .kind = OBSERVED_DETAILS};
    answer->seen.latest_completed = as_completed(checkpoint);
    if (m->moods[MOOD_MIXED] && chance(m, 2)) {
        mix_up(m, answer);
        if (chance(m, 2))
            answer->exchange.checkpoint = answer->seen.latest_completed.id;
    }
    if (m->moods[MOOD_CONFUSED] && chance(m, 3))
        answer->seen.latest_completed.state_size += between(m, 0, 1);
}

static void answer_job(struct maker *m, struct answer *answer)
{
    answer->seen = (struct observation){.kind = OBSERVED_JOB};
    answer->seen.job_initializing = chance(m, 6);
    answer->seen.job_terminal = !answer->seen.job_initializing && chance(m, 6);
}

static void answer_trigger(struct maker *m, struct answer *answer)
{
    const struct truth_checkpoint *checkpoint =
        some_checkpoint(m, answer->job, answer->exchange.sent_us);
    answer->seen = (struct observation){.kind = OBSERVED_TRIGGER_STATUS};
    if (!checkpoint || checkpoint->is_savepoint ||
        checkpoint->visible_us > answer->exchange.done_us)
        return;
    answer->seen.trigger_done = true;
    answer->seen.trigger_failed = checkpoint->fails;
    answer->seen.trigger_checkpoint = checkpoint->id;
}

static enum exchange_path some_path(struct maker *m)
{
    static const enum exchange_path paths[] = {
        PATH_STATISTICS, PATH_STATISTICS, PATH_STATISTICS,     PATH_STATISTICS, PATH_STATISTICS,
        PATH_STATISTICS, PATH_STATISTICS, PATH_DETAILS,        PATH_JOB,        PATH_JOB,
        PATH_CONFIG,     PATH_OTHER,      PATH_TRIGGER_STATUS, PATH_STATISTICS, PATH_STATISTICS};
    return paths[below(m, sizeof paths / sizeof *paths)];
}

static void fill_answer(struct maker *m, struct answer *answer)
{
    struct exchange *exchange = &answer->exchange;
    answer->seen = (struct observation){.kind = OBSERVED_OTHER};
    if (m->moods[MOOD_DEAF] && chance(m, 6))
        exchange->status = 0;
    else if (m->moods[MOOD_FAILING] && chance(m, 3))
        answer_error(m, answer);
    else if (exchange->path == PATH_STATISTICS)
        answer_list(m, answer);
    else if (exchange->path == PATH_DETAILS)
        answer_details(m, answer);
    else if (exchange->path == PATH_JOB)
        answer_job(m, answer);
    else if (exchange->path == PATH_TRIGGER_STATUS)
        answer_trigger(m, answer);
    exchange->seen = exchange->status ? &answer->seen : NULL;
    if (answer->seen.kind == OBSERVED_STATISTICS)
        answer->seen.contradiction = observation_contradiction(&answer->seen, &answer->summary,
                                                               answer->summary.name ? 1 : 0);
}

static void add_answer(struct maker *m)
{
    static const char *const names[] = {"m", "n", "o"};
    struct story *story = m->story;
    struct answer *answer = &story->answers[story->answer_count];
    size_t client = below(m, 4);
    int64_t sent_us = between(m, 0, 24), done_us = sent_us + (int64_t)below(m, 5);
    memset(&answer->exchange, 0, sizeof answer->exchange);
    answer->job = below(m, story->job_count);
    answer->summary.name = NULL;
    answer->exchange =
        (struct exchange){.client = client < 3 ? names[client] : NULL,
                          .client_index = client < 3 ? client : SIZE_MAX,
                          .path = some_path(m),
                          .job = story->jobs[answer->job],
                          .job_hint = below(m, 3),
                          .sent_us = sent_us,
                          .done_us = done_us,
                          .left_us = chance(m, 6) ? sent_us : between(m, sent_us, done_us),
                          .bound_us = chance(m, 8) ? between(m, 0, 6) : -1,
                          .status = 200};
    fill_answer(m, answer);
    answer->is_told_when_sent = story->tells_requests;
    answer->sent_step = SIZE_MAX;
    int rank = (int)below(m, 100);
    if (story->tells_requests)
        add_step(story, STEP_SENT, sent_us, rank, story->answer_count);
    add_step(story, STEP_ANSWER, done_us, rank + 1 + (int)below(m, 200), story->answer_count);
    story->answer_count++;
}

/* ---- the whole ---- */

static int compare_steps(const void *left, const void *right)
{
    const struct step *a = left, *b = right;
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    return (a->rank > b->rank) - (a->rank < b->rank);
}

/* Few steps: inserting is quick, and leaves equals as they are. */
static void sort_steps(struct story *story)
{
    for (size_t i = 1; i < story->step_count; i++) {
        const struct step step = story->steps[i];
        size_t at = i;
        for (; at > 0 && compare_steps(&story->steps[at - 1], &step) > 0; at--)
            story->steps[at] = story->steps[at - 1];
        story->steps[at] = step;
    }
    uint64_t seq = 0;
    for (size_t i = 0; i < story->step_count; i++) {
        const struct step *step = &story->steps[i];
        if (step->kind == STEP_FACT)
            story->fact_step[step->index] = i;
        else if (step->kind == STEP_ENTRIES)
            story->entry_step[step->index] = i;
        else if (step->kind == STEP_DECISION)
            story->decisions[step->index].step = i;
        else if (step->kind == STEP_SENT)
            story->answers[step->index].sent_step = i;
        else
            story->answers[step->index].done_step = i;
        if (step->kind == STEP_ANSWER)
            story->answers[step->index].exchange.seq = ++seq;
    }
}

static void draw_claim(struct maker *m)
{
    struct claim *claim = &m->story->claim;
    bool all = !chance(m, 4);
    *claim = (struct claim){.bound_us = chance(m, 2) ? 0 : between(m, 1, 8),
                            .refresh_interval_us = between(m, 1, 6),
                            .in_flight_max = between(m, 1, 2),
                            .restore_window_us = between(m, 1, 6),
                            .settings_known = !chance(m, 6),
                            .settings_timeout_us = between(m, 0, 9),
                            .stats_entry_count_max = between(m, 1, 3),
                            .detail_entry_count_max = between(m, 1, 3)};
    /* Of its own, so that all else is drawn as it was without it. */
    claim->settled_from_us =
        (5 * claim->bound_us + 7 * claim->refresh_interval_us + 3 * claim->settings_timeout_us) %
        STORY_END_US;
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        claim->claimed[i] = all || !chance(m, 4);
}

void story_make(struct story *story, uint64_t seed)
{
    static const struct id ids[STORY_JOBS] = {{0xaaaaaaaaaaaaaaaa, 0x1111111111111111},
                                              {0xbbbbbbbbbbbbbbbb, 0x2222222222222222}};
    struct maker m = {.story = story};
    random_seed(&m.random, seed);
    random_seed(&m.late, seed ^ UINT64_C(0x6465636964656400));
    story->job_count = 1 + chance(&m, 2);
    story->source = (enum story_source)below(&m, 3);
    story->tells_requests = story->source == STORY_CALLS ? !chance(&m, 8) : chance(&m, 4);
    story->tick_us = chance(&m, 2) ? 1 : 20000;
    story->fact_count = story->answer_count = story->step_count = story->entry_count = 0;
    story->decision_count = 0;
    memcpy(story->jobs, ids, sizeof ids);
    truth_make(&m.truth, &m.random, story->job_count);
    draw_claim(&m);
    for (size_t i = 0; i < MOOD_COUNT; i++)
        m.moods[i] = chance(&m, 6);
    add_facts(&m);
    size_t count = 1 + below(&m, STORY_ANSWERS);
    while (count-- > 0)
        add_answer(&m);
    if (story->source == STORY_CALLS)
        add_calls(&m);
    if (story->source != STORY_RECORDING)
        add_entry_counts(&m);
    if (story->source != STORY_RECORDING)
        add_decisions(&m);
    sort_steps(story);
}

void story_clear(struct story *story)
{
    for (size_t i = 0; i < story->answer_count; i++) {
        if (story->answers[i].seen.kind == OBSERVED_STATISTICS)
            free(story->answers[i].seen.contradiction);
    }
}

#include "tests/oracle/evidence.h"

#include <string.h>

#include "tests/oracle/paths.h"

bool is_list(const struct answer *answer)
{
    return answer->exchange.status == 200 && answer->seen.kind == OBSERVED_STATISTICS;
}

bool is_details(const struct answer *answer)
{
    return answer->exchange.status == 200 && answer->seen.kind == OBSERVED_DETAILS;
}

static bool is_about_checkpoint(const struct fact *fact)
{
    return fact->kind == FACT_BEGAN || fact->kind == FACT_COMPLETED || fact->kind == FACT_DISCARDED;
}

/* What is known of one job on the way through the story. */
struct life {
    int current;
    int64_t began_us[RUNS_MAX];
    /* Where runs are told by answers only: what the current run has shown so far. */
    bool has_shown;
    int64_t top_id, newest_trigger_ms, newest_restored_ms, older_trigger_ms;
    uint64_t top_version;
};

static void begin_run(struct life *life, int64_t at_us)
{
    life->began_us[++life->current] = at_us;
    life->older_trigger_ms = life->newest_trigger_ms;
    life->has_shown = false;
    life->newest_trigger_ms = life->newest_restored_ms = 0;
}

static int64_t newest_trigger_of(const struct observation *seen)
{
    int64_t newest = seen->has_latest_completed ? seen->latest_completed.trigger_ms : 0;
    for (size_t i = 0; i < seen->history_count; i++) {
        if (seen->history[i].trigger_ms > newest)
            newest = seen->history[i].trigger_ms;
    }
    return newest;
}

static int64_t shown_id(const struct observation *seen)
{
    return seen->has_latest_completed ? seen->latest_completed.id : 0;
}

/* "A drop that comes with a newer trigger or restore time than any before is a new run." */
static int run_told_by_answers(struct life *life, const struct answer *answer)
{
    const struct observation *seen = &answer->seen;
    int64_t trigger_ms = newest_trigger_of(seen);
    int64_t restored_ms = seen->has_latest_restored ? seen->restored_ms : 0;
    bool drops =
        life->has_shown && (shown_id(seen) < life->top_id || seen->version < life->top_version);
    if (drops && (trigger_ms > life->newest_trigger_ms || restored_ms > life->newest_restored_ms))
        begin_run(life, answer->exchange.sent_us);
    if (life->current > 0 && trigger_ms > 0 && trigger_ms <= life->older_trigger_ms)
        return life->current - 1;
    if (trigger_ms > life->newest_trigger_ms)
        life->newest_trigger_ms = trigger_ms;
    if (restored_ms > life->newest_restored_ms)
        life->newest_restored_ms = restored_ms;
    if (!life->has_shown || shown_id(seen) > life->top_id)
        life->top_id = shown_id(seen);
    if (!life->has_shown || seen->version > life->top_version)
        life->top_version = seen->version;
    life->has_shown = true;
    return life->current;
}

/* By a checkpoint that belongs to one run; where there was one run only, by that. */
static int run_told_by_facts(const struct evidence *evidence, const struct story *story,
                             const struct life *life, const struct answer *answer)
{
    const struct observation *seen = &answer->seen;
    int run = NOT_KNOWN;
    if (life->current == 0)
        return 0;
    if (seen->has_latest_completed)
        return evidence_run_of(evidence, story, answer->job, &seen->latest_completed,
                               answer->done_step);
    for (size_t i = 0; i < seen->history_count && run == NOT_KNOWN; i++)
        run = evidence_run_of(evidence, story, answer->job, &seen->history[i], answer->done_step);
    return run;
}

/* A fact names its run, or means the current one. The first announcement is of the run that was
 * there all along. */
static int run_of_fact(struct life *life, const struct fact *fact)
{
    if (fact->run == 0)
        return life->current;
    while ((uint64_t)life->current + 1 < fact->run)
        begin_run(life, fact->at_us);
    if (fact->run == 1 && life->began_us[0] == EVER_US)
        life->began_us[0] = fact->at_us;
    return (int)fact->run - 1;
}

/* The entries of an answer are told apart by a bit each. */
static const struct seen_checkpoint *entry_at(const struct answer *answer, size_t bit)
{
    const struct observation *seen = &answer->seen;
    if (bit < seen->history_count)
        return &seen->history[bit];
    if (bit == LATEST_COMPLETED_BIT && (is_details(answer) || seen->has_latest_completed))
        return &seen->latest_completed;
    return bit == LATEST_SAVEPOINT_BIT && seen->has_latest_savepoint ? &seen->latest_savepoint
                                                                     : NULL;
}

const struct seen_checkpoint *taught_at(const struct evidence *evidence, const struct story *story,
                                        size_t answer, size_t bit)
{
    return (evidence->sights[answer].teaches >> bit & 1) != 0
               ? entry_at(&story->answers[answer], bit)
               : NULL;
}

const struct seen_checkpoint *taught_as(const struct evidence *evidence, const struct story *story,
                                        size_t answer, int64_t id)
{
    for (size_t bit = 0; bit < ENTRY_BITS; bit++) {
        const struct seen_checkpoint *entry = taught_at(evidence, story, answer, bit);
        if (entry && entry->id == id)
            return entry;
    }
    return NULL;
}

/* A number comes once in a run: with another trigger time it is another run's checkpoint. */
static bool number_is_taken(const struct evidence *evidence, const struct story *story, size_t job,
                            int run, int64_t id, int64_t trigger_ms, size_t before_step)
{
    for (size_t i = 0; i < before_step; i++) {
        const struct step *step = &story->steps[i];
        if (step->kind == STEP_FACT && story->fact_job[step->index] == job &&
            evidence->fact_run[step->index] == run && story->facts[step->index].checkpoint == id)
            return story->facts[step->index].trigger_ms != trigger_ms;
        if (step->kind != STEP_ANSWER || story->answers[step->index].job != job ||
            evidence->sights[step->index].shown != run)
            continue;
        const struct seen_checkpoint *taught = taught_as(evidence, story, step->index, id);
        if (taught)
            return taught->trigger_ms != trigger_ms;
    }
    return false;
}

/* A checkpoint has one path, the first that was told. */
static bool has_path(const struct evidence *evidence, const struct story *story, size_t job,
                     int run, int64_t id, size_t before_step)
{
    for (size_t i = 0; i < before_step; i++) {
        const struct step *step = &story->steps[i];
        const struct seen_checkpoint *taught = step->kind == STEP_ANSWER &&
                                                       story->answers[step->index].job == job &&
                                                       evidence->sights[step->index].shown == run
                                                   ? taught_as(evidence, story, step->index, id)
                                                   : NULL;
        if (taught && taught->path)
            return true;
        if (step->kind == STEP_FACT && story->fact_job[step->index] == job &&
            evidence->fact_run[step->index] == run && story->facts[step->index].checkpoint == id &&
            story->facts[step->index].path)
            return true;
    }
    return false;
}

/* Which completed checkpoints a list makes known as ones of the run that it shows. */
static void look_for_lessons(struct evidence *evidence, const struct story *story,
                             struct register_of_paths *paths, size_t at)
{
    const struct answer *answer = &story->answers[at];
    struct sight *sight = &evidence->sights[at];
    bool of_current = story->source != STORY_RECORDING || sight->shown == sight->current;
    for (size_t bit = 0; bit < ENTRY_BITS; bit++) {
        const struct seen_checkpoint *entry = entry_at(answer, bit);
        if (!entry || entry->status != SEEN_COMPLETED || sight->shown == NOT_KNOWN || !of_current ||
            (sight->elsewhere >> bit & 1) != 0)
            continue;
        int known_run = evidence_run_of(evidence, story, answer->job, entry, answer->done_step);
        if ((known_run == NOT_KNOWN || known_run == sight->shown) &&
            !number_is_taken(evidence, story, answer->job, sight->shown, entry->id,
                             entry->trigger_ms, answer->done_step + 1)) {
            if (!has_path(evidence, story, answer->job, sight->shown, entry->id,
                          answer->done_step + 1))
                learn_path(paths, answer->job, entry->path);
            sight->teaches |= UINT32_C(1) << bit;
        }
    }
}

/* A checkpoint of a run that had been over before the oldest instant the claim allows. */
static bool is_of_run_long_over(const struct story *story, const struct evidence *evidence,
                                const struct answer *answer, const struct seen_checkpoint *entry)
{
    const struct sight *sight = &evidence->sights[answer - story->answers];
    const struct exchange *exchange = &answer->exchange;
    int64_t bound_us = exchange->bound_us >= 0 ? exchange->bound_us : story->claim.bound_us;
    int run = evidence_run_of(evidence, story, answer->job, entry, answer->done_step);
    if (run == NOT_KNOWN || run >= sight->current)
        return false;
    for (int64_t at_us = exchange->sent_us - bound_us; at_us <= exchange->done_us; at_us++) {
        if (at_us <= sight->began_us[run + 1])
            return false;
    }
    return true;
}

static void look_for_strangers(struct evidence *evidence, const struct story *story,
                               const struct register_of_paths *paths, size_t at)
{
    const struct answer *answer = &story->answers[at];
    const struct observation *seen = &answer->seen;
    struct sight *sight = &evidence->sights[at];
    sight->has_stranger =
        is_details(answer) && seen->latest_completed.id != answer->exchange.checkpoint;
    for (size_t bit = 0; bit < ENTRY_BITS; bit++) {
        const struct seen_checkpoint *entry = entry_at(answer, bit);
        if (!entry)
            continue;
        bool elsewhere = is_path_elsewhere(story, paths, answer->job, entry->path);
        sight->elsewhere |= (uint32_t)elsewhere << bit;
        bool long_over = is_of_run_long_over(story, evidence, answer, entry);
        if (long_over && !elsewhere &&
            (is_list(answer) || entry->id == answer->exchange.checkpoint)) {
            int run = evidence_run_of(evidence, story, answer->job, entry, answer->done_step);
            sight->long_over |= UINT32_C(1) << bit;
            sight->over_us[bit] = sight->began_us[run + 1];
        }
        sight->has_stranger |= elsewhere || long_over;
    }
}

static void gather_fact(struct evidence *evidence, const struct story *story, struct life *life,
                        struct register_of_paths *paths, size_t at)
{
    const size_t index = story->steps[at].index;
    const struct fact *fact = &story->facts[index];
    int run = run_of_fact(life, fact);
    bool of_another = story->source == STORY_RECORDING &&
                      (fact->trigger_ms <= life->older_trigger_ms ||
                       number_is_taken(evidence, story, story->fact_job[index], run,
                                       fact->checkpoint, fact->trigger_ms, at));
    /* What a run was restored from is no checkpoint of it. */
    of_another |= fact->kind == FACT_RESTORED;
    evidence->fact_run[index] = of_another ? NOT_KNOWN : run;
    if (!of_another)
        learn_from_fact(story, paths, index);
}

static void gather_answer(struct evidence *evidence, const struct story *story, struct life *life,
                          struct register_of_paths *paths, size_t at)
{
    const struct answer *answer = &story->answers[at];
    struct sight *sight = &evidence->sights[at];
    *sight = (struct sight){.shown = NOT_KNOWN};
    if (is_list(answer))
        sight->shown = story->source == STORY_RECORDING
                           ? run_told_by_answers(life, answer)
                           : run_told_by_facts(evidence, story, life, answer);
    sight->current = life->current;
    memcpy(sight->began_us, life->began_us, sizeof sight->began_us);
    sight->known_jobs = known_jobs(paths);
    if (is_list(answer) || is_details(answer))
        look_for_strangers(evidence, story, paths, at);
    if (is_list(answer))
        look_for_lessons(evidence, story, paths, at);
    if (is_details(answer) && !sight->has_stranger)
        learn_path(paths, answer->job, answer->seen.latest_completed.path);
    learn_from_answer(paths, answer);
}

void evidence_gather(struct evidence *evidence, const struct story *story)
{
    struct life lives[STORY_JOBS];
    struct register_of_paths paths = {.count = 0};
    for (size_t i = 0; i < STORY_JOBS; i++)
        lives[i] = (struct life){.began_us = {EVER_US}};
    for (size_t i = 0; i < story->step_count; i++) {
        const struct step *step = &story->steps[i];
        if (step->kind == STEP_FACT)
            gather_fact(evidence, story, &lives[story->fact_job[step->index]], &paths, i);
        if (step->kind == STEP_ANSWER)
            gather_answer(evidence, story, &lives[story->answers[step->index].job], &paths,
                          step->index);
    }
}

static bool teaches(const struct evidence *evidence, const struct story *story, size_t answer,
                    const struct seen_checkpoint *shown)
{
    const struct seen_checkpoint *taught = taught_as(evidence, story, answer, shown->id);
    return taught && taught->trigger_ms == shown->trigger_ms;
}

int evidence_run_of(const struct evidence *evidence, const struct story *story, size_t job,
                    const struct seen_checkpoint *shown, size_t before_step)
{
    int run = NOT_KNOWN;
    for (size_t i = 0; i < before_step; i++) {
        const struct step *step = &story->steps[i];
        if (step->kind == STEP_FACT) {
            const struct fact *fact = &story->facts[step->index];
            if (story->fact_job[step->index] == job && is_about_checkpoint(fact) &&
                fact->checkpoint == shown->id && fact->trigger_ms == shown->trigger_ms &&
                evidence->fact_run[step->index] > run)
                run = evidence->fact_run[step->index];
        } else if (step->kind == STEP_ANSWER && story->answers[step->index].job == job &&
                   evidence->sights[step->index].shown > run &&
                   teaches(evidence, story, step->index, shown)) {
            run = evidence->sights[step->index].shown;
        }
    }
    return run;
}

static struct window *window_of(struct window *windows, size_t *count, int run, int64_t id)
{
    for (size_t i = 0; i < *count; i++) {
        if (windows[i].run == run && windows[i].id == id)
            return &windows[i];
    }
    windows[*count] =
        (struct window){.run = run, .id = id, .from_us = INT64_MIN, .to_us = INT64_MAX};
    return &windows[(*count)++];
}

static void ends_by(struct window *window, int64_t at_us, size_t step)
{
    if (at_us >= window->to_us)
        return;
    window->to_us = at_us;
    window->told_step = step;
}

static void narrow_by_fact(const struct evidence *evidence, const struct story *story,
                           size_t fact_at, struct window *windows, size_t *count)
{
    const struct fact *fact = &story->facts[fact_at];
    int run = evidence->fact_run[fact_at];
    if (fact->is_savepoint || run == NOT_KNOWN ||
        (fact->kind != FACT_BEGAN && fact->kind != FACT_COMPLETED))
        return;
    struct window *window = window_of(windows, count, run, fact->checkpoint);
    if (fact->kind == FACT_BEGAN)
        window->from_us = fact->at_us;
    else
        ends_by(window, fact->at_us, story->fact_step[fact_at]);
}

/* Where the journal tells what begins: whether this one has in that run, as far as told by then. */
static bool may_have_begun(const struct evidence *evidence, const struct story *story,
                           const struct answer *answer, int run)
{
    bool is_told = false;
    for (size_t i = 0; i < story->fact_count; i++) {
        const struct fact *fact = &story->facts[i];
        if (story->fact_job[i] != answer->job || story->fact_step[i] > answer->done_step ||
            (fact->kind != FACT_BEGAN && fact->kind != FACT_RUN_BEGAN))
            continue;
        is_told |= fact->kind == FACT_BEGAN || !fact->evidence;
        if (fact->kind == FACT_BEGAN && evidence->fact_run[i] == run &&
            fact->checkpoint == answer->seen.trigger_checkpoint)
            return true;
    }
    return !is_told;
}

/* Who is told that a checkpoint is complete knows it; about which run the answer speaks is certain
 * only if no run began while it was on its way. */
static void narrow_by_answer(const struct evidence *evidence, const struct story *story,
                             const struct answer *answer, struct window *windows, size_t *count)
{
    const struct sight *sight = &evidence->sights[answer - story->answers];
    const struct observation *seen = &answer->seen;
    const struct exchange *exchange = &answer->exchange;
    if (exchange->status == 200 && seen->kind == OBSERVED_TRIGGER_STATUS && seen->trigger_done &&
        !seen->trigger_failed && sight->began_us[sight->current] <= exchange->sent_us &&
        may_have_begun(evidence, story, answer, sight->current))
        ends_by(window_of(windows, count, sight->current, seen->trigger_checkpoint),
                exchange->done_us, answer->done_step);
    if (story->source == STORY_RECORDING && is_list(answer) && seen->has_latest_completed &&
        !seen->latest_completed.is_savepoint && sight->shown == sight->current &&
        !sight->has_stranger)
        ends_by(window_of(windows, count, sight->shown, seen->latest_completed.id),
                exchange->done_us, answer->done_step);
}

size_t evidence_windows(const struct evidence *evidence, const struct story *story,
                        const struct answer *answer, struct window windows[WINDOWS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < answer->done_step; i++) {
        const struct step *step = &story->steps[i];
        if (step->kind == STEP_FACT && story->fact_job[step->index] == answer->job)
            narrow_by_fact(evidence, story, step->index, windows, &count);
        if (step->kind == STEP_ANSWER && story->answers[step->index].job == answer->job)
            narrow_by_answer(evidence, story, &story->answers[step->index], windows, &count);
    }
    return count;
}

enum property age_property_of(const struct story *story, const struct answer *answer,
                              int64_t *bound_us)
{
    const struct claim *claim = &story->claim;
    *bound_us = answer->exchange.bound_us >= 0 ? answer->exchange.bound_us : claim->bound_us;
    enum property own = *bound_us == 0 ? PROPERTY_FRESH : PROPERTY_BOUNDED_AGE;
    enum property other = *bound_us == 0 ? PROPERTY_BOUNDED_AGE : PROPERTY_FRESH;
    return claim->claimed[own] ? own : other;
}

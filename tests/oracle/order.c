#include <string.h>

#include "tests/oracle/evidence.h"

/* The properties of age and order, by search. */

/* Checkpoint `window` is news to somebody who was shown this. */
static bool is_newer(const struct window *window, const struct sight *sight,
                     const struct seen_checkpoint *shown)
{
    if (!shown)
        return true;
    if (sight->shown != NOT_KNOWN && sight->shown != window->run)
        return sight->shown < window->run;
    return window->id > shown->id;
}

/* There is an instant within its window, not before `at_us`, at which it may have become visible.
 * At the very instant it may still be missed. */
static bool may_be_missed_at(const struct window *window, int64_t at_us)
{
    int64_t first_us = window->from_us < 0 ? 0 : window->from_us;
    for (int64_t visible_us = first_us; visible_us <= window->to_us; visible_us++) {
        if (visible_us >= at_us)
            return true;
        if (visible_us > STORY_END_US)
            break;
    }
    return window->to_us >= at_us && window->to_us > STORY_END_US;
}

/*
 * A state of the job's current run that knew nothing newer than what is shown, at some instant from
 * `from_us` to the answer, with completions where they must be. Earlier runs do not count: a job
 * that has just begun anew has completed nothing.
 */
static bool is_explained(const struct answer *answer, const struct sight *sight,
                         const struct window *windows, size_t window_count,
                         const struct seen_checkpoint *shown, int64_t from_us)
{
    for (int64_t at_us = from_us; at_us <= answer->exchange.done_us; at_us++) {
        bool explained = sight->began_us[sight->current] <= at_us;
        for (size_t i = 0; i < window_count && explained; i++)
            explained = windows[i].run != sight->current || !is_newer(&windows[i], sight, shown) ||
                        may_be_missed_at(&windows[i], at_us);
        if (explained)
            return true;
    }
    return false;
}

static bool is_told_before(const struct window *a, const struct window *b)
{
    return a->to_us != b->to_us ? a->to_us < b->to_us : a->told_step < b->told_step;
}

/* No completion that was told of before has a larger number: with this one `latest` moved on. */
static bool moves_on(const struct window *windows, size_t count, const struct window *window)
{
    for (size_t i = 0; i < count; i++) {
        if (windows[i].run == window->run && windows[i].id > window->id &&
            is_told_before(&windows[i], window))
            return false;
    }
    return true;
}

/* How often `latest` had moved on beyond what is shown when the request was sent. */
static uint64_t checkpoints_behind(const struct answer *answer, const struct sight *sight,
                                   const struct window *windows, size_t count,
                                   const struct seen_checkpoint *shown)
{
    uint64_t behind = 0;
    for (size_t i = 0; i < count; i++)
        behind += windows[i].run == sight->current && windows[i].to_us < answer->exchange.sent_us &&
                  is_newer(&windows[i], sight, shown) && moves_on(windows, count, &windows[i]);
    return behind;
}

bool lacks_completion(const struct evidence *evidence, const struct story *story, size_t answer,
                      int64_t from_us)
{
    const struct answer *list = &story->answers[answer];
    struct window windows[WINDOWS_MAX];
    const size_t count = evidence_windows(evidence, story, list, windows);
    const struct seen_checkpoint *shown =
        list->seen.has_latest_completed ? &list->seen.latest_completed : NULL;
    return !is_explained(list, &evidence->sights[answer], windows, count, shown, from_us);
}

static struct ruling rule_on_age(const struct story *story, const struct evidence *evidence,
                                 enum property property)
{
    struct ruling ruling = {.is_decidable = true};
    struct window windows[WINDOWS_MAX];
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        const struct sight *sight = &evidence->sights[i];
        int64_t bound_us;
        if (!is_list(answer) || age_property_of(story, answer, &bound_us) != property)
            continue;
        const struct seen_checkpoint *shown =
            answer->seen.has_latest_completed ? &answer->seen.latest_completed : NULL;
        size_t count = evidence_windows(evidence, story, answer, windows);
        int64_t from_us = answer->exchange.sent_us - bound_us;
        ruling.violations += !is_explained(answer, sight, windows, count, shown, from_us);
        /* A test is a read that could have failed: had it shown nothing at all. */
        ruling.tested += !is_explained(answer, sight, windows, count, NULL, from_us);
        int64_t age_us = 0;
        while (
            !is_explained(answer, sight, windows, count, shown, answer->exchange.sent_us - age_us))
            age_us++;
        raise_worst(&ruling, age_us);
        const uint64_t behind = checkpoints_behind(answer, sight, windows, count, shown);
        if (behind > ruling.behind)
            ruling.behind = behind;
        bool after_completion =
            !is_explained(answer, sight, windows, count, NULL, answer->exchange.sent_us);
        ruling.aged += after_completion;
        ruling.stale += age_us > 0;
        ruling.sum_us += age_us;
    }
    return ruling;
}

struct ruling statement_fresh(const struct story *story, const struct evidence *evidence)
{
    return rule_on_age(story, evidence, PROPERTY_FRESH);
}

struct ruling statement_bounded_age(const struct story *story, const struct evidence *evidence)
{
    return rule_on_age(story, evidence, PROPERTY_BOUNDED_AGE);
}

/* ---- no-phantom ---- */

/* Some completion of it had begun by then; one whose beginning is not told began by its end. */
static bool had_begun(const struct story *story, const struct answer *answer,
                      const struct seen_checkpoint *shown)
{
    const struct exchange *exchange = &answer->exchange;
    int64_t left_us = exchange->left_us > exchange->sent_us ? exchange->left_us : exchange->done_us;
    for (size_t i = 0; i < story->fact_count; i++) {
        const struct fact *fact = &story->facts[i];
        if (story->fact_job[i] == answer->job && fact->kind == FACT_BEGAN &&
            fact->checkpoint == shown->id && fact->trigger_ms == shown->trigger_ms &&
            fact->at_us <= left_us)
            return true;
    }
    return false;
}

/* How long before its completion began the list made the checkpoint known. */
static int64_t shown_too_early_us(const struct evidence *evidence, const struct story *story,
                                  size_t at)
{
    const struct exchange *exchange = &story->answers[at].exchange;
    int64_t left_us = exchange->left_us > exchange->sent_us ? exchange->left_us : exchange->done_us;
    int64_t worst_us = 0;
    for (size_t i = 0; i < story->fact_count; i++) {
        const struct fact *fact = &story->facts[i];
        const struct seen_checkpoint *entry = taught_as(evidence, story, at, fact->checkpoint);
        if (fact->kind == FACT_BEGAN && story->fact_job[i] == story->answers[at].job && entry &&
            entry->trigger_ms == fact->trigger_ms &&
            story->fact_step[i] > story->answers[at].done_step && fact->at_us - left_us > worst_us)
            worst_us = fact->at_us - left_us;
    }
    return worst_us;
}

struct ruling statement_no_phantom(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = story->source != STORY_RECORDING};
    for (size_t i = 0; i < story->answer_count && ruling.is_decidable; i++) {
        const struct answer *answer = &story->answers[i];
        const struct observation *seen = &answer->seen;
        if (!is_list(answer))
            continue;
        bool tested = seen->has_latest_completed && seen->latest_completed.status == SEEN_COMPLETED;
        bool phantom = tested && !had_begun(story, answer, &seen->latest_completed);
        for (size_t k = 0; k < seen->history_count; k++) {
            if (seen->history[k].status != SEEN_COMPLETED)
                continue;
            tested = true;
            phantom |= !had_begun(story, answer, &seen->history[k]);
        }
        ruling.tested += tested;
        ruling.violations += phantom;
        raise_worst(&ruling, shown_too_early_us(evidence, story, i));
    }
    return ruling;
}

/* ---- monotonic ---- */

struct state {
    int64_t sent_us, done_us;
    uint64_t value;
    bool is_judged; /* else only others are held against it */
};

/*
 * All orders of the answers in which each that was over before another was sent comes first, until
 * one is found in which no value falls. An answer that is not judged may fall; it is then taken for
 * what had been seen before.
 */
static bool order_exists(const struct state *states, size_t count, unsigned placed, uint64_t floor,
                         bool dead_end[])
{
    if (placed + 1 == 1u << count)
        return true;
    if (dead_end[placed])
        return false;
    for (size_t i = 0; i < count; i++) {
        bool next = (placed >> i & 1) == 0;
        uint64_t before = 0; /* the most that was seen before this was sent */
        for (size_t k = 0; k < count && next; k++) {
            bool precedes = states[k].done_us < states[i].sent_us;
            next = !precedes || (placed >> k & 1) != 0;
            if (precedes && states[k].value > before)
                before = states[k].value;
        }
        uint64_t value = states[i].value;
        if (!states[i].is_judged && before > value)
            value = before;
        if (next && value >= floor &&
            order_exists(states, count, placed | 1u << i, value, dead_end))
            return true;
    }
    dead_end[placed] = true;
    return false;
}

static bool can_be_ordered(const struct state *states, size_t count)
{
    bool dead_end[1 << STORY_ANSWERS] = {false};
    return order_exists(states, count, 0, 0, dead_end);
}

static bool may_be_compared(const struct story *story, size_t a, size_t b,
                            const struct evidence *evidence)
{
    const struct answer *first = &story->answers[a], *second = &story->answers[b];
    bool of_older_run = story->source == STORY_RECORDING &&
                        (evidence->sights[a].shown != evidence->sights[a].current ||
                         evidence->sights[b].shown != evidence->sights[b].current);
    return is_list(first) && is_list(second) && first->job == second->job && !of_older_run &&
           evidence->sights[a].shown != NOT_KNOWN &&
           evidence->sights[a].shown == evidence->sights[b].shown &&
           (story->claim.bound_us == 0 ||
            (first->exchange.client_index == second->exchange.client_index &&
             first->exchange.client_index != SIZE_MAX));
}

/* Under `fresh` a request that allows an age of its own is not judged. */
static bool is_judged(const struct story *story, const struct answer *answer)
{
    return story->claim.bound_us > 0 || answer->exchange.bound_us <= 0;
}

static uint64_t id_of(const struct answer *answer)
{
    return answer->seen.has_latest_completed ? (uint64_t)answer->seen.latest_completed.id : 0;
}

/* The answers that are compared with this one, and it itself last. */
static size_t group_of(const struct story *story, const struct evidence *evidence, size_t at,
                       bool by_version, struct state states[])
{
    size_t count = 0;
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        if (!may_be_compared(story, i, at, evidence))
            continue;
        states[count++] = (struct state){.sent_us = answer->exchange.sent_us,
                                         .done_us = answer->exchange.done_us,
                                         .value = by_version ? answer->seen.version : id_of(answer),
                                         .is_judged = i == at && is_judged(story, answer)};
    }
    return count;
}

/* How far below the largest number that had been seen before it was sent. */
static int64_t step_back(const struct state *states, size_t count, const struct answer *answer)
{
    uint64_t before = 0;
    for (size_t k = 0; k < count; k++) {
        if (states[k].done_us < answer->exchange.sent_us && states[k].value > before)
            before = states[k].value;
    }
    return before > id_of(answer) ? (int64_t)(before - id_of(answer)) : 0;
}

struct ruling statement_monotonic(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = true};
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        struct state states[STORY_ANSWERS];
        size_t count = group_of(story, evidence, i, false, states);
        bool tested = false;
        for (size_t k = 0; k < count; k++)
            tested |= states[k].done_us < answer->exchange.sent_us;
        if (!tested || !is_judged(story, answer))
            continue;
        ruling.tested++;
        raise_worst(&ruling, step_back(states, count, answer));
        bool ordered = can_be_ordered(states, count);
        count = group_of(story, evidence, i, true, states);
        ruling.violations += !ordered || !can_be_ordered(states, count);
    }
    return ruling;
}

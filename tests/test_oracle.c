/* rooms: tests/oracle harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/judge/judge.h"
#include "tests/oracle/evidence.h"
#include "tests/oracle/story.h"

/*
 * The judge against the statements of its properties, each searched through in full on small random
 * histories. With a number as argument: so many histories, and a table of what was put to the test.
 * With 1 and a number: the history of that number, printed.
 */

#ifdef __SANITIZE_ADDRESS__
enum { STORIES = 10000 };
#else
enum { STORIES = 50000 };
#endif

static struct ruling (*const statements[PROPERTY_COUNT])(const struct story *,
                                                         const struct evidence *) = {
    [PROPERTY_FRESH] = statement_fresh,
    [PROPERTY_BOUNDED_AGE] = statement_bounded_age,
    [PROPERTY_NO_PHANTOM] = statement_no_phantom,
    [PROPERTY_MONOTONIC] = statement_monotonic,
    [PROPERTY_DASHBOARD_CACHED] = statement_dashboard_cached,
    [PROPERTY_ISOLATED] = statement_isolated,
    [PROPERTY_MINIMAL_FETCH] = statement_minimal_fetch,
    [PROPERTY_BOUNDED_LOAD] = statement_bounded_load,
    [PROPERTY_NO_KEPT_ERROR] = statement_no_kept_error,
    [PROPERTY_RIGHT_JOB] = statement_right_job,
    [PROPERTY_UNDISTURBED] = statement_undisturbed,
    [PROPERTY_AVAILABLE] = statement_available,
    [PROPERTY_CONSISTENT] = statement_consistent,
    [PROPERTY_NUMERIC_LATEST] = statement_numeric_latest,
    [PROPERTY_LIVE_PATH] = statement_live_path,
    [PROPERTY_RESTORE_WINDOW] = statement_restore_window,
    [PROPERTY_RIGHT_RESTORE] = statement_right_restore,
    [PROPERTY_BOUNDED_MEMORY] = statement_bounded_memory,
    [PROPERTY_SETTINGS_HONOURED] = statement_settings_honoured,
    [PROPERTY_CONVERGES] = statement_converges,
};

static struct claim claim_in_us(const struct story *story)
{
    struct claim claim = story->claim;
    claim.bound_us *= story->tick_us;
    claim.refresh_interval_us *= story->tick_us;
    claim.restore_window_us *= story->tick_us;
    claim.settings_timeout_us *= story->tick_us;
    claim.settled_from_us *= story->tick_us;
    return claim;
}

static struct fact fact_in_us(const struct story *story, const struct fact *told)
{
    struct fact fact = *told;
    fact.at_us *= story->tick_us;
    return fact;
}

static struct exchange exchange_in_us(const struct story *story, const struct exchange *told)
{
    struct exchange exchange = *told;
    exchange.sent_us *= story->tick_us;
    exchange.done_us *= story->tick_us;
    exchange.left_us *= story->tick_us;
    if (exchange.bound_us > 0)
        exchange.bound_us *= story->tick_us;
    return exchange;
}

static struct decision decision_in_us(const struct story *story, const struct decision *told)
{
    struct decision decision = *told;
    decision.sent_us *= story->tick_us;
    decision.left_us *= story->tick_us;
    decision.at_us *= story->tick_us;
    if (decision.bound_us > 0)
        decision.bound_us *= story->tick_us;
    return decision;
}

/* No answer from this step on was sent before. */
static int64_t horizon_at(const struct story *story, size_t step)
{
    int64_t horizon_us = INT64_MAX;
    for (; step < story->step_count; step++) {
        const struct answer *answer = step_answer(story, &story->steps[step]);
        if (answer && answer->exchange.sent_us < horizon_us)
            horizon_us = answer->exchange.sent_us;
    }
    return horizon_us;
}

static bool feed_step(struct judge *judge, const struct story *story, const struct step *step)
{
    struct fact fact;
    struct exchange exchange;
    struct decision decision;
    switch (step->kind) {
    case STEP_FACT:
        fact = fact_in_us(story, &story->facts[step->index]);
        return judge_fact(judge, &fact);
    case STEP_ENTRIES:
        fact = fact_in_us(story, &story->entry_counts[step->index]);
        return judge_fact(judge, &fact);
    case STEP_DECISION:
        decision = decision_in_us(story, &story->decisions[step->index].decision);
        return judge_decision(judge, &decision);
    case STEP_SENT:
        exchange = exchange_in_us(story, &story->answers[step->index].exchange);
        return judge_sent(judge, &exchange);
    case STEP_ANSWER:
        break;
    }
    exchange = exchange_in_us(story, &story->answers[step->index].exchange);
    return judge_exchange(judge, &exchange);
}

static void feed(struct judge *judge, const struct story *story, bool tells_horizon)
{
    for (size_t i = 0; i < story->step_count; i++) {
        if (story->steps[i].kind == STEP_ANSWER && tells_horizon)
            judge_horizon(judge, horizon_at(story, i) * story->tick_us);
        assert_true(feed_step(judge, story, &story->steps[i]));
    }
}

static enum verdict verdict_of(const struct ruling *ruling)
{
    if (!ruling->is_decidable)
        return VERDICT_UNKNOWN;
    if (ruling->violations > 0)
        return VERDICT_FAIL;
    return ruling->tested > 0 ? VERDICT_PASS : VERDICT_UNKNOWN;
}

struct tally {
    uint64_t judged[3]; /* by verdict */
    uint64_t disagreements, first_seed;
};

struct table {
    struct tally tallies[PROPERTY_COUNT];
    uint64_t stories, violating, ages_differ;
};

/* The smallest bound that would have passed; of what is undecided there is none. */
static bool is_same_worst(const struct story *story, enum property property,
                          const struct ruling *ruling, const struct property_verdict *verdict)
{
    const bool is_time = verdict->has_worst && strcmp(verdict->worst_unit, "ms") == 0;
    const double scale = is_time ? 1000 / (double)story->tick_us : 1;
    const double worst = verdict->has_worst ? verdict->worst_value * scale : 0;
    const bool is_counted = property_quantity(property) && verdict->verdict != VERDICT_UNKNOWN;
    return !is_counted ||
           ((int64_t)(worst + 0.5) == ruling->worst && verdict->worst_behind == ruling->behind);
}

static void compare(struct table *table, const struct story *story, enum property property,
                    const struct ruling *ruling, const struct property_verdict *verdict,
                    uint64_t seed)
{
    struct tally *tally = &table->tallies[property];
    enum verdict expected = verdict_of(ruling);
    tally->judged[expected]++;
    bool agree = verdict->verdict == expected &&
                 (expected != VERDICT_FAIL || verdict->violations == ruling->violations) &&
                 is_same_worst(story, property, ruling, verdict);
    if (agree)
        return;
    if (tally->disagreements++ > 0)
        return;
    tally->first_seed = seed;
    print_error("%s, history %" PRIu64 ": the statement says %s (%" PRIu64 " of %" PRIu64
                "), the judge %s (%" PRIu64 " of %" PRIu64 "): %s; at worst %" PRId64
                " and %" PRIu64 ", %g and %" PRIu64 "\n",
                property_id(property), seed, verdict_name(expected), ruling->violations,
                ruling->tested, verdict_name(verdict->verdict), verdict->violations,
                verdict->tested, verdict->cause, ruling->worst, ruling->behind,
                verdict->worst_value, verdict->worst_behind);
}

static void judge_story(struct table *table, uint64_t seed)
{
    static struct story story;
    static struct evidence evidence;
    static struct judgement judgement;
    story_make(&story, seed);
    evidence_gather(&evidence, &story);
    const struct claim claim = claim_in_us(&story);
    struct judge *judge = judge_new(&claim);
    assert_non_null(judge);
    if (story.source == STORY_CALLS)
        judge_calls_are_told(judge);
    feed(judge, &story, seed % 2 == 0);
    judge_verdicts(judge, &judgement);
    bool violating = false;
    uint64_t aged = 0, stale = 0;
    double sum_us = 0;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (!story.claim.claimed[i] || !statements[i])
            continue;
        const struct ruling ruling = statements[i](&story, &evidence);
        compare(table, &story, (enum property)i, &ruling, &judgement.properties[i], seed);
        violating |= verdict_of(&ruling) == VERDICT_FAIL;
        aged += ruling.aged;
        stale += ruling.stale;
        sum_us += (double)ruling.sum_us;
    }
    const struct staleness *staleness = &judgement.staleness;
    bool of_age = story.claim.claimed[PROPERTY_FRESH] || story.claim.claimed[PROPERTY_BOUNDED_AGE];
    table->ages_differ +=
        of_age &&
        (staleness->reads != aged || staleness->stale != stale ||
         staleness->sum_us != sum_us * (double)story.tick_us); /* whole numbers, and small */
    table->stories++;
    table->violating += violating;
    judge_free(judge);
    story_clear(&story);
}

static uint64_t disagreements(const struct table *table)
{
    uint64_t count = table->ages_differ;
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        count += table->tallies[i].disagreements;
    return count;
}

static void test_judge_and_statements_agree_on_every_history(void **state)
{
    static struct table table;
    (void)state;
    for (uint64_t seed = 1; seed <= STORIES; seed++)
        judge_story(&table, seed);
    assert_int_equal(disagreements(&table), 0);
    assert_true(table.violating >= table.stories / 5);
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        for (size_t verdict = 0; verdict < 3 && statements[i]; verdict++)
            assert_true(table.tallies[i].judged[verdict] > STORIES / 1000);
    }
}

static void print_table(const struct table *table)
{
    printf("%-18s %10s %10s %10s %14s\n", "property", "pass", "fail", "unknown", "disagreements");
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const struct tally *tally = &table->tallies[i];
        if (!statements[i])
            continue;
        printf("%-18s %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %14" PRIu64 "\n",
               property_id((enum property)i), tally->judged[VERDICT_PASS],
               tally->judged[VERDICT_FAIL], tally->judged[VERDICT_UNKNOWN], tally->disagreements);
    }
    printf("%" PRIu64 " histories, %" PRIu64 " of them violate something; ages differ in %" PRIu64
           "\n",
           table->stories, table->violating, table->ages_differ);
}

static void show_story(uint64_t seed)
{
    static struct story story;
    story_make(&story, seed);
    story_print(&story);
    story_clear(&story);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_judge_and_statements_agree_on_every_history),
    };
    if (argc == 1)
        return cmocka_run_group_tests(tests, NULL, NULL);
    static struct table table;
    uint64_t count = strtoull(argv[1], NULL, 10);
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    if (argc > 2)
        show_story(first);
    for (uint64_t seed = first; seed < first + count; seed++)
        judge_story(&table, seed);
    print_table(&table);
    return disagreements(&table) == 0 ? 0 : 1;
}

/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>

#include "base/random.h"
#include "rest_endpoint/route_memo_internal.h"
#include "tests/support/conversation.h"

/* What an endpoint remembers of targets, and of what it told those who asked the same before, changes
 * no answer: beside it one is asked whose targets are too long to be remembered. */

enum { SEED_COUNT = 12, STEP_COUNT = 150 };

#define PADDING                                                                                    \
    "?padding=..................................................................................." \
    "....."

/* An endpoint, and the checkpoint that it was shown last. */
struct side {
    struct conversation talk;
    const char *suffix; /* of every target */
    struct checkpoint *shown;
};

static const char *const targets[] = {
    CHECKPOINTS_OF_A,
    CHECKPOINTS_OF_A,
    CHECKPOINTS_OF_B,
    CHECKPOINTS_OF_A "/config",
    CHECKPOINTS_OF_A "/details/7",
    CHECKPOINTS_OF_A "/details/8",
    DASHBOARD_OF_A,
    DASHBOARD_OF_A "/exceptions",
    DASHBOARD_OF_A "/plan",
    DASHBOARD_OF_A "/status",
};

static void ask_side(struct side *side, int64_t at_ms, uint64_t id, size_t target,
                     const char *cache_control)
{
    char text[256];
    snprintf(text, sizeof text, "%s%s", targets[target], side->suffix);
    get_with(&side->talk, at_ms, id, text, cache_control);
}

static void answer_side(struct side *side, int64_t at_ms, size_t index, int64_t latest)
{
    const struct fetch_request *what = &side->talk.fetches[index].what;
    struct checkpoint_stats *stats = stats_of(what->job, 1, latest, latest, "file:/a");
    struct fetch_result result = {.outcome = OUTCOME_OK};
    checkpoint_release(side->shown);
    side->shown = checkpoint_retain(stats->history[0]);
    if (what->kind == FETCH_EXECUTION_GRAPH)
        result.graph = graph_of(what->job, at_ms, stats);
    else if (what->kind == FETCH_CHECKPOINT_STATS)
        result.stats = stats;
    else
        checkpoint_stats_release(stats);
    answer_with(&side->talk, at_ms, index, result);
}

/* As a tracker does whose snapshots share their checkpoints. */
static void discard_shown(struct side *side)
{
    if (!side->shown || side->shown->changed)
        return;
    side->shown->changed = checkpoint_copy(side->shown);
    side->shown->changed->discarded = true;
}

/* Requests, answers, failures and changes in any order; both sides see the same. */
static void live_through(struct side *sides, uint64_t seed)
{
    static const char *const controls[] = {NULL, NULL, NULL, "no-cache", "max-age=1"};
    struct random random;
    int64_t now_ms = 0;
    size_t answered = 0;
    random_seed(&random, seed);
    for (uint64_t id = 1; id <= STEP_COUNT; id++) {
        const uint64_t what = random_below(&random, 10);
        const size_t target = random_below(&random, sizeof targets / sizeof targets[0]);
        const char *control = controls[random_below(&random, 5)];
        const int64_t latest = random_between(&random, 7, 8);
        const bool is_due = what < 3 && answered < sides[0].talk.fetch_count;
        now_ms += random_between(&random, 0, 400);
        for (struct side *side = sides; side < sides + 2; side++) {
            if (what == 9)
                discard_shown(side);
            else if (is_due && what == 0)
                answer_failure(&side->talk, now_ms, answered, OUTCOME_TIMED_OUT);
            else if (is_due)
                answer_side(side, now_ms, answered, latest);
            else
                ask_side(side, now_ms, id, target, control);
        }
        answered += is_due;
    }
}

static void expect_equal(const struct conversation *one, const struct conversation *other)
{
    assert_true(one->reply_count > STEP_COUNT / 4);
    assert_int_equal(one->reply_count, other->reply_count);
    assert_int_equal(one->fetch_count, other->fetch_count);
    for (size_t i = 0; i < one->fetch_count; i++)
        assert_int_equal(one->fetches[i].what.kind, other->fetches[i].what.kind);
    for (size_t i = 0; i < one->reply_count; i++) {
        const struct endpoint_action *a = &one->replies[i], *b = &other->replies[i];
        size_t a_length, b_length;
        const char *a_bytes = body_bytes(a->body, &a_length);
        const char *b_bytes = body_bytes(b->body, &b_length);
        assert_int_equal(a->request, b->request);
        assert_int_equal(a->status, b->status);
        assert_int_equal(a->age_us, b->age_us);
        assert_int_equal(a_length, b_length);
        assert_memory_equal(a_bytes, b_bytes, a_length);
    }
}

static void nobody_is_told_anything_else_because_others_asked_the_same_before(void **state)
{
    (void)state;
    assert_true(sizeof PADDING > ROUTE_MEMO_LENGTH_MAX);
    for (size_t set = 0; set < policy_set_count(); set++) {
        const struct policy_set *policy = policy_set_at(set);
        for (uint64_t seed = 1; seed <= SEED_COUNT; seed++) {
            static const char *const options[] = {"rest.cache.checkpoint-statistics.timeout",
                                                  "700 ms", NULL};
            const struct endpoint_config config = config_of(policy_set_name(policy), options);
            struct side sides[2] = {{.suffix = ""}, {.suffix = PADDING}};
            for (size_t i = 0; i < 2; i++)
                assert_true(start_with(&sides[i].talk, &config));
            live_through(sides, seed);
            expect_equal(&sides[0].talk, &sides[1].talk);
            for (size_t i = 0; i < 2; i++) {
                checkpoint_release(sides[i].shown);
                finish(&sides[i].talk);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_told_anything_else_because_others_asked_the_same_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

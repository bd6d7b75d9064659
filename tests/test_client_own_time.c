/* rooms: harness/client_models harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include "harness/client_models/client_models.h"

/* The models that go by a time of their own: second-cache and own-clock. */

enum { MINUTE_MS = 60 * 1000 };

struct stage {
    enum client_model model;
    struct client_memory memory;
};

/* The client looks, and is shown this checkpoint; 0: none. */
static struct client_decision look(struct stage *stage, int64_t now_ms, int64_t shown,
                                   int64_t max_age_ms)
{
    char path[] = "file:/chk-0";
    path[sizeof path - 2] = (char)('0' + shown);
    const struct observation seen = {.kind = OBSERVED_STATISTICS,
                                     .completed = shown,
                                     .has_latest_completed = shown > 0,
                                     .latest_completed = {.id = shown, .path = path}};
    const struct client_answer answer = {.status = 200, .seen = &seen, .now_ms = now_ms};
    struct client_decision decision;
    assert_true(client_model_watch(stage->model, &answer, &stage->memory));
    client_model_decide(stage->model, &answer, &stage->memory, max_age_ms, &decision);
    return decision;
}

static void assert_takes(const struct client_decision *decision, int64_t checkpoint)
{
    assert_int_equal(decision->kind, DECIDED_PATH);
    assert_int_equal(decision->checkpoint, checkpoint);
    assert_int_equal(decision->path[sizeof "file:/chk-" - 1] - '0', checkpoint);
}

static void test_a_copy_stays_as_long_as_somebody_looks_within_a_minute(void **state)
{
    (void)state;
    struct stage stage = {.model = CLIENT_MODEL_SECOND_CACHE};
    struct client_decision decision = look(&stage, 1000, 1, 0);
    assert_takes(&decision, 1);
    decision = look(&stage, 1000 + MINUTE_MS - 1, 2, 0);
    assert_takes(&decision, 1);
    decision = look(&stage, 1000 + 2 * (MINUTE_MS - 1), 3, 0);
    assert_takes(&decision, 1);
    decision = look(&stage, 1000 + 2 * (MINUTE_MS - 1) + MINUTE_MS, 4, 0);
    assert_takes(&decision, 4);
    client_memory_clear(&stage.memory);
}

static void test_an_age_counts_from_when_a_checkpoint_was_noticed(void **state)
{
    (void)state;
    for (int64_t late_ms = 0; late_ms <= 1; late_ms++) {
        struct stage stage = {.model = CLIENT_MODEL_OWN_CLOCK};
        struct client_decision decision = look(&stage, 1000, 3, 500);
        assert_takes(&decision, 3);
        decision = look(&stage, 1500 + late_ms, 3, 500);
        if (late_ms == 0)
            assert_takes(&decision, 3);
        else
            assert_int_equal(decision.kind, DECIDED_REFUSE);
        decision = look(&stage, 2000, 4, 500); /* another one is noticed anew */
        assert_takes(&decision, 4);
        client_memory_clear(&stage.memory);
    }
}

static void test_without_a_limit_nothing_was_noticed_too_long_ago(void **state)
{
    (void)state;
    struct stage stage = {.model = CLIENT_MODEL_OWN_CLOCK};
    look(&stage, 1000, 3, 0);
    const struct client_decision decision = look(&stage, 1000 + MINUTE_MS, 3, 0);
    assert_takes(&decision, 3);
    client_memory_clear(&stage.memory);
}

static void test_who_was_shown_nothing_starts_from_nothing(void **state)
{
    (void)state;
    static const enum client_model models[] = {CLIENT_MODEL_SECOND_CACHE, CLIENT_MODEL_OWN_CLOCK};
    for (size_t i = 0; i < 2; i++) {
        struct stage stage = {.model = models[i]};
        assert_int_equal(look(&stage, 1000, 0, 500).kind, DECIDED_NOTHING);
        client_memory_clear(&stage.memory);
    }
}

static void test_without_memory_nothing_is_kept(void **state)
{
    (void)state;
    static const enum client_model models[] = {CLIENT_MODEL_SECOND_CACHE, CLIENT_MODEL_OWN_CLOCK};
    char path[] = "file:/chk-1";
    const struct observation seen = {.kind = OBSERVED_STATISTICS,
                                     .has_latest_completed = true,
                                     .latest_completed = {.id = 1, .path = path}};
    const struct client_answer answer = {.status = 200, .seen = &seen, .now_ms = 1};
    for (size_t i = 0; i < 2; i++) {
        struct client_memory memory = {0};
        failing_allocator_arm(1);
        assert_false(client_model_watch(models[i], &answer, &memory));
        assert_true(failing_allocator_fired());
        assert_null(memory.path);
        assert_int_equal(memory.own_ms, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_copy_stays_as_long_as_somebody_looks_within_a_minute),
        cmocka_unit_test(test_an_age_counts_from_when_a_checkpoint_was_noticed),
        cmocka_unit_test(test_without_a_limit_nothing_was_noticed_too_long_ago),
        cmocka_unit_test(test_who_was_shown_nothing_starts_from_nothing),
        cmocka_unit_test(test_without_memory_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

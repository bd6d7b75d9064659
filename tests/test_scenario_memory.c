/* rooms: harness/scenario harness/client_models harness/judge rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include "base/arena.h"
#include "tests/scenario_texts.h"

/* Something of everything, so that every place that allocates is reached. */
static const char right[] =
    "title: t\n"
    "why: w\n"
    "museum: {number: R-02, hall: kept failures, evidence: reported}\n"
    "flink: {web.refresh-interval: 3 s}\n"
    "jobmanager:\n"
    "  latency: {out: 1 ms}\n"
    "  faults: [{from: 1 s, until: 2 s, fails: timed out, job: J}, {wall clock: -1 h}]\n"
    "  J:\n"
    "    directory: d\n"
    "    vertices: {a: 1, b: 2}\n"
    "    at 90 ms: [completes 1, triggers 2, fails 3 because x]\n"
    "    at 200 ms: restores 1 from y\n"
    "  K: {exists: later, checkpoints: {every: 1 s}}\n"
    "clients:\n"
    "  a: {at 100 ms: [job J, GET /jobs/J/x], at 200 ms: job J with no-cache, count: 3}\n"
    "  b: {dashboard: J, cache-control: no-cache}\n"
    "  c: {migrates: J, to: K, at: 1 s}\n"
    "claims: [fresh, {bounded-load: {in flight: 1}}]\n"
    "live: no, because z\n"
    "expect: {flink-*: {fresh: x}, reference: {fresh: {layer: origin, why: y}}}\n";

static const char wrong[] =
    "title: [t]\n"
    "wy: w\n"
    "museum: {number: R-02, hall: attic, evidence: reported}\n"
    "jobmanager: {J: {at 90 ms: complets 1, at 100 ms: discards 5}, latncy: 1 s}\n"
    "clients: {c: {at 100 ms: job Jay}}\n"
    "claims: [fesh]\n"
    "expect: {flnk: {fresh: x}}\n";

/* One goes before the scenario's own option, one is besides. */
static const struct configuration_line given[] = {
    {"web.refresh-interval", "5 s"}, {"rest.cache.checkpoint-statistics.timeout", "1 s"}};

static void load_right(void *context, bool may_fail)
{
    const struct buffer *text = context;
    struct complaints complaints = {0};
    struct plan *plan = scenario_parse_with(text->bytes, text->length, "a/f.yaml", implementations,
                                            given, 2, &complaints);
    if (!plan) {
        assert_true(may_fail);
        assert_true(complaints.failed);
    }
    assert_int_equal(complaints.count, 0);
    plan_free(plan);
    complaints_free(&complaints);
}

static void load_wrong(void *context, bool may_fail)
{
    (void)context;
    struct complaints complaints = {0};
    struct plan *plan = scenario_parse(wrong, sizeof(wrong) - 1, "f", implementations, &complaints);
    assert_null(plan);
    assert_true(complaints.count == 10 || may_fail);
    assert_true(complaints.count != 0 || complaints.failed);
    complaints_free(&complaints);
}

static void load_broken_yaml(void *context, bool may_fail)
{
    (void)context;
    struct complaints complaints = {0};
    assert_null(scenario_parse("a: [", 4, "f", implementations, &complaints));
    assert_true(complaints.count == 1 || may_fail);
    assert_true(complaints.count != 0 || complaints.failed);
    complaints_free(&complaints);
}

/* The loader allocates in blocks; a longer `source` moves everything else across their edges. */
static void test_a_right_scenario_survives_every_failing_allocation(void **state)
{
    (void)state;
    for (size_t length = 1; length < 2048; length += 48) {
        struct buffer text = {0};
        buffer_text(&text, "source: ");
        for (size_t i = 0; i < length; i++)
            buffer_char(&text, 's');
        buffer_char(&text, '\n');
        buffer_text(&text, right);
        assert_false(text.failed);
        assert_true(fail_each_allocation(load_right, &text) > 8);
        buffer_free(&text);
    }
}

static void test_a_reason_that_is_made_up_survives_every_failing_allocation(void **state)
{
    (void)state;
    struct buffer text = {0};
    buffer_text(&text, HEAD JOB CLIENT CLAIMS);
    assert_true(fail_each_allocation(load_right, &text) > 2);
    buffer_free(&text);
}

static void test_a_wrong_scenario_survives_every_failing_allocation(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(load_wrong, NULL) > 20);
}

static void test_broken_yaml_survives_every_failing_allocation(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(load_broken_yaml, NULL) > 3);
}

static void test_an_arena_gives_zeroed_aligned_memory_of_any_size(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_non_null(arena);
    for (size_t size = 0; size < 100000; size = size * 3 + 1) {
        unsigned char *bytes = arena_zeroed(arena, size, 1);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xff, size);
    }
    assert_false(arena_failed(arena));
    arena_free(arena);
}

static void test_an_arena_keeps_texts_and_grows_arrays(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_string_equal(arena_text(arena, "abcdef", 3), "abc");
    int *items = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        items = arena_grow(arena, items, (size_t)i, &capacity, sizeof(*items));
        assert_non_null(items);
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    arena_free(arena);
}

static void test_an_arena_remembers_that_memory_ran_out(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_null(arena_zeroed(arena, SIZE_MAX, 2));
    assert_true(arena_failed(arena));
    assert_null(arena_zeroed(arena, SIZE_MAX - 15, 1));
    assert_non_null(arena_zeroed(arena, 1, 1));
    assert_true(arena_failed(arena));
    arena_free(arena);
    arena_free(NULL);
    plan_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_right_scenario_survives_every_failing_allocation),
        cmocka_unit_test(test_a_reason_that_is_made_up_survives_every_failing_allocation),
        cmocka_unit_test(test_a_wrong_scenario_survives_every_failing_allocation),
        cmocka_unit_test(test_broken_yaml_survives_every_failing_allocation),
        cmocka_unit_test(test_an_arena_gives_zeroed_aligned_memory_of_any_size),
        cmocka_unit_test(test_an_arena_keeps_texts_and_grows_arrays),
        cmocka_unit_test(test_an_arena_remembers_that_memory_ran_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

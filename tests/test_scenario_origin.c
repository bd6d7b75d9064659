/* rooms: harness/scenario harness/client_models harness/judge rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>

#include "tests/scenario_texts.h"

/* The jobs of a scenario, and what of them somebody who controls the origin must make happen. */
struct needed {
    const char *jobmanager; /* what stands behind `jobmanager:` */
    const char *because;    /* NULL: nothing */
};

static struct plan *load_jobs(const char *jobmanager, const char *phrase)
{
    char text[1000];
    snprintf(text, sizeof(text), HEAD "jobmanager: %s\nclients: {c: {at 5 s: %s}}\n" CLAIMS,
             jobmanager, phrase);
    return load(text);
}

static void check(const struct needed *needed, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct plan *plan = load_jobs(needed[i].jobmanager, "checkpoint statistics of J");
        if (needed[i].because)
            assert_string_equal(plan->needs_origin_because, needed[i].because);
        else
            assert_null(plan->needs_origin_because);
        plan_free(plan);
    }
}

static void test_what_jobs_do_by_themselves_needs_no_origin(void **state)
{
    (void)state;
    static const struct needed none[] = {
        {"{J: {}}", NULL},
        {"{J: {checkpoints: {every: 400 ms, first: 1 s, jitter: 50 ms, takes: 10 ms}}}", NULL},
        {"{J: {at 1 s: runs}}", NULL},
        {"{J: {at 1 s: initializes, at 2 s: runs}}", NULL},
        {"{J: {state size: 5 MB, directory: 'file:/x', at 1 s: finishes}}", NULL},
        {"{J: {at 1 s: restarts, at 2 s: is cancelled}}", NULL},
    };
    check(none, sizeof(none) / sizeof(none[0]));
}

static void test_what_nobody_can_make_a_job_do_is_told(void **state)
{
    (void)state;
    static const struct needed events[] = {
        {"{J: {at 90 ms: completes 7}}", "J completes 7 at 90.0 ms"},
        {"{J: {at 1500 ms: fails 7 because of rain}}", "J fails 7 because of rain at 1.5 s"},
        {"{J: {at 1 s: fails over}}", "J fails over at 1.0 s"},
        {"{J: {at 1 s: fails}}", "J fails at 1.0 s"},
        {"{J: {at 1 s: restarts for 1 s}}", "J restarts for 1 s at 1.0 s"},
        {"{J: {at 1 s: restarts, at 2 s: restarts}}", "J restarts at 2.0 s"},
        {"{J: {at 1 s: runs, at 2 s: finishes, at 3 s: runs}}", "J runs at 3.0 s"},
        {"{J: {at 1 s: is cancelled, at 3 s: runs}}", "J runs at 3.0 s"},
    };
    check(events, sizeof(events) / sizeof(events[0]));
}

static void test_what_a_cluster_does_to_a_rhythm_is_told(void **state)
{
    (void)state;
    static const struct needed jobs[] = {
        {"{J: {checkpointing: no}}", "J: it has no checkpoint settings"},
        {"{J: {first checkpoint: 2}}", "J: its first checkpoint has a number of its own"},
        {"{J: {checkpoints: {every: 1 s, failures: 1 %}}}", "J: a share of checkpoints fails"},
        {"{J: {checkpoints: {every: 1 s, restarts: 1 %}}}", "J: it restarts now and then"},
        {"{J: {checkpoints: {every: 1 s, concurrent: 2}}}", "J: several checkpoints at a time"},
        {"{J: {checkpoints: {every: 1 s, until: 2 s}}}", "J: its checkpoints end"},
        {"{latency: 5 ms, J: {}}", "a latency to the JobManager"},
        {"{announce gap: 5 ms, J: {}}", "an announce gap"},
        {"{faults: [{fails: timed out}], J: {}}", "a fault"},
    };
    check(jobs, sizeof(jobs) / sizeof(jobs[0]));
}

static void test_vertices_have_ids_that_only_the_origin_knows(void **state)
{
    (void)state;
    struct plan *plan = load_jobs("{J: {}}", "subtasks of checkpoint 1 of J");
    assert_string_equal(plan->needs_origin_because, "J: a vertex is asked for by its id");
    plan_free(plan);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_jobs_do_by_themselves_needs_no_origin),
        cmocka_unit_test(test_what_nobody_can_make_a_job_do_is_told),
        cmocka_unit_test(test_what_a_cluster_does_to_a_rhythm_is_told),
        cmocka_unit_test(test_vertices_have_ids_that_only_the_origin_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

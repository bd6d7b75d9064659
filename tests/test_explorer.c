/* rooms: harness/explore harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/explore/explore.h"

/* The first run lasts until somebody has looked twice, so that what the first look said is known
 * everywhere. */
struct slow_one {
    int looks[2]; /* a byte for each */
    size_t starts;
};

static struct slow_one *slow_one; /* shared with the processes that run it */

static struct subject *start_slowly(void *context, const struct subject_options *options)
{
    char byte;
    (void)context;
    if (slow_one->starts++ == 0)
        for (int i = 0; i < 2; i++)
            assert_int_equal(read(slow_one->looks[0], &byte, 1), 1);
    return implementation_start(implementation_find("reference"), options);
}

static bool wants_no_more(void *context, const struct work_progress *progress)
{
    (void)context, (void)progress;
    assert_int_equal(write(slow_one->looks[1], "", 1), 1);
    return false;
}

static void test_what_is_being_made_small_is_left_when_nobody_waits_for_it(void **state)
{
    const struct foreign_implementation source = {
        .name = "slow", .summary = "", .start = start_slowly};
    struct implementation *implementation = implementation_from(&source);
    const struct explorer explorer = {
        .implementation = implementation, .worker_count = 1, .goes_on = wants_no_more};
    static struct exploration exploration;
    struct exploration_failure *failure = &exploration.failures[PROPERTY_FRESH][LAYER_CACHE];
    char trouble[TROUBLE_MAX];
    (void)state;
    slow_one =
        mmap(NULL, sizeof *slow_one, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(slow_one, MAP_FAILED);
    assert_int_equal(pipe(slow_one->looks), 0);
    *failure = (struct exploration_failure){.found = true, .seed = 1};
    assert_true(explore_shrink(&explorer, &exploration, trouble));
    assert_int_equal(slow_one->starts, 1);
    assert_non_null(failure->choices); /* as large as they were */
    exploration_free(&exploration);
    implementation_free(implementation);
    close(slow_one->looks[0]);
    close(slow_one->looks[1]);
    munmap(slow_one, sizeof *slow_one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_being_made_small_is_left_when_nobody_waits_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* rooms: harness/explore harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <string.h>

#include "harness/explore/shrink.h"

enum { TRIES = 10000 };

static void fill(uint64_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (i * 2654435761U) % 1000;
}

static bool always(void *context, const uint64_t *values, size_t count)
{
    (void)context;
    (void)values;
    (void)count;
    return true;
}

static bool never(void *context, const uint64_t *values, size_t count)
{
    return !always(context, values, count);
}

/* Somewhere two numbers of at least 100, one after the other. */
static bool has_two_large(void *context, const uint64_t *values, size_t count)
{
    size_t *calls = context;
    if (calls)
        ++*calls;
    for (size_t i = 1; i < count; i++)
        if (values[i - 1] >= 100 && values[i] >= 100)
            return true;
    return false;
}

static bool has_a_large_last(void *context, const uint64_t *values, size_t count)
{
    (void)context;
    return count >= 7 && values[6] >= 37;
}

static void test_nothing_is_left_where_nothing_is_needed(void **state)
{
    uint64_t values[300];
    size_t count = 300;
    (void)state;
    fill(values, count);
    shrink_choices(values, &count, TRIES, always, NULL);
    assert_int_equal(count, 0);
}

static void test_what_cannot_be_smaller_stays(void **state)
{
    uint64_t values[] = {5, 0, 7}, kept[] = {5, 0, 7};
    size_t count = 3;
    (void)state;
    shrink_choices(values, &count, TRIES, never, NULL);
    assert_int_equal(count, 3);
    assert_memory_equal(values, kept, sizeof kept);
}

static void test_what_is_needed_is_left_and_as_small_as_it_can_be(void **state)
{
    static const size_t counts[] = {2, 3, 64, 65, 300};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        uint64_t values[300];
        size_t count = counts[i];
        fill(values, count);
        values[count - 2] = values[count - 1] = 999;
        shrink_choices(values, &count, TRIES, has_two_large, NULL);
        assert_int_equal(count, 2);
        assert_int_equal(values[0], 100);
        assert_int_equal(values[1], 100);
    }
}

static void test_a_choice_keeps_its_place_where_the_place_matters(void **state)
{
    uint64_t values[100];
    size_t count = 100;
    (void)state;
    fill(values, count);
    values[6] = 500;
    shrink_choices(values, &count, TRIES, has_a_large_last, NULL);
    assert_int_equal(count, 7);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(values[i], 0);
    assert_int_equal(values[6], 37);
}

static void test_no_more_is_tried_than_allowed_and_what_is_left_holds(void **state)
{
    (void)state;
    for (size_t most = 0; most < 60; most++) {
        uint64_t values[300];
        size_t count = 300, calls = 0;
        fill(values, count);
        const size_t tries = shrink_choices(values, &count, most, has_two_large, &calls);
        assert_int_equal(tries, calls);
        assert_true(tries <= most);
        assert_true(has_two_large(NULL, values, count));
    }
}

/* Events with pauses before them: what is needed is that the last is late enough, and nothing else. */
static bool is_late(void *context, const uint64_t *values, size_t count)
{
    uint64_t late = 0;
    (void)context;
    for (size_t i = 0; i + 1 < count && values[i] == 7; i += 3)
        late += values[i + 1] < 100 ? values[i + 1] : 99;
    return late >= 40;
}

static void test_many_that_take_a_time_together_become_one_that_takes_it_alone(void **state)
{
    uint64_t values[] = {7, 10, 1, 7, 10, 2, 7, 10, 3, 7, 10, 4};
    size_t count = sizeof values / sizeof *values;
    (void)state;
    shrink_choices(values, &count, TRIES, is_late, NULL);
    assert_int_equal(count, 2);
    assert_int_equal(values[0], 7);
    assert_int_equal(values[1], 40);
}

static void test_it_ends_by_itself(void **state)
{
    uint64_t values[300];
    size_t count = 300;
    (void)state;
    fill(values, count);
    assert_true(shrink_choices(values, &count, SIZE_MAX, has_two_large, NULL) < TRIES);
}

static void shrink_once(void *context, bool may_fail)
{
    uint64_t values[] = {500, 600, 700};
    size_t count = 3;
    (void)context;
    shrink_choices(values, &count, TRIES, has_two_large, NULL);
    assert_true(has_two_large(NULL, values, count));
    assert_true(count == 2 || may_fail);
}

static void test_without_memory_nothing_changes(void **state)
{
    (void)state;
    assert_int_equal(fail_each_allocation(shrink_once, NULL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_left_where_nothing_is_needed),
        cmocka_unit_test(test_what_cannot_be_smaller_stays),
        cmocka_unit_test(test_what_is_needed_is_left_and_as_small_as_it_can_be),
        cmocka_unit_test(test_a_choice_keeps_its_place_where_the_place_matters),
        cmocka_unit_test(test_no_more_is_tried_than_allowed_and_what_is_left_holds),
        cmocka_unit_test(test_many_that_take_a_time_together_become_one_that_takes_it_alone),
        cmocka_unit_test(test_it_ends_by_itself),
        cmocka_unit_test(test_without_memory_nothing_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

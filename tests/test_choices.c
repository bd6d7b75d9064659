/* rooms: base */
#include "tests/support/test_prelude.h"

#include <string.h>

#include "base/choices.h"

static int set_up(void **state)
{
    *state = choices_new();
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    choices_free(*state);
    return 0;
}

static void test_the_same_seed_gives_the_same_choices_and_another_seed_others(void **state)
{
    struct choices *choices = *state;
    uint64_t first[50];
    choices_draw(choices, 7);
    for (int i = 0; i < 50; i++)
        first[i] = choices_below(choices, 1000000);
    choices_draw(choices, 7);
    for (int i = 0; i < 50; i++)
        assert_int_equal(choices_below(choices, 1000000), first[i]);
    choices_draw(choices, 8);
    int different = 0;
    for (int i = 0; i < 50; i++)
        different += choices_below(choices, 1000000) != first[i];
    assert_in_range(different, 45, 50);
}

static void test_what_was_taken_can_be_played_back(void **state)
{
    static const unsigned weights[] = {3, 0, 5, 1};
    struct choices *choices = *state;
    uint64_t kept[400];
    size_t count, again;
    choices_draw(choices, 1);
    for (int i = 0; i < 100; i++) {
        choices_below(choices, 10);
        choices_between(choices, -5, 5);
        choices_chance(choices, 300);
        choices_weighted(choices, weights, 4);
    }
    const uint64_t *taken = choices_taken(choices, &count);
    assert_int_equal(count, 400);
    memcpy(kept, taken, sizeof kept);
    choices_replay(choices, kept, count);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(choices_below(choices, 10), kept[4 * i]);
        assert_int_equal(choices_between(choices, -5, 5), (int64_t)kept[4 * i + 1] - 5);
        assert_int_equal(choices_chance(choices, 300), kept[4 * i + 2] >= 700);
        choices_weighted(choices, weights, 4);
    }
    assert_memory_equal(choices_taken(choices, &again), kept, sizeof kept);
    assert_int_equal(again, count);
}

static void test_behind_the_end_of_what_is_played_there_are_zeros(void **state)
{
    static const uint64_t played[] = {4, 2};
    static const unsigned weights[] = {0, 3, 1};
    struct choices *choices = *state;
    choices_replay(choices, played, 2);
    assert_int_equal(choices_below(choices, 10), 4);
    assert_int_equal(choices_below(choices, 10), 2);
    assert_int_equal(choices_below(choices, 10), 0);
    assert_int_equal(choices_between(choices, -3, 3), -3);
    assert_false(choices_chance(choices, 999));
    assert_int_equal(choices_weighted(choices, weights, 3), 1);
}

static void test_nothing_is_played_back_by_new_choices(void **state)
{
    struct choices *choices = *state;
    size_t count;
    choices_taken(choices, &count);
    assert_int_equal(count, 0);
    assert_int_equal(choices_below(choices, 10), 0);
    choices_replay(choices, NULL, 3);
    assert_int_equal(choices_below(choices, 10), 0);
}

static void test_a_number_too_large_becomes_the_largest_that_fits(void **state)
{
    static const uint64_t played[] = {9, 10, UINT64_MAX};
    struct choices *choices = *state;
    size_t count;
    choices_replay(choices, played, 3);
    assert_int_equal(choices_below(choices, 10), 9);
    assert_int_equal(choices_below(choices, 10), 9);
    assert_int_equal(choices_between(choices, INT64_MIN, INT64_MAX - 1), INT64_MAX - 1);
    assert_int_equal(choices_taken(choices, &count)[1], 9);
}

static void test_a_chance_is_as_often_as_it_says(void **state)
{
    struct choices *choices = *state;
    choices_draw(choices, 3);
    int never = 0, sometimes = 0, always = 0;
    for (int i = 0; i < 10000; i++) {
        never += choices_chance(choices, 0);
        sometimes += choices_chance(choices, 250);
        always += choices_chance(choices, 1000);
    }
    assert_int_equal(never, 0);
    assert_in_range(sometimes, 2300, 2700);
    assert_int_equal(always, 10000);
}

static void test_each_is_chosen_as_often_as_its_weight_says(void **state)
{
    static const unsigned weights[] = {1, 0, 3};
    struct choices *choices = *state;
    int chosen[3] = {0};
    choices_draw(choices, 4);
    for (int i = 0; i < 8000; i++)
        chosen[choices_weighted(choices, weights, 3)]++;
    assert_in_range(chosen[0], 1800, 2200);
    assert_int_equal(chosen[1], 0);
    assert_int_equal(chosen[0] + chosen[2], 8000);
}

static void test_a_table_is_picked_from_to_both_ends(void **state)
{
    static const int64_t table[] = {30, 10, 20};
    static const uint64_t played[] = {0, 1, 2};
    struct choices *choices = *state;
    choices_replay(choices, played, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(choices_pick(choices, table), table[i]);
}

static void take_many(void *context, bool may_fail)
{
    (void)context;
    struct choices *choices = choices_new();
    if (!choices) {
        assert_true(may_fail);
        return;
    }
    choices_draw(choices, 5);
    uint64_t last = 0;
    for (int i = 0; i < 1000; i++)
        last = choices_below(choices, UINT64_MAX);
    assert_true(may_fail || !choices_failed(choices));
    assert_int_equal(choices_failed(choices), last == 0);
    choices_draw(choices, 5);
    assert_false(choices_failed(choices));
    choices_free(choices);
}

static void test_without_memory_every_choice_is_the_simplest(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(take_many, NULL) > 2);
    choices_free(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_the_same_seed_gives_the_same_choices_and_another_seed_others),
        TEST(test_what_was_taken_can_be_played_back),
        TEST(test_behind_the_end_of_what_is_played_there_are_zeros),
        TEST(test_nothing_is_played_back_by_new_choices),
        TEST(test_a_number_too_large_becomes_the_largest_that_fits),
        TEST(test_a_chance_is_as_often_as_it_says),
        TEST(test_each_is_chosen_as_often_as_its_weight_says),
        TEST(test_a_table_is_picked_from_to_both_ends),
        cmocka_unit_test(test_without_memory_every_choice_is_the_simplest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* rooms: base */
#include "tests/support/test_prelude.h"

#include "base/random.h"

static void test_numbers_are_those_of_the_published_generator(void **state)
{
    (void)state;
    /* xoshiro256** from the state 1, 2, 3, 4. */
    struct random random = {{1, 2, 3, 4}};
    static const uint64_t published[] = {UINT64_C(11520), 0, UINT64_C(1509978240),
                                         UINT64_C(1215971899390074240)};
    for (int i = 0; i < 4; i++)
        assert_int_equal(random_next(&random), published[i]);
}

static void test_a_seed_is_spread_by_the_published_mixer(void **state)
{
    (void)state;
    /* The first two numbers of splitmix64 from 1234567. */
    struct random random;
    random_seed(&random, 1234567);
    assert_int_equal(random.state[0], UINT64_C(6457827717110365317));
    assert_int_equal(random.state[1], UINT64_C(3203168211198807973));
}

static void test_the_same_seed_gives_the_same_numbers_and_another_seed_others(void **state)
{
    (void)state;
    struct random a, b, c;
    random_seed(&a, 7);
    random_seed(&b, 7);
    random_seed(&c, 8);
    int different = 0;
    for (int i = 0; i < 100; i++) {
        const uint64_t number = random_next(&a);
        assert_int_equal(number, random_next(&b));
        different += number != random_next(&c);
    }
    assert_int_equal(different, 100);
}

static void test_numbers_below_a_bound_stay_below_it_and_reach_both_ends(void **state)
{
    (void)state;
    struct random random;
    random_seed(&random, 1);
    unsigned counts[6] = {0};
    for (int i = 0; i < 6000; i++) {
        const uint64_t number = random_below(&random, 6);
        assert_in_range(number, 0, 5);
        counts[number]++;
    }
    for (int i = 0; i < 6; i++)
        assert_in_range(counts[i], 850, 1150);
    assert_int_equal(random_below(&random, 1), 0);
}

static void test_large_bounds_favour_no_half(void **state)
{
    (void)state;
    /* With this bound the plain remainder would give the lower half two thirds of all numbers. */
    const uint64_t bound = UINT64_C(3) << 62;
    struct random random;
    random_seed(&random, 2);
    int low = 0;
    for (int i = 0; i < 3000; i++) {
        const uint64_t number = random_below(&random, bound);
        assert_true(number < bound);
        low += number < bound / 2;
    }
    assert_in_range(low, 1380, 1620);
}

static void test_a_range_includes_both_its_ends(void **state)
{
    (void)state;
    struct random random;
    random_seed(&random, 3);
    bool seen[5] = {false};
    for (int i = 0; i < 1000; i++) {
        const int64_t number = random_between(&random, -2, 2);
        assert_true(number >= -2 && number <= 2);
        seen[number + 2] = true;
    }
    for (int i = 0; i < 5; i++)
        assert_true(seen[i]);
    assert_int_equal(random_between(&random, INT64_MIN, INT64_MIN), INT64_MIN);
    assert_int_equal(random_between(&random, INT64_MAX, INT64_MAX), INT64_MAX);
}

static void test_the_widest_range_gives_numbers_of_both_signs(void **state)
{
    (void)state;
    struct random random;
    random_seed(&random, 4);
    int negative = 0;
    for (int i = 0; i < 1000; i++)
        negative += random_between(&random, INT64_MIN, INT64_MAX) < 0;
    assert_in_range(negative, 400, 600);
}

static void test_a_chance_of_none_never_happens_and_of_a_million_always(void **state)
{
    (void)state;
    struct random random;
    random_seed(&random, 5);
    int happened = 0;
    for (int i = 0; i < 10000; i++) {
        assert_false(random_chance(&random, 0));
        assert_true(random_chance(&random, 1000000));
        happened += random_chance(&random, 250000);
    }
    assert_in_range(happened, 2300, 2700);
}

static void test_a_fork_leaves_its_parent_alone_and_depends_on_parent_and_index(void **state)
{
    (void)state;
    struct random parent, untouched, first, again, second, other_parent, of_other;
    random_seed(&parent, 6);
    random_seed(&untouched, 6);
    random_seed(&other_parent, 7);
    random_fork(&parent, 0, &first);
    random_fork(&parent, 0, &again);
    random_fork(&parent, 1, &second);
    random_fork(&other_parent, 0, &of_other);
    assert_memory_equal(&parent, &untouched, sizeof parent);
    assert_memory_equal(&first, &again, sizeof first);
    for (int i = 0; i < 100; i++) {
        const uint64_t number = random_next(&first);
        assert_int_not_equal(number, random_next(&second));
        assert_int_not_equal(number, random_next(&of_other));
        assert_int_not_equal(number, random_next(&parent));
    }
}

static void test_parents_of_the_same_words_in_another_order_have_different_forks(void **state)
{
    (void)state;
    const struct random parent = {{1, 2, 3, 4}}, shuffled = {{2, 1, 3, 4}};
    struct random a, b;
    random_fork(&parent, 0, &a);
    random_fork(&shuffled, 0, &b);
    assert_memory_not_equal(&a, &b, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_those_of_the_published_generator),
        cmocka_unit_test(test_a_seed_is_spread_by_the_published_mixer),
        cmocka_unit_test(test_the_same_seed_gives_the_same_numbers_and_another_seed_others),
        cmocka_unit_test(test_numbers_below_a_bound_stay_below_it_and_reach_both_ends),
        cmocka_unit_test(test_large_bounds_favour_no_half),
        cmocka_unit_test(test_a_range_includes_both_its_ends),
        cmocka_unit_test(test_the_widest_range_gives_numbers_of_both_signs),
        cmocka_unit_test(test_a_chance_of_none_never_happens_and_of_a_million_always),
        cmocka_unit_test(test_a_fork_leaves_its_parent_alone_and_depends_on_parent_and_index),
        cmocka_unit_test(test_parents_of_the_same_words_in_another_order_have_different_forks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

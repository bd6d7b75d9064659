/* rooms: harness/clients harness/client_models harness/judge base */
#include "tests/support/test_prelude.h"

#include "base/random.h"
#include "harness/clients/turns.h"

enum { CLIENT_COUNT_MAX = 40 };

/* The slow way: everybody is looked at. */
struct waiting {
    int64_t due_us[CLIENT_COUNT_MAX]; /* INT64_MAX: nothing to do */
    uint64_t ticket[CLIENT_COUNT_MAX];
    size_t count;
};

static size_t first_waiting(const struct waiting *waiting)
{
    size_t first = 0;
    for (size_t i = 1; i < waiting->count; i++) {
        if (waiting->due_us[i] < waiting->due_us[first] ||
            (waiting->due_us[i] == waiting->due_us[first] &&
             waiting->ticket[i] < waiting->ticket[first]))
            first = i;
    }
    return first;
}

/* The first is taken; some come again, at times that are often the same, some only later. */
static void take_and_add(struct turns *turns, struct waiting *waiting, uint64_t *ticket,
                         struct random *random)
{
    const size_t expected = first_waiting(waiting);
    uint64_t first_ticket = 0;
    const int64_t due_us = waiting->due_us[expected];
    if (random_below(random, 2) == 0 || due_us == INT64_MAX) {
        assert_int_equal(turns_due(turns, &first_ticket), due_us);
        if (due_us == INT64_MAX)
            return;
        assert_int_equal(first_ticket, waiting->ticket[expected]);
    }
    assert_int_equal(turns_take(turns), expected);
    waiting->due_us[expected] = INT64_MAX;
    for (size_t i = 0; i < waiting->count; i++) {
        if (waiting->due_us[i] != INT64_MAX || random_below(random, i == expected ? 5 : 3) == 1)
            continue;
        waiting->due_us[i] = due_us + (int64_t)random_below(random, 4) * 10;
        waiting->ticket[i] = ++*ticket;
        turns_add(turns, i, waiting->due_us[i], *ticket);
    }
    turns_close(turns);
}

static void whoever_is_due_first_and_came_first_is_taken(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct random random;
        random_seed(&random, seed);
        struct waiting waiting = {.count = 1 + random_below(&random, CLIENT_COUNT_MAX)};
        struct turns turns;
        uint64_t ticket = 0;
        assert_true(turns_init(&turns, waiting.count));
        for (size_t i = 0; i < waiting.count; i++) {
            waiting.due_us[i] = (int64_t)random_below(&random, 5) * 10;
            waiting.ticket[i] = ++ticket;
            turns_add(&turns, i, waiting.due_us[i], ticket);
        }
        for (int i = 0; i < 200; i++)
            take_and_add(&turns, &waiting, &ticket, &random);
        turns_free(&turns);
    }
}

static void when_the_last_one_was_taken_nobody_is_due(void **state)
{
    (void)state;
    struct turns turns;
    uint64_t ticket;
    assert_true(turns_init(&turns, 2));
    assert_int_equal(turns_due(&turns, &ticket), INT64_MAX);
    turns_add(&turns, 1, 5, 1);
    assert_int_equal(turns_take(&turns), 1);
    turns_close(&turns);
    assert_int_equal(turns_due(&turns, &ticket), INT64_MAX);
    turns_add(&turns, 0, 7, 2);
    turns_add(&turns, 1, 6, 3);
    assert_int_equal(turns_take(&turns), 1);
    turns_close(&turns);
    assert_int_equal(turns_take(&turns), 0);
    turns_close(&turns);
    assert_int_equal(turns_due(&turns, &ticket), INT64_MAX);
    turns_free(&turns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_is_due_first_and_came_first_is_taken),
        cmocka_unit_test(when_the_last_one_was_taken_nobody_is_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

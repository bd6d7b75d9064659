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

/* The first acts; it and some of the others get another turn or none, at times that are often the
 * same. */
static void take_and_set(struct turns *turns, struct waiting *waiting, uint64_t *ticket,
                         struct random *random)
{
    const size_t first = first_waiting(waiting);
    const int64_t due_us = waiting->due_us[first];
    uint64_t first_ticket = 0;
    assert_int_equal(turns_due(turns, &first_ticket), due_us);
    if (due_us != INT64_MAX) {
        assert_int_equal(first_ticket, waiting->ticket[first]);
        assert_int_equal(turns_first(turns), first);
    }
    const int64_t from_us = due_us != INT64_MAX ? due_us : 0;
    for (size_t i = 0; i < waiting->count; i++) {
        if (i != first && random_below(random, 4) > 0)
            continue;
        const bool waits = random_below(random, 4) == 0;
        waiting->due_us[i] = waits ? INT64_MAX : from_us + (int64_t)random_below(random, 4) * 10;
        waiting->ticket[i] = ++*ticket;
        turns_set(turns, i, waiting->due_us[i], *ticket);
    }
}

static void whoever_is_due_first_and_came_first_is_first(void **state)
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
            turns_set(&turns, i, waiting.due_us[i], ticket);
        }
        for (int i = 0; i < 200; i++)
            take_and_set(&turns, &waiting, &ticket, &random);
        turns_free(&turns);
    }
}

static void until_somebody_has_a_turn_nobody_is_due(void **state)
{
    (void)state;
    for (size_t count = 0; count <= 5; count++) {
        struct turns turns;
        uint64_t ticket;
        assert_true(turns_init(&turns, count));
        assert_true(turns_due(&turns, &ticket) == INT64_MAX);
        for (size_t i = 0; i < count; i++) {
            turns_set(&turns, i, 5, i);
            assert_int_equal(turns_first(&turns), i);
            turns_set(&turns, i, INT64_MAX, i);
            assert_true(turns_due(&turns, &ticket) == INT64_MAX);
        }
        turns_free(&turns);
    }
}

/* Tickets are compared only at one instant, and both may be as large as they get. */
static void the_largest_numbers_keep_their_order(void **state)
{
    (void)state;
    const uint64_t last_ticket = (UINT64_C(1) << 40) - 1;
    struct turns turns;
    uint64_t ticket;
    assert_true(turns_init(&turns, 3));
    turns_set(&turns, 0, INT64_MAX - 1, 0);
    turns_set(&turns, 1, INT64_MAX - 2, last_ticket);
    assert_int_equal(turns_first(&turns), 1);
    turns_set(&turns, 2, INT64_MAX - 2, last_ticket - 1);
    assert_int_equal(turns_due(&turns, &ticket), INT64_MAX - 2);
    assert_int_equal(turns_first(&turns), 2);
    assert_int_equal(ticket, last_ticket - 1);
    turns_free(&turns);
    assert_false(turns_init(&turns, (size_t)1 << 24));
    turns_free(&turns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_is_due_first_and_came_first_is_first),
        cmocka_unit_test(until_somebody_has_a_turn_nobody_is_due),
        cmocka_unit_test(the_largest_numbers_keep_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* rooms: harness/observer harness/clients harness/recording harness/client_models harness/judge rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include "base/random.h"
#include "harness/observer/pending.h"

enum { NUMBER_COUNT = 600 };

static const int64_t nothing = -1;

/* The slow way: what each number was given, and nothing where it does not wait. */
struct table {
    struct pending_list list;
    int64_t sent_us[NUMBER_COUNT];
    size_t count;
};

static void open_table(struct table *table)
{
    assert_true(pending_init(&table->list));
    table->count = 0;
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        table->sent_us[i] = nothing;
}

static void begin(struct table *table, uint64_t number, int64_t sent_us)
{
    struct pending *pending = pending_begin(&table->list, number);
    assert_non_null(pending);
    pending->exchange.sent_us = sent_us;
    table->sent_us[number] = sent_us;
    table->count++;
}

static void end(struct table *table, uint64_t number)
{
    pending_end(&table->list, pending_find(&table->list, number));
    table->sent_us[number] = nothing;
    table->count--;
}

static void assert_same(const struct table *table)
{
    assert_int_equal(table->list.count, table->count);
    for (uint64_t number = 0; number < NUMBER_COUNT; number++) {
        const struct pending_slot *slot = pending_find(&table->list, number);
        if (table->sent_us[number] == nothing) {
            assert_null(slot);
            continue;
        }
        assert_non_null(slot);
        assert_int_equal(slot->request, number);
        assert_int_equal(slot->pending->exchange.sent_us, table->sent_us[number]);
    }
}

/* Numbers rise; some are answered at once, some after a while, some never. */
static void who_waits_is_found_with_what_it_was_given_and_nobody_else_is(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct random random;
        struct table table;
        random_seed(&random, seed);
        open_table(&table);
        for (uint64_t number = 1; number < NUMBER_COUNT; number++) {
            begin(&table, number, (int64_t)random_below(&random, 1000));
            for (uint64_t tries = random_below(&random, 1 + seed % 4); tries > 0; tries--) {
                const uint64_t old = 1 + random_below(&random, number);
                if (table.sent_us[old] != nothing)
                    end(&table, old);
            }
            if (random_below(&random, 40) == 0)
                assert_same(&table);
        }
        assert_same(&table);
        pending_free(&table.list);
    }
}

static void wait_for_many(void *context, bool may_fail)
{
    struct pending_list list;
    (void)context;
    bool fine = pending_init(&list);
    for (uint64_t number = 1; fine && number <= 200; number++) {
        const size_t before = list.count;
        fine = pending_begin(&list, number) != NULL;
        assert_int_equal(list.count, before + fine);
        assert_int_equal(pending_find(&list, number) != NULL, fine);
        assert_true(number == 1 || pending_find(&list, number - 1));
    }
    assert_true(fine || may_fail);
    pending_free(&list);
}

static void short_of_memory_those_who_wait_are_kept(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(wait_for_many, NULL) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_waits_is_found_with_what_it_was_given_and_nobody_else_is),
        cmocka_unit_test(short_of_memory_those_who_wait_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

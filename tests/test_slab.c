/* rooms: base */
#include "tests/support/test_prelude.h"

#include <stdint.h>
#include <string.h>

#include "base/slab.h"

struct thing {
    uint64_t number;
    char rest[40];
};

enum { THINGS = 1000 };

static void fill(struct thing *thing, uint64_t number)
{
    memset(thing, (int)(number & 0x7f), sizeof *thing);
    thing->number = number;
}

static void assert_untouched(const struct thing *thing, uint64_t number)
{
    assert_int_equal(thing->number, number);
    for (size_t i = 0; i < sizeof thing->rest; i++)
        assert_int_equal(thing->rest[i], number & 0x7f);
}

static void test_things_have_memory_of_their_own(void **state)
{
    (void)state;
    static struct thing *things[THINGS];
    struct slab slab = {.item_size = sizeof(struct thing)};
    for (uint64_t i = 0; i < THINGS; i++) {
        things[i] = slab_take(&slab);
        assert_non_null(things[i]);
        assert_int_equal((uintptr_t)things[i] % sizeof(void *), 0);
        fill(things[i], i);
    }
    for (uint64_t i = 0; i < THINGS; i++)
        assert_untouched(things[i], i);
    slab_free(&slab);
}

static void test_what_is_given_back_is_taken_again_and_the_others_stay(void **state)
{
    (void)state;
    struct thing *things[20];
    struct slab slab = {.item_size = sizeof(struct thing)};
    for (uint64_t i = 0; i < 20; i++)
        fill(things[i] = slab_take(&slab), i);
    slab_give(&slab, things[3]);
    slab_give(&slab, things[17]);
    struct thing *const first = slab_take(&slab), *const second = slab_take(&slab);
    assert_ptr_equal(first, things[17]);
    assert_ptr_equal(second, things[3]);
    for (uint64_t i = 0; i < 20; i++) {
        if (i != 3 && i != 17)
            assert_untouched(things[i], i);
    }
    slab_free(&slab);
}

static void test_things_that_come_and_go_take_memory_once(void **state)
{
    (void)state;
    struct slab slab = {.item_size = sizeof(struct thing)};
    void *const thing = slab_take(&slab);
    slab_give(&slab, thing);
    failing_allocator_arm(1);
    for (int i = 0; i < THINGS; i++) {
        assert_ptr_equal(slab_take(&slab), thing);
        slab_give(&slab, thing);
    }
    assert_false(failing_allocator_fired());
    slab_free(&slab);
}

static void test_a_freed_slab_can_be_used_again(void **state)
{
    (void)state;
    struct slab slab = {.item_size = sizeof(struct thing)};
    slab_free(&slab);
    slab_give(&slab, slab_take(&slab));
    slab_free(&slab);
    assert_non_null(slab_take(&slab));
    slab_free(&slab);
}

static void take_many(void *context, bool may_fail)
{
    (void)context;
    struct slab slab = {.item_size = sizeof(struct thing)};
    for (int i = 0; i < THINGS; i++) {
        struct thing *const thing = slab_take(&slab);
        assert_true(thing || may_fail);
        if (thing)
            fill(thing, 1);
    }
    slab_free(&slab);
}

static void test_each_allocation_may_fail(void **state)
{
    (void)state;
    assert_in_range(fail_each_allocation(take_many, NULL), 5, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_things_have_memory_of_their_own),
        cmocka_unit_test(test_what_is_given_back_is_taken_again_and_the_others_stay),
        cmocka_unit_test(test_things_that_come_and_go_take_memory_once),
        cmocka_unit_test(test_a_freed_slab_can_be_used_again),
        cmocka_unit_test(test_each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* rooms: harness/explore harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "harness/explore/exploration.h"

static const char *const implementation = "stampede";

static void add_seed(struct exploration *exploration, uint64_t seed)
{
    static struct run_result result;
    struct choices *choices = choices_new();
    struct plan *plan = NULL;
    assert_non_null(choices);
    assert_null(
        explore_seed(choices, seed, implementation_find(implementation), 0, &plan, &result));
    exploration_add(exploration, plan, &result, seed);
    plan_free(plan);
    choices_free(choices);
}

/* To be freed. */
static char *written(const struct exploration *exploration)
{
    struct buffer out = {0};
    struct json_writer json = {.out = &out};
    exploration_write(exploration, &json);
    char *text = buffer_take(&out);
    assert_non_null(text);
    return text;
}

/* Writes it down and empties it. */
static void assert_written(struct exploration *exploration, const char *wanted)
{
    char *text = written(exploration);
    assert_string_equal(text, wanted);
    free(text);
    exploration_free(exploration);
}

static char *all_at_once(uint64_t count)
{
    struct exploration all = {0};
    for (uint64_t seed = 1; seed <= count; seed++)
        add_seed(&all, seed);
    char *text = written(&all);
    exploration_free(&all);
    return text;
}

static void test_parts_joined_in_any_order_are_the_whole(void **state)
{
    enum { SEEDS = 12, PARTS = 3 };
    char *whole = all_at_once(SEEDS);
    (void)state;
    assert_non_null(strstr(whole, "bounded-load"));
    for (size_t first = 0; first < PARTS; first++) {
        struct exploration joined = {0};
        for (size_t i = 0; i < PARTS; i++) {
            struct exploration part = {0};
            const size_t place = (first + i) % PARTS;
            for (uint64_t seed = 1 + place; seed <= SEEDS; seed += PARTS)
                add_seed(&part, seed);
            exploration_join(&joined, &part);
            assert_int_equal(part.tally.seeds, 0);
        }
        assert_written(&joined, whole);
    }
    free(whole);
}

static struct exploration_failure failure_of(uint64_t seed, uint64_t choice)
{
    struct exploration_failure failure = {.found = true, .seed = seed, .choice_count = 2};
    failure.choices = malloc(2 * sizeof *failure.choices);
    assert_non_null(failure.choices);
    failure.choices[0] = choice;
    failure.choices[1] = 3;
    return failure;
}

static void test_of_two_failures_of_a_kind_the_smaller_seed_stays(void **state)
{
    (void)state;
    for (uint64_t own = 4; own <= 6; own++) {
        struct exploration into = {0}, other = {0};
        into.failures[PROPERTY_FRESH][LAYER_CACHE] = failure_of(own, 1);
        other.failures[PROPERTY_FRESH][LAYER_CACHE] = failure_of(5, 2);
        other.failures[PROPERTY_FRESH][LAYER_ORIGIN] = failure_of(9, 7);
        exploration_join(&into, &other);
        assert_int_equal(into.failures[PROPERTY_FRESH][LAYER_CACHE].seed, own < 5 ? own : 5);
        assert_int_equal(into.failures[PROPERTY_FRESH][LAYER_CACHE].choices[0], own <= 5 ? 1 : 2);
        assert_int_equal(into.failures[PROPERTY_FRESH][LAYER_ORIGIN].seed, 9);
        exploration_free(&into);
        assert_false(into.failures[PROPERTY_FRESH][LAYER_CACHE].found);
    }
}

static void test_only_the_failures_of_the_first_seed_can_be_kept(void **state)
{
    struct exploration some = {0};
    (void)state;
    exploration_keep_first(&some);
    some.failures[PROPERTY_FRESH][LAYER_CACHE] = failure_of(5, 1);
    some.failures[PROPERTY_AVAILABLE][LAYER_ORIGIN] = failure_of(4, 1);
    some.failures[PROPERTY_MONOTONIC][LAYER_CACHE] = failure_of(4, 1);
    exploration_keep_first(&some);
    assert_false(some.failures[PROPERTY_FRESH][LAYER_CACHE].found);
    assert_true(some.failures[PROPERTY_AVAILABLE][LAYER_ORIGIN].found);
    assert_true(some.failures[PROPERTY_MONOTONIC][LAYER_CACHE].found);
    exploration_free(&some);
}

static void test_what_was_written_is_read_back(void **state)
{
    struct exploration first = {0}, again = {0};
    char complaint[EXPLORATION_COMPLAINT_MAX];
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++)
        add_seed(&first, seed);
    first.failures[PROPERTY_MONOTONIC][LAYER_DETAILS_CACHE] = failure_of(5, 11);
    char *text = written(&first);
    assert_true(exploration_read(text, strlen(text), &again, complaint));
    assert_written(&again, text);
    free(text);
    exploration_free(&first);
}

#define COUNTS "{\"seeds\":1,\"reads\":2,\"calls\":3,\"completions\":4,\"failed_runs\":1,"
#define FRESH_BROKE                                                                       \
    "\"properties\":[{\"id\":\"fresh\",\"tested\":1,\"tested_runs\":1,\"failed_runs\":1," \
    "\"first_failed\":7}],"

static void test_what_is_damaged_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        {"{", "it is no JSON"},
        {"[]", "seeds: is missing"},
        {"{\"seeds\":-1}", "seeds: is no number from 0 on"},
        {"{\"seeds\":\"1\"}", "seeds: is no number from 0 on"},
        {COUNTS "\"failures\":[]}", "properties: is missing"},
        {COUNTS "\"properties\":{},\"failures\":[]}", "properties: is no list"},
        {COUNTS "\"properties\":[{\"id\":\"fresch\"}],\"failures\":[]}",
         "properties[0].id: there is no property 'fresch'"},
        {COUNTS "\"properties\":[7],\"failures\":[]}", "properties[0].id: is missing"},
        {COUNTS FRESH_BROKE "\"failures\":[{\"property\":\"fresh\",\"layer\":\"attic\"}]}",
         "failures[0].layer: there is no layer 'attic'"},
        {COUNTS FRESH_BROKE "\"failures\":[{\"property\":\"fresh\",\"layer\":7}]}",
         "failures[0].layer: is no text"},
        {COUNTS FRESH_BROKE "\"failures\":[{\"property\":\"fresh\",\"layer\":\"cache\"}]}",
         "failures[0].seed: is missing"},
        {COUNTS FRESH_BROKE "\"failures\":[{\"property\":\"fresh\",\"layer\":\"cache\","
                            "\"seed\":7,\"choices\":[1,true]}]}",
         "failures[0].choices: holds something else than numbers from 0 on"},
        {COUNTS FRESH_BROKE "\"failures\":[{\"property\":\"fresh\",\"layer\":\"cache\","
                            "\"seed\":7},{\"property\":\"fresh\",\"layer\":\"cache\"}]}",
         "failures[1].layer: the same failure stands there twice"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct exploration exploration = {0};
        char complaint[EXPLORATION_COMPLAINT_MAX] = "";
        assert_false(
            exploration_read(cases[i].text, strlen(cases[i].text), &exploration, complaint));
        assert_string_equal(complaint, cases[i].complaint);
        assert_int_equal(exploration.tally.seeds, 0);
    }
}

static void read_once(void *context, bool may_fail)
{
    const char *text = context;
    struct exploration exploration = {0};
    char complaint[EXPLORATION_COMPLAINT_MAX];
    assert_true(exploration_read(text, strlen(text), &exploration, complaint) || may_fail);
    exploration_free(&exploration);
}

static void test_without_memory_nothing_is_read_and_nothing_leaks(void **state)
{
    char text[] = COUNTS FRESH_BROKE "\"failures\":[{\"property\":\"fresh\",\"layer\":"
                                     "\"cache\",\"seed\":7,\"choices\":[1,2,3]}]}";
    (void)state;
    assert_true(fail_each_allocation(read_once, text) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_joined_in_any_order_are_the_whole),
        cmocka_unit_test(test_of_two_failures_of_a_kind_the_smaller_seed_stays),
        cmocka_unit_test(test_only_the_failures_of_the_first_seed_can_be_kept),
        cmocka_unit_test(test_what_was_written_is_read_back),
        cmocka_unit_test(test_what_is_damaged_is_refused_with_its_place),
        cmocka_unit_test(test_without_memory_nothing_is_read_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

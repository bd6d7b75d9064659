/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/support/conversation.h"
#include "rest_endpoint/cache_control_internal.h"

#define SECOND INT64_C(1000000)

static void a_header_is_read_as_the_rfc_says_and_the_malformed_is_ignored(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        bool must_be_new;
        int64_t max_age_us;
    } cases[] = {
        {NULL, false, INT64_MAX},
        {"", false, INT64_MAX},
        {"no-cache", true, INT64_MAX},
        {"No-CACHE", true, INT64_MAX},
        {"no-cache=\"x, y\"", true, INT64_MAX},
        {"no-cached", false, INT64_MAX},
        {"no-cach", false, INT64_MAX},
        {"max-age=5", false, 5 * SECOND},
        {"MAX-Age=5", false, 5 * SECOND},
        {"max-age=\"5\"", false, 5 * SECOND},
        {"max-age=0", false, 0},
        {"max-age=007", false, 7 * SECOND},
        {"max-age", false, INT64_MAX},
        {"max-age=", false, INT64_MAX},
        {"max-age=\"\"", false, INT64_MAX},
        {"max-age=-1", false, INT64_MAX},
        {"max-age=1.5", false, INT64_MAX},
        {"max-age=5x", false, INT64_MAX},
        {"max-age=5 x", false, INT64_MAX},
        {"max-age = 5", false, INT64_MAX},
        {"max-age=\"5", false, INT64_MAX},
        {"max-age=2147483647", false, 2147483647 * SECOND},
        {"max-age=99999999999999999999", false, 2147483648 * SECOND},
        {"max-age=5, max-age=9", false, 5 * SECOND},
        {"max-age=x, max-age=9", false, 9 * SECOND},
        {" \tno-cache\t , max-age=3 ", true, 3 * SECOND},
        {",, ,no-cache,,", true, INT64_MAX},
        {"no-store, only-if-cached, max-stale=9", false, INT64_MAX},
        {"ext=\"a, no-cache\"", false, INT64_MAX},
        {"ext=\"a\\\", no-cache\", max-age=4", false, 4 * SECOND},
        {"ext=\"open, no-cache", false, INT64_MAX},
        {"@@, no-cache", true, INT64_MAX},
        {"=5, max-age=2", false, 2 * SECOND},
        {"no-cache;max-age=2", false, INT64_MAX},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct freshness freshness = cache_control_parse(cases[i].value);
        if (freshness.must_be_new != cases[i].must_be_new ||
            freshness.max_age_us != cases[i].max_age_us)
            fail_msg("misread: %s", cases[i].value);
    }
}

static void max_age_is_still_good_at_its_edge_and_no_longer_after_it(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", "rest.cache.checkpoint-statistics.timeout", "60 s", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get_with(&talk, 2000, 2, CHECKPOINTS_OF_A, "max-age=2");
    assert_int_equal(talk.fetch_count, 1);
    assert_int_equal(reply_to(&talk, 2)->age_us, 2 * SECOND);
    get_with(&talk, 2001, 3, CHECKPOINTS_OF_A, "max-age=2");
    assert_int_equal(talk.fetch_count, 2);
    get_with(&talk, 2002, 4, CHECKPOINTS_OF_A, "max-age=3");
    assert_int_equal(latest_of(&talk, 4), 7);
    finish(&talk);
}

static void the_timeout_bounds_a_longer_max_age(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", "rest.cache.checkpoint-statistics.timeout", "1 s", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get_with(&talk, 999, 2, CHECKPOINTS_OF_A, "max-age=60");
    assert_true(has_reply(&talk, 2));
    get_with(&talk, 1000, 3, CHECKPOINTS_OF_A, "max-age=60");
    assert_false(has_reply(&talk, 3));
    finish(&talk);
}

static void no_cache_takes_neither_what_is_stored_nor_a_fetch_under_way(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get_with(&talk, 0, 1, CHECKPOINTS_OF_A, "no-cache");
    get_with(&talk, 0, 2, CHECKPOINTS_OF_A, "no-cache");
    get(&talk, 0, 3, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 1);
    answer_latest(&talk, 5, 0, 7);
    assert_true(has_reply(&talk, 1));
    assert_false(has_reply(&talk, 2));
    assert_true(has_reply(&talk, 3));
    answer_latest(&talk, 10, 1, 8);
    assert_int_equal(latest_of(&talk, 2), 8);
    get(&talk, 11, 4, CHECKPOINTS_OF_A);
    assert_int_equal(latest_of(&talk, 4), 8);
    get_with(&talk, 11, 5, CHECKPOINTS_OF_A, "no-cache");
    assert_int_equal(talk.fetch_count, 3);
    finish(&talk);
}

static void max_age_joins_a_fetch_that_is_young_enough(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get_with(&talk, 1000, 2, CHECKPOINTS_OF_A, "max-age=1");
    get_with(&talk, 1001, 3, CHECKPOINTS_OF_A, "max-age=1");
    answer_latest(&talk, 1500, 0, 7);
    assert_int_equal(latest_of(&talk, 2), 7);
    assert_int_equal(reply_to(&talk, 2)->age_us, 1500000);
    assert_false(has_reply(&talk, 3));
    assert_int_equal(talk.fetch_count, 2);
    finish(&talk);
}

static void the_age_counts_from_when_the_fetch_was_asked(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 10, 2, DASHBOARD_OF_A);
    answer_latest(&talk, 200, 0, 7);
    answer_latest(&talk, 210, 1, 7);
    assert_int_equal(reply_to(&talk, 1)->age_us, 200000);
    assert_int_equal(reply_to(&talk, 2)->age_us, 200000);
    get(&talk, 300, 3, CHECKPOINTS_OF_A);
    assert_int_equal(reply_to(&talk, 3)->age_us, 300000);
    finish(&talk);
}

static void the_dashboard_path_honours_it_too(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, DASHBOARD_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get_with(&talk, 2, 2, DASHBOARD_OF_A, "no-cache");
    assert_int_equal(talk.fetch_count, 2);
    finish(&talk);
}

static void flink_ignores_it_and_tells_no_age(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get_with(&talk, 2, 2, CHECKPOINTS_OF_A, "no-cache, max-age=0");
    assert_int_equal(talk.fetch_count, 1);
    assert_int_equal(latest_of(&talk, 2), 7);
    assert_int_equal(reply_to(&talk, 1)->age_us, -1);
    assert_int_equal(reply_to(&talk, 2)->age_us, -1);
    finish(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_read_as_the_rfc_says_and_the_malformed_is_ignored),
        cmocka_unit_test(max_age_is_still_good_at_its_edge_and_no_longer_after_it),
        cmocka_unit_test(the_timeout_bounds_a_longer_max_age),
        cmocka_unit_test(no_cache_takes_neither_what_is_stored_nor_a_fetch_under_way),
        cmocka_unit_test(max_age_joins_a_fetch_that_is_young_enough),
        cmocka_unit_test(the_age_counts_from_when_the_fetch_was_asked),
        cmocka_unit_test(the_dashboard_path_honours_it_too),
        cmocka_unit_test(flink_ignores_it_and_tells_no_age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

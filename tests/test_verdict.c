/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include <string.h>

#include "harness/judge/judge.h"

static void test_every_property_is_found_by_its_id(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        enum property found = PROPERTY_COUNT;
        assert_true(property_find(property_id((enum property)i), &found));
        assert_int_equal(found, i);
        assert_string_equal(property_ids()[i], property_id((enum property)i));
    }
    assert_string_equal(property_id(PROPERTY_FRESH), "fresh");
    assert_string_equal(property_id(PROPERTY_RESTORE_WINDOW), "restore-window");
}

static void test_no_property_is_found_by_another_name(void **state)
{
    (void)state;
    enum property found = PROPERTY_FRESH;
    assert_false(property_find("fres", &found));
    assert_false(property_find("", &found));
    assert_int_equal(found, PROPERTY_FRESH);
}

static void test_every_property_is_stated_in_one_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const char *statement = property_statement((enum property)i);
        assert_non_null(statement);
        assert_true(statement[strlen(statement) - 1] == '.');
        assert_null(strstr(statement, ". "));
    }
}

static void test_every_explanation_has_paragraphs_a_drawing_and_what_is_unknown(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const char *explanation = property_explanation((enum property)i);
        assert_non_null(explanation);
        assert_non_null(strstr(explanation, "\n\n"));
        bool says_unknown = strstr(explanation, "Unknown ") != NULL;
        if (!says_unknown)
            print_error("%s\n", property_id((enum property)i));
        assert_true(says_unknown);
        assert_non_null(strstr(explanation, "\n  "));
        assert_null(strchr(explanation, '\t'));
    }
}

static void test_every_layer_is_found_by_its_name(void **state)
{
    (void)state;
    for (int i = LAYER_UNKNOWN; i < LAYER_COUNT; i++) {
        enum layer found = LAYER_UNKNOWN;
        assert_true(layer_find(layer_name((enum layer)i), &found));
        assert_int_equal(found, i);
    }
    enum layer found = LAYER_ORIGIN;
    assert_false(layer_find("caches", &found));
    assert_int_equal(found, LAYER_ORIGIN);
    assert_string_equal(layer_name(LAYER_STATISTICS_CACHE), "statistics cache");
}

static void test_verdicts_have_names(void **state)
{
    (void)state;
    assert_string_equal(verdict_name(VERDICT_PASS), "pass");
    assert_string_equal(verdict_name(VERDICT_FAIL), "fail");
    assert_string_equal(verdict_name(VERDICT_UNKNOWN), "unknown");
}

static void test_the_whole_fails_with_any_claimed_property_and_no_other(void **state)
{
    (void)state;
    static struct judgement judgement;
    judgement.claim.claimed[PROPERTY_FRESH] = true;
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        judgement.properties[i].verdict = VERDICT_UNKNOWN;
    judgement.properties[PROPERTY_FRESH] =
        (struct property_verdict){.verdict = VERDICT_PASS, .tested = 1};
    judgement.properties[PROPERTY_AVAILABLE].verdict = VERDICT_FAIL;
    assert_int_equal(judge_whole(&judgement), VERDICT_PASS);
    judgement.claim.claimed[PROPERTY_AVAILABLE] = true;
    assert_int_equal(judge_whole(&judgement), VERDICT_FAIL);
}

static void test_the_whole_needs_the_property_of_the_claim_s_own_bound(void **state)
{
    (void)state;
    static struct judgement judgement;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        judgement.claim.claimed[i] = true;
        judgement.properties[i].verdict = VERDICT_UNKNOWN;
    }
    judgement.properties[PROPERTY_CONSISTENT] =
        (struct property_verdict){.verdict = VERDICT_PASS, .tested = 1};
    assert_int_equal(judge_whole(&judgement), VERDICT_UNKNOWN);
    judgement.properties[PROPERTY_BOUNDED_AGE] =
        (struct property_verdict){.verdict = VERDICT_PASS, .tested = 1};
    assert_int_equal(judge_whole(&judgement), VERDICT_UNKNOWN);
    judgement.claim.bound_us = 1;
    assert_int_equal(judge_whole(&judgement), VERDICT_PASS);
}

static void test_the_whole_of_a_claim_without_an_age_is_that_of_what_it_claims(void **state)
{
    (void)state;
    static struct judgement judgement;
    judgement.claim.claimed[PROPERTY_CONSISTENT] = true;
    judgement.properties[PROPERTY_CONSISTENT].verdict = VERDICT_UNKNOWN;
    assert_int_equal(judge_whole(&judgement), VERDICT_UNKNOWN);
    judgement.properties[PROPERTY_CONSISTENT] =
        (struct property_verdict){.verdict = VERDICT_PASS, .tested = 1};
    assert_int_equal(judge_whole(&judgement), VERDICT_PASS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_property_is_found_by_its_id),
        cmocka_unit_test(test_no_property_is_found_by_another_name),
        cmocka_unit_test(test_every_property_is_stated_in_one_sentence),
        cmocka_unit_test(test_every_explanation_has_paragraphs_a_drawing_and_what_is_unknown),
        cmocka_unit_test(test_every_layer_is_found_by_its_name),
        cmocka_unit_test(test_verdicts_have_names),
        cmocka_unit_test(test_the_whole_fails_with_any_claimed_property_and_no_other),
        cmocka_unit_test(test_the_whole_needs_the_property_of_the_claim_s_own_bound),
        cmocka_unit_test(test_the_whole_of_a_claim_without_an_age_is_that_of_what_it_claims),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

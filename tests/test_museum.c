/* rooms: harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
/* A walk through the museum: each case tells where it comes from, holds on the reference and on every
 * Flink that it does not name, and breaks what it says in the hands of those that it names. */

#include "tests/support/test_prelude.h"

#include <regex.h>

#include "harness/virtual_time/run.h"
#include "tests/support/museum_files.h"

static struct museum_files museum;

static int open_museum(void **state)
{
    (void)state;
    museum_open(&museum);
    return 0;
}

static int close_museum(void **state)
{
    (void)state;
    museum_close(&museum);
    return 0;
}

static bool matches(const char *text, const char *pattern)
{
    regex_t compiled;
    assert_int_equal(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB), 0);
    const bool found = regexec(&compiled, text, 0, NULL, 0) == 0;
    regfree(&compiled);
    return found;
}

/* NULL, or what a file lacks that every case must have. */
static const char *what_is_missing(const struct plan *plan)
{
    if (!plan->museum)
        return "a label `museum: {number: ..., hall: ..., evidence: ...}`";
    if (!plan->source || strlen(plan->source) < 10)
        return "a source";
    /* "FLINK-32469", "apache/streampark#1253": what was reported can be looked up. */
    if (plan->museum->evidence == MUSEUM_EVIDENCE_REPORTED &&
        !matches(plan->source, "FLINK-[0-9]+|[A-Za-z0-9_.-]+#[0-9]+"))
        return "the ticket or the issue in which it was reported";
    if (strlen(plan->why) < 60)
        return "a `why` that says what happened and what it cost";
    if (plan->expectation_count == 0)
        return "somebody who shows it";
    if (plan_expectation(plan, "reference"))
        return "a reference that holds";
    return NULL;
}

static const char *difference_on(const struct plan *plan,
                                 const struct implementation *implementation)
{
    static char text[400];
    const struct run_options options = {.seed = 1, .parse_every = 1};
    static struct run_result result;
    const char *failure = run_virtual(plan, implementation, &options, &result);
    if (failure) {
        snprintf(text, sizeof text, "%s on %s: %s", plan->file, implementation_name(implementation),
                 failure);
        return text;
    }
    return museum_difference(plan, implementation_name(implementation), &result.judgement);
}

/* What the file says something about: itself the reference, each Flink, and whom it names. */
static bool is_told_of(const struct plan *plan, const struct implementation *implementation)
{
    const enum implementation_kind kind = implementation_kind(implementation);
    return kind == IMPLEMENTATION_REFERENCE || kind == IMPLEMENTATION_FLINK ||
           plan_expectation(plan, implementation_name(implementation));
}

static const char *walk(const struct plan *plan)
{
    for (size_t i = 0; i < implementation_count(); i++) {
        const struct implementation *implementation = implementation_at(i);
        const char *wrong =
            is_told_of(plan, implementation) ? difference_on(plan, implementation) : NULL;
        if (wrong)
            return wrong;
    }
    return NULL;
}

static void every_case_says_where_it_comes_from_and_who_shows_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < museum.count; i++) {
        const char *missing = what_is_missing(museum.plans[i]);
        if (missing)
            fail_msg("%s needs %s", museum.plans[i]->file, missing);
    }
}

static void every_case_breaks_what_it_says_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < museum.count; i++) {
        const char *wrong = walk(museum.plans[i]);
        if (wrong)
            fail_msg("%s", wrong);
    }
}

static void no_two_cases_have_one_title(void **state)
{
    (void)state;
    for (size_t i = 0; i < museum.count; i++) {
        for (size_t j = i + 1; j < museum.count; j++)
            assert_string_not_equal(museum.plans[i]->title, museum.plans[j]->title);
    }
}

/* --- the walk itself can fail --------------------------------------------------------------- */

#define CASE_HEAD \
    "title: t\n"  \
    "why: what happened, and what it cost, in a sentence or two that are long enough\n"
#define CASE_SOURCE "source: FLINK-32469, a ticket\n"
#define CASE_LABEL "museum: {number: R-01, hall: old answers, evidence: reported}\n"
#define CASE_STORY                                                                        \
    "flink: {web.refresh-interval: 3 s, rest.cache.checkpoint-statistics.timeout: 0 s}\n" \
    "jobmanager: {J: {at 90 ms: completes 10, at 200 ms: completes 11}}\n"                \
    "clients:\n"                                                                          \
    "  browser: {dashboard: J, from: 130 ms}\n"                                           \
    "  mover: {at 300 ms: latest completed checkpoint of J}\n"                            \
    "claims: [fresh, dashboard-cached]\n"
#define CASE_EXPECT "expect: {flink-1.17: {fresh: {layer: graph cache, why: one cache}}}\n"

static struct plan *case_of(const char *text)
{
    return museum_read_text(text, strlen(text), "case.yaml");
}

static void assert_missing(const char *text, const char *wanted)
{
    struct plan *plan = case_of(text);
    const char *missing = what_is_missing(plan);
    if (!wanted)
        assert_null(missing);
    else if (!missing || !strstr(missing, wanted))
        fail_msg("'%s' instead of '%s'", missing ? missing : "nothing", wanted);
    plan_free(plan);
}

static void a_case_that_lacks_something_is_found(void **state)
{
    (void)state;
    assert_missing(CASE_HEAD CASE_SOURCE CASE_LABEL CASE_STORY CASE_EXPECT, NULL);
    assert_missing(CASE_HEAD CASE_LABEL CASE_STORY CASE_EXPECT, "a source");
    assert_missing(CASE_HEAD CASE_SOURCE CASE_STORY CASE_EXPECT, "a label");
    assert_missing(CASE_HEAD CASE_SOURCE CASE_LABEL CASE_STORY, "somebody who shows it");
    assert_missing(CASE_HEAD
                   "source: Flink DefaultExecutionGraphCache\n" CASE_LABEL CASE_STORY CASE_EXPECT,
                   "the ticket");
    assert_missing(CASE_HEAD CASE_SOURCE CASE_LABEL CASE_STORY
                   "expect: {reference: {fresh: why}}\n",
                   "a reference that holds");
}

static void assert_walk(const char *expect, const char *wanted)
{
    char text[4096];
    snprintf(text, sizeof text, "%s%s", CASE_HEAD CASE_SOURCE CASE_LABEL CASE_STORY, expect);
    struct plan *plan = case_of(text);
    const char *wrong = walk(plan);
    if (!wanted)
        assert_null(wrong);
    else if (!wrong || !strstr(wrong, wanted))
        fail_msg("'%s' instead of '%s'", wrong ? wrong : "nothing", wanted);
    plan_free(plan);
}

static void a_case_that_says_what_is_not_so_is_found(void **state)
{
    (void)state;
    assert_walk(CASE_EXPECT, NULL);
    assert_walk("expect: {shared-cache: {fresh: why}}\n", "flink-1.17: fresh is fail");
    assert_walk("expect: {flink-1.17: {dashboard-cached: why}}\n", "flink-1.17: fresh is fail");
    assert_walk("expect: {flink-1.17: {fresh: {layer: origin, why: w}}}\n",
                "flink-1.17: fresh is fail (graph cache)");
    assert_walk("expect: {flink-*: {fresh: why}}\n", "flink-1.18.0: fresh is pass");
    assert_walk("expect: {flink-1.17: {fresh: why}, stampede: {fresh: why}}\n",
                "stampede: fresh is pass");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_says_where_it_comes_from_and_who_shows_it),
        cmocka_unit_test(every_case_breaks_what_it_says_and_nothing_else),
        cmocka_unit_test(no_two_cases_have_one_title),
        cmocka_unit_test(a_case_that_lacks_something_is_found),
        cmocka_unit_test(a_case_that_says_what_is_not_so_is_found),
    };
    return cmocka_run_group_tests(tests, open_museum, close_museum);
}

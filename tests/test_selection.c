/* rooms: harness/command_line reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/command_line/commands.h"
#include "harness/command_line/fail_on.h"
#include "harness/command_line/known_failures.h"
#include "harness/command_line/selection.h"
#include "tests/support/captured.h"

static const char *const scenarios[] = {"dashboard_hides_newer", "ended_job", "dashboard_and_all"};
static const char *const implementations[] = {"reference", "flink-1.17", "flink-1.20",
                                              "client-lyft", "ended_job"};
enum { PATTERNS_MAX = 4 };

struct fixture {
    struct selection selection;
    struct captured err;
    int code;
};

static void add(struct option_values *values, const char *const *patterns)
{
    values->items = calloc(PATTERNS_MAX, sizeof *values->items);
    assert_non_null(values->items);
    for (; patterns[values->count]; values->count++)
        values->items[values->count] = patterns[values->count];
}

/* Lists that end with NULL. */
static void resolve(struct fixture *f, enum selected_kind first, const char *const *only,
                    const char *const *skip)
{
    const struct selected_names names[SELECTED_KIND_COUNT] = {
        [SELECTED_SCENARIO] = {scenarios, 3},
        [SELECTED_IMPLEMENTATION] = {implementations, 5},
        [SELECTED_PROPERTY] = {property_ids(), PROPERTY_COUNT},
    };
    f->selection = (struct selection){.first = first};
    add(&f->selection.only, only);
    add(&f->selection.skip, skip);
    capture(&f->err, stderr);
    f->code = selection_resolve(&f->selection, names);
    release(&f->err);
}

/* "101": of the names of this kind the first and the third are chosen. */
static void assert_chosen(const struct fixture *f, enum selected_kind kind, const char *digits)
{
    assert_int_equal(f->code, EXIT_AS_CLAIMED);
    for (size_t i = 0; digits[i]; i++)
        assert_int_equal(selection_has(&f->selection, kind, i), digits[i] == '1');
}

#define LIST(...) ((const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static void without_patterns_all_is_chosen(void **state)
{
    (void)state;
    struct fixture f;
    resolve(&f, SELECTED_SCENARIO, LIST(), LIST());
    assert_chosen(&f, SELECTED_SCENARIO, "111");
    assert_chosen(&f, SELECTED_IMPLEMENTATION, "11111");
    selection_free(&f.selection);
}

static void a_pattern_with_its_kind_chooses_of_that_kind_alone(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *scenarios, *implementations;
        bool fresh, right_job;
    } cases[] = {
        {"scenario:dashboard*", "101", "11111", true, true},
        {"scenario:ended_job", "010", "11111", true, true},
        {"implementation:flink-*", "111", "01100", true, true},
        {"implementation:ended_job", "111", "00001", true, true},
        {"property:fresh", "111", "11111", true, false},
        {"property:*-job", "111", "11111", false, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        resolve(&f, SELECTED_SCENARIO, LIST(cases[i].pattern), LIST());
        assert_chosen(&f, SELECTED_SCENARIO, cases[i].scenarios);
        assert_chosen(&f, SELECTED_IMPLEMENTATION, cases[i].implementations);
        assert_int_equal(selection_has(&f.selection, SELECTED_PROPERTY, PROPERTY_FRESH),
                         cases[i].fresh);
        assert_int_equal(selection_has(&f.selection, SELECTED_PROPERTY, PROPERTY_RIGHT_JOB),
                         cases[i].right_job);
        selection_free(&f.selection);
    }
}

static void a_bare_pattern_is_of_the_first_kind_that_has_a_name_for_it(void **state)
{
    (void)state;
    struct fixture f;
    resolve(&f, SELECTED_SCENARIO, LIST("ended_job"), LIST());
    assert_chosen(&f, SELECTED_SCENARIO, "010");
    assert_chosen(&f, SELECTED_IMPLEMENTATION, "11111");
    selection_free(&f.selection);
    resolve(&f, SELECTED_IMPLEMENTATION, LIST("ended_job"), LIST());
    assert_chosen(&f, SELECTED_SCENARIO, "111");
    assert_chosen(&f, SELECTED_IMPLEMENTATION, "00001");
    selection_free(&f.selection);
    resolve(&f, SELECTED_IMPLEMENTATION, LIST("dashboard*"), LIST());
    assert_chosen(&f, SELECTED_SCENARIO, "101");
    selection_free(&f.selection);
    resolve(&f, SELECTED_SCENARIO, LIST("client-*"), LIST());
    assert_chosen(&f, SELECTED_IMPLEMENTATION, "00010");
    selection_free(&f.selection);
    resolve(&f, SELECTED_SCENARIO, LIST("fresh"), LIST());
    assert_chosen(&f, SELECTED_PROPERTY, "10");
    selection_free(&f.selection);
}

static void patterns_of_one_kind_add_up_and_skip_takes_away(void **state)
{
    (void)state;
    struct fixture f;
    resolve(&f, SELECTED_SCENARIO, LIST("flink-1.17", "reference"), LIST());
    assert_chosen(&f, SELECTED_IMPLEMENTATION, "11000");
    selection_free(&f.selection);
    resolve(&f, SELECTED_SCENARIO, LIST("flink-*", "ended_job"), LIST("flink-1.17"));
    assert_chosen(&f, SELECTED_IMPLEMENTATION, "00100");
    assert_chosen(&f, SELECTED_SCENARIO, "010");
    selection_free(&f.selection);
    resolve(&f, SELECTED_SCENARIO, LIST(), LIST("dashboard*", "property:fresh"));
    assert_chosen(&f, SELECTED_SCENARIO, "010");
    assert_chosen(&f, SELECTED_PROPERTY, "01");
    selection_free(&f.selection);
}

static void a_pattern_that_means_nothing_is_refused_with_the_nearest_name(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *said;
    } cases[] = {
        {"endet_job", "--only 'endet_job' means no scenario and no implementation and no property "
                      "here; did you mean 'ended_job'?"},
        {"scenario:flink-1.17", "--only 'scenario:flink-1.17' means no scenario here\n"},
        {"implementation:flink-1.18", "means no implementation here; did you mean 'flink-1.17'?"},
        {"property:frsh", "means no property here; did you mean 'fresh'?"},
        {"property:frsh*", "means no property here; did you mean 'fresh'?"},
        {"properties:fresh", "before the colon stands scenario, implementation or property"},
        {"", "--only '' means no scenario"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        resolve(&f, SELECTED_SCENARIO, LIST(cases[i].pattern), LIST());
        assert_int_equal(f.code, EXIT_USAGE);
        assert_non_null(strstr(f.err.text, cases[i].said));
        selection_free(&f.selection);
    }
    struct fixture f;
    resolve(&f, SELECTED_SCENARIO, LIST(), LIST("nonesuch"));
    assert_int_equal(f.code, EXIT_USAGE);
    assert_non_null(strstr(f.err.text, "--skip 'nonesuch'"));
    selection_free(&f.selection);
}

static struct judgement fresh_fails_and_right_job_holds(void)
{
    struct judgement judgement = {.whole = VERDICT_FAIL};
    judgement.claim.claimed[PROPERTY_FRESH] = judgement.claim.claimed[PROPERTY_RIGHT_JOB] = true;
    judgement.properties[PROPERTY_FRESH].verdict = VERDICT_FAIL;
    judgement.properties[PROPERTY_FRESH].tested = 1;
    judgement.properties[PROPERTY_RIGHT_JOB].verdict = VERDICT_PASS;
    return judgement;
}

static void what_is_not_chosen_is_no_claim_and_the_whole_is_that_of_the_rest(void **state)
{
    (void)state;
    struct fixture f;
    struct judgement judgement = fresh_fails_and_right_job_holds();
    resolve(&f, SELECTED_SCENARIO, LIST(), LIST("fresh"));
    assert_true(selection_has_any_of(&f.selection, &judgement.claim));
    selection_narrow(&f.selection, &judgement);
    assert_false(judgement.claim.claimed[PROPERTY_FRESH]);
    assert_true(judgement.claim.claimed[PROPERTY_RIGHT_JOB]);
    assert_int_equal(judgement.whole, VERDICT_PASS);
    selection_free(&f.selection);
    resolve(&f, SELECTED_SCENARIO, LIST("available"), LIST());
    assert_false(selection_has_any_of(&f.selection, &judgement.claim));
    selection_free(&f.selection);
}

static void resolve_once(void *context, bool may_fail)
{
    static const char *patterns[] = {"ended_job"};
    const struct selected_names *names = context;
    struct captured err;
    struct selection selection = {.only = {patterns, 1}};
    capture(&err, stderr);
    const int code = selection_resolve(&selection, names);
    release(&err);
    assert_int_equal(code, failing_allocator_fired() ? EXIT_INTERNAL : EXIT_AS_CLAIMED);
    assert_true(may_fail || code == EXIT_AS_CLAIMED);
    selection.only = (struct option_values){0};
    selection_free(&selection);
}

static void memory_may_run_out_while_it_is_chosen(void **state)
{
    (void)state;
    struct selected_names names[SELECTED_KIND_COUNT] = {[SELECTED_SCENARIO] = {scenarios, 3}};
    assert_int_equal(fail_each_allocation(resolve_once, names), SELECTED_KIND_COUNT);
}

static void read_once(void *context, bool may_fail)
{
    struct captured err;
    struct known_failures known;
    capture(&err, stderr);
    const int code = known_failures_read(&known, context);
    release(&err);
    if (failing_allocator_fired())
        assert_true(code == EXIT_INTERNAL || code == EXIT_BAD_INPUT);
    else
        assert_int_equal(known.count, 2);
    assert_true(may_fail || code == EXIT_AS_CLAIMED);
    known_failures_free(&known);
}

static void memory_may_run_out_while_known_failures_are_read(void **state)
{
    (void)state;
    static const char text[] = "a b fresh: why\nc* d *: because\n";
    char name[] = "/tmp/known-failures-XXXXXX";
    const int file = mkstemp(name);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, sizeof text - 1), sizeof text - 1);
    close(file);
    assert_true(fail_each_allocation(read_once, name) > 6);
    unlink(name);
}

static void what_ends_with_1_is_what_was_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool expected_break, surprising_pass, unknown;
    } cases[] = {
        {"unexpected", false, true, false},   {"any", true, true, false},
        {"none", false, false, false},        {"unknown", false, false, true},
        {"fresh", true, false, false},        {"right-job", false, false, false},
        {"fresh,unknown", true, false, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fail_on fail_on;
        const struct judgement broken = fresh_fails_and_right_job_holds();
        const struct judgement held = {.whole = VERDICT_PASS};
        const struct judgement open = {.whole = VERDICT_UNKNOWN};
        const struct report_result expected_break = {
            .judgement = &broken, .has_expectation = true, .as_expected = true};
        const struct report_result surprising_pass = {.judgement = &held, .has_expectation = true};
        const struct report_result unknown = {
            .judgement = &open, .has_expectation = true, .as_expected = true};
        const struct report_result skipped = {.judgement = &broken, .skipped = "no"};
        assert_true(fail_on_read(cases[i].text, &fail_on));
        assert_int_equal(fail_on_result(&fail_on, &expected_break), cases[i].expected_break);
        assert_int_equal(fail_on_result(&fail_on, &surprising_pass), cases[i].surprising_pass);
        assert_int_equal(fail_on_result(&fail_on, &unknown), cases[i].unknown);
        assert_false(fail_on_result(&fail_on, &skipped));
    }
}

static void what_is_nothing_to_fail_on_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"frsh", "not 'frsh'; did you mean 'fresh'?"},
        {"unexpectd", "did you mean 'unexpected'?"},
        {"fresh,", "not ''\n"},
        {"", "not ''\n"},
        {"none,any", "none goes with nothing else"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct captured err;
        struct fail_on fail_on;
        capture(&err, stderr);
        const bool fine = fail_on_read(cases[i].text, &fail_on);
        release(&err);
        assert_false(fine);
        assert_non_null(strstr(err.text, cases[i].said));
    }
}

static void strict_is_short_for_any_and_goes_without_another(void **state)
{
    (void)state;
    struct captured err;
    assert_string_equal(fail_on_text(NULL, false), "unexpected");
    assert_string_equal(fail_on_text(NULL, true), "any");
    assert_string_equal(fail_on_text("fresh", false), "fresh");
    capture(&err, stderr);
    const char *both = fail_on_text("fresh", true);
    release(&err);
    assert_null(both);
    assert_non_null(strstr(err.text, "give one of them"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_patterns_all_is_chosen),
        cmocka_unit_test(a_pattern_with_its_kind_chooses_of_that_kind_alone),
        cmocka_unit_test(a_bare_pattern_is_of_the_first_kind_that_has_a_name_for_it),
        cmocka_unit_test(patterns_of_one_kind_add_up_and_skip_takes_away),
        cmocka_unit_test(a_pattern_that_means_nothing_is_refused_with_the_nearest_name),
        cmocka_unit_test(what_is_not_chosen_is_no_claim_and_the_whole_is_that_of_the_rest),
        cmocka_unit_test(memory_may_run_out_while_it_is_chosen),
        cmocka_unit_test(memory_may_run_out_while_known_failures_are_read),
        cmocka_unit_test(what_ends_with_1_is_what_was_asked_for),
        cmocka_unit_test(what_is_nothing_to_fail_on_is_refused),
        cmocka_unit_test(strict_is_short_for_any_and_goes_without_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

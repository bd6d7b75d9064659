/* rooms: harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/test_prelude.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/recording/expected.h"
#include "harness/recording/recording.h"

enum { FAILS_MAX = 3 };

struct failing {
    enum property property;
    uint64_t violations;
    uint64_t first_seq; /* of the exchange that the witness must name */
};

/* How a file must come out under one claim. */
struct outcome {
    enum verdict whole;
    struct failing fails[FAILS_MAX]; /* all of them; 0 violations ends the list */
};

struct row {
    const char *file;
    bool bundled;    /* is in tests/recordings */
    int64_t own_ms;  /* the age that its own claim promises */
    double worst_ms; /* the worst lag of a read; -1: there is no read */
    struct outcome own, fresh;
};

#define PASSES        \
    {                 \
        VERDICT_PASS, \
        {             \
            {         \
                0     \
            }         \
        }             \
    }
#define FAILS(...)      \
    {                   \
        VERDICT_FAIL,   \
        {               \
            __VA_ARGS__ \
        }               \
    }
#define ONE(property, violations, seq)       \
    {                                        \
        PROPERTY_##property, violations, seq \
    }

/* Two reads of each `error-kept` are behind by more than the margin: they are served, as the
 * setting promises, from an answer up to 5 s old. That breaks `fresh` beside what the file is for.
 */
static const struct row rows[] = {
    {"1.17.2/dashboard-then-read.jsonl", true, 3000, 1537.7, PASSES, FAILS(ONE(FRESH, 6, 11))},
    {"1.17.2/poll-default.jsonl", false, 3000, 2968.8, PASSES, FAILS(ONE(FRESH, 287, 9))},
    {"1.17.2/waiters-cancelled.jsonl", true, 1, -1, FAILS(ONE(UNDISTURBED, 80, 18)),
     FAILS(ONE(UNDISTURBED, 80, 18))},
    {"1.18.0/details-of-another-job.jsonl", true, 0, 0, FAILS(ONE(RIGHT_JOB, 1, 37)),
     FAILS(ONE(RIGHT_JOB, 1, 37))},
    {"1.18.0/error-kept.jsonl", true, 5000, 677.4,
     FAILS(ONE(NO_KEPT_ERROR, 16, 5), ONE(AVAILABLE, 16, 5)),
     FAILS(ONE(NO_KEPT_ERROR, 16, 5), ONE(AVAILABLE, 16, 5), ONE(FRESH, 2, 73))},
    {"1.18.0/finished-job.jsonl", true, 0, 0, FAILS(ONE(AVAILABLE, 17, 27)),
     FAILS(ONE(AVAILABLE, 17, 27))},
    {"1.18.1/trigger-then-read.jsonl", true, 0, 1.9, FAILS(ONE(FRESH, 1, 3170)),
     FAILS(ONE(FRESH, 1, 3170))},
    {"1.20.3/dashboard-then-read.jsonl", true, 0, 0, PASSES, PASSES},
    {"1.20.3/details-of-another-job.jsonl", true, 0, 0, FAILS(ONE(RIGHT_JOB, 1, 35)),
     FAILS(ONE(RIGHT_JOB, 1, 35))},
    {"1.20.3/error-kept.jsonl", false, 5000, 729.0,
     FAILS(ONE(NO_KEPT_ERROR, 17, 5), ONE(AVAILABLE, 17, 5)),
     FAILS(ONE(NO_KEPT_ERROR, 17, 5), ONE(AVAILABLE, 17, 5), ONE(FRESH, 2, 73))},
    {"1.20.3/finished-job.jsonl", false, 0, 0, PASSES, PASSES},
    {"1.20.3/poll-timeout-0.jsonl", false, 0, 2.7, PASSES, PASSES},
    {"1.20.3/poll-timeout-default.jsonl", true, 3000, 2883.8, PASSES, FAILS(ONE(FRESH, 263, 23))},
    {"1.20.3/restart.jsonl", true, 0, 0, PASSES, PASSES},
    {"1.20.3/waiters-cancelled.jsonl", false, 1, -1, FAILS(ONE(UNDISTURBED, 98, 6)),
     FAILS(ONE(UNDISTURBED, 98, 6))},
    {"2.3.0/dashboard-then-read.jsonl", false, 0, 0, PASSES, PASSES},
    {"2.3.0/details-of-another-job.jsonl", false, 0, 0, FAILS(ONE(RIGHT_JOB, 1, 33)),
     FAILS(ONE(RIGHT_JOB, 1, 33))},
    {"2.3.0/error-kept.jsonl", true, 5000, 629.0,
     FAILS(ONE(NO_KEPT_ERROR, 15, 5), ONE(AVAILABLE, 15, 5)),
     FAILS(ONE(NO_KEPT_ERROR, 15, 5), ONE(AVAILABLE, 15, 5), ONE(FRESH, 2, 67))},
    {"2.3.0/graph-timeout-0.jsonl", true, 3000, -1, FAILS(ONE(UNDISTURBED, 11, 3)),
     FAILS(ONE(UNDISTURBED, 11, 3))},
    {"2.3.0/poll-timeout-0.jsonl", false, 0, 51.5, PASSES, PASSES},
    {"2.3.0/poll-timeout-default.jsonl", false, 3000, 2939.8, PASSES, FAILS(ONE(FRESH, 270, 12))},
    {"2.3.0/restart.jsonl", false, 0, 0, PASSES, PASSES},
    {"2.3.0/waiters-cancelled.jsonl", false, 1, -1, FAILS(ONE(UNDISTURBED, 56, 9)),
     FAILS(ONE(UNDISTURBED, 56, 9))},
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

static const char bundled_folder[] = "tests/recordings";

static struct recording *read_file(const char *folder, const char *name)
{
    char path[1000];
    struct complaints complaints = {0};
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("%s cannot be opened", path);
    struct recording *recording = recording_take(file, &complaints);
    if (complaints.count > 0)
        fail_msg("%s:%u: %s", path, complaints.items[0].line, complaints.items[0].message);
    assert_non_null(recording);
    return recording;
}

static const struct failing *failing_of(const struct outcome *outcome, enum property property)
{
    for (size_t i = 0; i < FAILS_MAX && outcome->fails[i].violations > 0; i++) {
        if (outcome->fails[i].property == property)
            return &outcome->fails[i];
    }
    return NULL;
}

static bool witness_names(const struct property_verdict *verdict, uint64_t seq)
{
    for (size_t i = 0; i < verdict->witness_count; i++) {
        if (verdict->witness[i].seq == seq)
            return true;
    }
    return false;
}

/* How many differences there are; all are printed, so that one run shows them. */
static unsigned compare(const char *file, const char *claim, const struct outcome *outcome,
                        const struct judgement *judgement)
{
    unsigned differences = 0;
    if (judgement->whole != outcome->whole) {
        print_error("%s %s: %s\n", file, claim, verdict_name(judgement->whole));
        differences++;
    }
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *seen = &judgement->properties[i];
        const struct failing *failing = failing_of(outcome, (enum property)i);
        uint64_t violations = seen->verdict == VERDICT_FAIL ? seen->violations : 0;
        if (violations != (failing ? failing->violations : 0)) {
            print_error("%s %s: %s has %llu violations: %s\n", file, claim,
                        property_id((enum property)i), (unsigned long long)violations, seen->cause);
            differences++;
        } else if (failing && !witness_names(seen, failing->first_seq)) {
            print_error(
                "%s %s: the witness of %s does not name seq %llu but %llu: %s\n", file, claim,
                property_id((enum property)i), (unsigned long long)failing->first_seq,
                (unsigned long long)seen->witness[seen->witness_count - 1].seq, seen->cause);
            differences++;
        }
    }
    return differences;
}

static unsigned compare_lag(const struct row *row, const struct judgement *judgement)
{
    enum property own = judgement->claim.bound_us > 0 ? PROPERTY_BOUNDED_AGE : PROPERTY_FRESH;
    const struct property_verdict *seen = &judgement->properties[own];
    if (row->worst_ms < 0 ? !seen->has_worst : fabs(seen->worst_value - row->worst_ms) < 0.1)
        return 0;
    print_error("%s: worst lag %f, expected %f\n", row->file, seen->worst_value, row->worst_ms);
    return 1;
}

static unsigned check_row(const char *folder, const struct row *row)
{
    struct judgement judgement;
    struct claim claim;
    struct recording *recording = read_file(folder, row->file);
    recording_own_claim(recording, &claim);
    assert_int_equal(claim.bound_us, row->own_ms * 1000);
    assert_null(recording_judge(recording, &claim, &judgement));
    unsigned differences =
        compare(row->file, "own", &row->own, &judgement) + compare_lag(row, &judgement);
    claim.bound_us = 0;
    assert_null(recording_judge(recording, &claim, &judgement));
    differences += compare(row->file, "fresh", &row->fresh, &judgement);
    recording_free(recording);
    return differences;
}

static void test_every_bundled_recording_shows_what_is_expected(void **state)
{
    unsigned differences = 0, checked = 0;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (!rows[i].bundled)
            continue;
        differences += check_row(bundled_folder, &rows[i]);
        checked++;
    }
    assert_int_equal(checked, 12);
    assert_int_equal(differences, 0);
    (void)state;
}

/* The whole set is larger than what is bundled: FRESHCHECK_RECORDINGS names a folder with it. */
static void test_every_recording_of_a_named_folder_shows_what_is_expected(void **state)
{
    const char *folder = getenv("FRESHCHECK_RECORDINGS");
    unsigned differences = 0;
    if (!folder)
        skip();
    for (size_t i = 0; i < ROW_COUNT; i++)
        differences += check_row(folder, &rows[i]);
    assert_int_equal(differences, 0);
    (void)state;
}

static struct expected *read_expected(const char *bytes, struct complaints *complaints)
{
    FILE *file = bytes ? fmemopen((void *)(uintptr_t)bytes, strlen(bytes), "r")
                       : fopen("tests/recordings/expected.txt", "r");
    assert_non_null(file);
    struct expected *expected = expected_read(file, complaints);
    fclose(file);
    return expected;
}

static void assert_met(const struct expected *expected, struct recording *recording,
                       const char *file, const char *claim_text)
{
    struct judgement judgement;
    struct claim claim;
    struct buffer difference = {0};
    const struct expected_verdict *expectation = expected_find(expected, file, claim_text);
    if (!expectation)
        fail_msg("%s %s is not in the list", file, claim_text);
    recording_own_claim(recording, &claim);
    if (strcmp(claim_text, "fresh") == 0)
        claim.bound_us = 0;
    assert_null(recording_judge(recording, &claim, &judgement));
    if (!expected_verdict_met(expectation, &judgement, &difference))
        fail_msg("%s: %.*s", file, (int)difference.length, difference.bytes);
    assert_int_equal(difference.length, 0);
    buffer_free(&difference);
}

static void test_the_bundled_list_agrees_with_the_bundled_recordings(void **state)
{
    struct complaints complaints = {0};
    struct expected *expected = read_expected(NULL, &complaints);
    assert_int_equal(complaints.count, 0);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const char *all = getenv("FRESHCHECK_RECORDINGS");
        if (!rows[i].bundled && !all)
            continue;
        struct recording *recording = read_file(all ? all : bundled_folder, rows[i].file);
        assert_met(expected, recording, rows[i].file, "own");
        assert_met(expected, recording, rows[i].file, "fresh");
        recording_free(recording);
    }
    expected_free(expected);
    (void)state;
}

static void test_a_list_complains_about_each_wrong_line(void **state)
{
    static const char list[] = "# nothing\n\n"
                               "a.jsonl own pass\n"
                               "a.jsonl\n"
                               "a.jsonl own\n"
                               "a.jsonl own perhaps\n"
                               "a.jsonl own fail fesh\n"
                               "a.jsonl own fail fresh=\n"
                               "a.jsonl own fail fresh=-1\n"
                               "a.jsonl own fail fresh=3x\n"
                               "a.jsonl own fail fresh=3@caches\n"
                               "a.jsonl fresh fail fresh=3 right-job # and so on\n";
    struct complaints complaints = {0};
    struct expected *expected = read_expected(list, &complaints);
    assert_int_equal(complaints.count, 8);
    for (unsigned i = 0; i < 8; i++)
        assert_int_equal(complaints.items[i].line, 4 + i);
    assert_non_null(strstr(complaints.items[3].message, "did you mean \"fresh\""));
    assert_non_null(expected_find(expected, "a.jsonl", "own"));
    assert_non_null(expected_find(expected, "a.jsonl", "fresh"));
    assert_null(expected_find(expected, "a.jsonl", "3s"));
    complaints_free(&complaints);
    expected_free(expected);
    (void)state;
}

static void test_a_file_is_found_by_the_longest_end_of_its_path(void **state)
{
    struct complaints complaints = {0};
    struct expected *expected =
        read_expected("2/a.jsonl own pass\na.jsonl own pass\n1/a.jsonl own fail fresh\n"
                      "b.jsonl own pass\n",
                      &complaints);
    const struct expected_verdict *by_name = expected_find(expected, "a.jsonl", "own");
    const struct expected_verdict *by_folder = expected_find(expected, "/x/1/a.jsonl", "own");
    assert_non_null(by_name);
    assert_non_null(by_folder);
    assert_ptr_not_equal(by_name, by_folder);
    assert_ptr_equal(expected_find(expected, "/x/11/a.jsonl", "own"), by_name);
    assert_ptr_not_equal(expected_find(expected, "/x/2/a.jsonl", "own"), by_name);
    assert_null(expected_find(expected, "/x/1/ba.jsonl", "own"));
    assert_null(expected_find(expected, "jsonl", "own"));
    expected_free(expected);
    (void)state;
}

/* The list's only line, met or not by a judgement with these `fresh` violations. */
static bool met_by(const char *list, enum verdict whole, uint64_t violations, const char *part)
{
    struct complaints complaints = {0};
    struct buffer difference = {0};
    struct expected *expected = read_expected(list, &complaints);
    struct judgement judgement = {.whole = whole};
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        judgement.claim.claimed[i] = true;
        judgement.properties[i].verdict = VERDICT_PASS;
    }
    judgement.properties[PROPERTY_FRESH].verdict = violations ? VERDICT_FAIL : VERDICT_PASS;
    judgement.properties[PROPERTY_FRESH].violations = violations;
    judgement.properties[PROPERTY_FRESH].layer = LAYER_DETAILS_CACHE;
    bool met = expected_verdict_met(expected_find(expected, "a", "own"), &judgement, &difference);
    buffer_char(&difference, '\0');
    if (!met && !strstr(difference.bytes, part))
        fail_msg("\"%s\" does not say \"%s\"", difference.bytes, part);
    buffer_free(&difference);
    expected_free(expected);
    return met;
}

static void test_a_difference_is_said_in_one_sentence(void **state)
{
    assert_true(met_by("a own pass\n", VERDICT_PASS, 0, ""));
    assert_false(met_by("a own pass\n", VERDICT_UNKNOWN, 0, "unknown under the claim own"));
    assert_false(met_by("a own fail right-job\n", VERDICT_FAIL, 3, "no violation"));
    assert_true(met_by("a own fail fresh\n", VERDICT_FAIL, 3, ""));
    assert_true(met_by("a own fail fresh=3\n", VERDICT_FAIL, 3, ""));
    assert_false(met_by("a own fail fresh=3\n", VERDICT_FAIL, 2, "fresh has 2 violations"));
    assert_true(met_by("a own fail fresh=3@details-cache\n", VERDICT_FAIL, 3, ""));
    assert_false(met_by("a own fail fresh=3@cache\n", VERDICT_FAIL, 3,
                        "pinned on the layer \"details cache\", expected \"cache\""));
    assert_false(met_by("a own fail fresh right-job\n", VERDICT_FAIL, 3, "right-job is pass"));
    (void)state;
}

static void read_list(void *context, bool may_fail)
{
    struct complaints complaints = {0};
    struct expected *expected = read_expected("a own pass\nb own fail fresh\n", &complaints);
    assert_true(expected || may_fail);
    expected_free(expected);
    complaints_free(&complaints);
    (void)context;
}

static void test_a_list_survives_running_out_of_memory(void **state)
{
    assert_true(fail_each_allocation(read_list, NULL) >= 5);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_bundled_recording_shows_what_is_expected),
        cmocka_unit_test(test_every_recording_of_a_named_folder_shows_what_is_expected),
        cmocka_unit_test(test_the_bundled_list_agrees_with_the_bundled_recordings),
        cmocka_unit_test(test_a_list_complains_about_each_wrong_line),
        cmocka_unit_test(test_a_file_is_found_by_the_longest_end_of_its_path),
        cmocka_unit_test(test_a_difference_is_said_in_one_sentence),
        cmocka_unit_test(test_a_list_survives_running_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

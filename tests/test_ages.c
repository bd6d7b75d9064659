/* rooms: harness/target harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/target/ages.h"

#define MS INT64_C(1000)
#define EPOCH_MS INT64_C(1700000000000)
#define RUN_2_MS INT64_C(1000000) /* the second run's triggers are later by this */

static const struct id jobs[] = {{1, 2}, {3, 4}};

/* An answer about checkpoints up to `latest`, each acknowledged at 100 ms times its number. */
struct answer {
    size_t job;
    int64_t sent_ms, done_ms, latest;
    size_t history; /* of so many, the latest first */
    int64_t later_ms;
};

static struct seen_checkpoint entry_of(int64_t number, int64_t later_ms)
{
    const int64_t ack_ms = EPOCH_MS + later_ms + 100 * number;
    return (struct seen_checkpoint){
        .id = number, .status = SEEN_COMPLETED, .trigger_ms = ack_ms - 20, .latest_ack_ms = ack_ms};
}

static void tell_seen(struct ages *ages, size_t job, int64_t sent_ms, int64_t done_ms,
                      const struct observation *seen)
{
    const struct client_action asked = {.job = job, .client = "poller", .checkpoint = 9};
    ages_tell(ages,
              &(struct target_exchange){
                  .asked = &asked, .sent_us = sent_ms * MS, .done_us = done_ms * MS, .seen = seen});
}

static void tell(struct ages *ages, const struct answer *answer)
{
    struct seen_checkpoint history[16];
    struct observation seen = {.kind = OBSERVED_STATISTICS,
                               .has_latest_completed = answer->latest > 0,
                               .latest_completed = entry_of(answer->latest, answer->later_ms),
                               .history = history,
                               .history_count = answer->history};
    for (size_t i = 0; i < answer->history; i++)
        history[i] = entry_of(answer->latest - (int64_t)i, answer->later_ms);
    tell_seen(ages, answer->job, answer->sent_ms, answer->done_ms, &seen);
}

static void triggered(struct ages *ages, int64_t done_ms, int64_t checkpoint)
{
    const struct observation seen = {
        .kind = OBSERVED_TRIGGER_STATUS, .trigger_done = true, .trigger_checkpoint = checkpoint};
    tell_seen(ages, 0, done_ms - 1, done_ms, &seen);
}

static struct ages *start(void)
{
    struct ages *ages = ages_new(jobs, 2);
    assert_non_null(ages);
    ages_begin(ages, EPOCH_MS * MS);
    return ages;
}

static void an_answer_is_stale_by_what_an_earlier_one_showed(void **state)
{
    (void)state;
    struct ages *ages = start();
    tell(ages, &(struct answer){.sent_ms = 350, .done_ms = 351, .latest = 3});
    assert_int_equal(ages_of(ages, 0)->behind_us, 0);
    tell(ages, &(struct answer){.sent_ms = 420, .done_ms = 421, .latest = 2});
    assert_int_equal(ages_of(ages, 0)->behind_us, 120 * MS);
    assert_int_equal(ages_of(ages, 0)->worst_behind_us, 120 * MS);
    assert_int_equal(ages_of(ages, 0)->newest, 3);
    assert_string_equal(ages_of(ages, 0)->evidence, "an answer to poller");
    tell(ages, &(struct answer){.sent_ms = 430, .done_ms = 431, .latest = 3});
    assert_int_equal(ages_of(ages, 0)->behind_us, 0);
    assert_int_equal(ages_of(ages, 0)->worst_behind_us, 120 * MS);
    assert_false(ages_of(ages, 1)->is_read);
    assert_int_equal(ages_of(ages, 1)->newest, -1);
    ages_free(ages);
}

static void a_later_answer_tells_how_stale_earlier_ones_were(void **state)
{
    (void)state;
    struct ages *ages = start();
    tell(ages, &(struct answer){.sent_ms = 300, .done_ms = 301, .latest = 2});
    tell(ages, &(struct answer){.sent_ms = 301, .done_ms = 302, .latest = 2});
    tell(ages, &(struct answer){.job = 1, .sent_ms = 380, .done_ms = 381, .latest = 2});
    tell(ages, &(struct answer){.sent_ms = 390, .done_ms = 391, .latest = 2});
    assert_int_equal(ages_of(ages, 0)->worst_behind_us, 0);
    tell(ages, &(struct answer){.sent_ms = 500, .done_ms = 501, .latest = 5, .history = 3});
    /* 3 was there from 300 ms on: the first read was sent in that instant. */
    assert_int_equal(ages_of(ages, 0)->worst_behind_us, 90 * MS);
    assert_int_equal(ages_of(ages, 0)->behind_us, 0);
    assert_int_equal(ages_of(ages, 1)->worst_behind_us, 0);
    ages_free(ages);
}

static void the_last_answer_is_corrected_by_another_path(void **state)
{
    (void)state;
    struct ages *ages = start();
    tell(ages, &(struct answer){.sent_ms = 990, .done_ms = 991, .latest = 8});
    assert_int_equal(ages_of(ages, 0)->behind_us, 0);
    struct observation details = {
        .kind = OBSERVED_DETAILS, .has_latest_completed = true, .latest_completed = entry_of(8, 0)};
    tell_seen(ages, 0, 992, 993, &details); /* 9 was asked for: it says nothing of 8 */
    assert_string_equal(ages_of(ages, 0)->evidence, "an answer to poller");
    details.latest_completed = entry_of(9, 0);
    tell_seen(ages, 0, 992, 993, &details);
    assert_int_equal(ages_of(ages, 0)->newest, 9);
    assert_string_equal(ages_of(ages, 0)->evidence, "details to poller");
    assert_int_equal(ages_of(ages, 0)->behind_us, 90 * MS);
    ages_free(ages);
}

static void a_trigger_that_is_done_counts_from_its_answer_on(void **state)
{
    (void)state;
    struct ages *ages = start();
    triggered(ages, 700, 4);
    assert_int_equal(ages_of(ages, 0)->newest, 4);
    assert_string_equal(ages_of(ages, 0)->evidence, "a trigger of poller");
    tell(ages, &(struct answer){.sent_ms = 700, .done_ms = 701, .latest = 3});
    assert_int_equal(ages_of(ages, 0)->behind_us, 0);
    tell(ages, &(struct answer){.sent_ms = 705, .done_ms = 706, .latest = 3});
    assert_int_equal(ages_of(ages, 0)->behind_us, 5 * MS);
    /* Its acknowledgement at 400 ms becomes known. */
    tell(ages, &(struct answer){.sent_ms = 720, .done_ms = 721, .latest = 4});
    assert_int_equal(ages_of(ages, 0)->worst_behind_us, 305 * MS);
    ages_free(ages);
}

static void what_came_after_a_checkpoint_proves_it_too(void **state)
{
    (void)state;
    struct ages *ages = start();
    triggered(ages, 700, 4);
    tell(ages, &(struct answer){.sent_ms = 710, .done_ms = 711, .latest = 5});
    tell(ages, &(struct answer){.sent_ms = 600, .done_ms = 712, .latest = 3});
    assert_int_equal(ages_of(ages, 0)->behind_us, 100 * MS);
    ages_free(ages);
}

static void a_request_sent_before_the_acknowledgement_lacks_nothing(void **state)
{
    (void)state;
    struct ages *ages = start();
    tell(ages, &(struct answer){.sent_ms = 510, .done_ms = 511, .latest = 5});
    for (int64_t sent_ms = 499; sent_ms <= 501; sent_ms++) {
        tell(ages, &(struct answer){.sent_ms = sent_ms, .done_ms = 520, .latest = 4});
        assert_int_equal(ages_of(ages, 0)->behind_us, sent_ms == 501 ? MS : 0);
    }
    ages_free(ages);
}

static void what_proves_nothing_changes_nothing(void **state)
{
    (void)state;
    struct ages *ages = start();
    struct seen_checkpoint entry = entry_of(9, 0);
    struct observation seen = {.kind = OBSERVED_STATISTICS, .history = &entry, .history_count = 1};
    entry.status = SEEN_IN_PROGRESS;
    tell_seen(ages, 0, 1000, 1001, &seen);
    entry = entry_of(9, 0);
    entry.is_savepoint = true;
    tell_seen(ages, 0, 1000, 1001, &seen);
    entry = entry_of(9, 0);
    entry.path = (char[]){"file:/c/00000000000000030000000000000004/chk-9"};
    tell_seen(ages, 0, 1000, 1001, &seen);
    seen.kind = OBSERVED_ERROR;
    tell_seen(ages, 0, 1000, 1001, &seen);
    tell_seen(ages, 0, 1000, 1001, NULL);
    tell_seen(ages, SIZE_MAX, 1000, 1001, &seen);
    assert_int_equal(ages_of(ages, 0)->newest, -1);
    entry.path = NULL;
    seen.kind = OBSERVED_STATISTICS;
    tell_seen(ages, 0, 1000, 1001, &seen);
    assert_int_equal(ages_of(ages, 0)->newest, 9);
    ages_free(ages);
}

static void an_acknowledgement_after_the_answer_that_shows_it_counts_from_that(void **state)
{
    (void)state;
    struct ages *ages = start();
    tell(ages, &(struct answer){.sent_ms = 100, .done_ms = 101, .latest = 5});
    tell(ages, &(struct answer){.sent_ms = 111, .done_ms = 112, .latest = 4});
    assert_int_equal(ages_of(ages, 0)->behind_us, 10 * MS);
    ages_free(ages);
}

static void a_new_run_begins_anew_and_an_old_one_does_not_come_back(void **state)
{
    (void)state;
    struct ages *ages = start();
    tell(ages, &(struct answer){.sent_ms = 3150, .done_ms = 3151, .latest = 31});
    tell(ages, &(struct answer){
                   .sent_ms = 1000300, .done_ms = 1000301, .latest = 2, .later_ms = RUN_2_MS});
    assert_int_equal(ages_of(ages, 0)->newest, 2);
    assert_int_equal(ages_of(ages, 0)->behind_us, 0);
    tell(ages, &(struct answer){.sent_ms = 1000310, .done_ms = 1000311, .latest = 31});
    assert_int_equal(ages_of(ages, 0)->newest, 2);
    ages_free(ages);
}

static void seconds_are_those_in_which_answers_ended(void **state)
{
    (void)state;
    struct ages *ages = start();
    int64_t worst_us[8];
    tell(ages, &(struct answer){.sent_ms = 999, .done_ms = 1000, .latest = 5});
    tell(ages, &(struct answer){.sent_ms = 3000, .done_ms = 3001, .latest = 5});
    tell(ages, &(struct answer){.sent_ms = 3010, .done_ms = 3011, .latest = 30});
    assert_int_equal(ages_seconds(ages, 3999 * MS, worst_us, 8), 4);
    assert_int_equal(worst_us[0], -1);
    assert_int_equal(worst_us[1], 0);
    assert_int_equal(worst_us[2], -1);
    assert_int_equal(worst_us[3], 0);
    tell(ages, &(struct answer){.sent_ms = 3050, .done_ms = 3051, .latest = 30, .history = 16});
    /* 15 was there from 1500 ms on, so the read at 3000 ms lacked it. */
    assert_int_equal(ages_seconds(ages, 4000 * MS, worst_us, 2), 2);
    assert_int_equal(worst_us[0], 1500 * MS);
    assert_int_equal(worst_us[1], -1);
    ages_free(ages);
}

/* More completions and reads than are kept; every tenth read is one behind. */
static void a_long_run_keeps_its_figures(void **state)
{
    (void)state;
    struct ages *ages = start();
    int64_t worst_us[AGES_SECONDS_MAX + 1];
    for (int64_t i = 2; i < 12000; i++)
        tell(ages, &(struct answer){.sent_ms = 100 * i + 30,
                                    .done_ms = 100 * i + 31,
                                    .latest = i - (i % 10 == 0)});
    assert_int_equal(ages_of(ages, 0)->newest, 11999);
    assert_int_equal(ages_of(ages, 0)->worst_behind_us, 0);
    tell(ages, &(struct answer){.sent_ms = 1200000, .done_ms = 1200001, .latest = 11999});
    /* Numbers that were left out become known one after the other, the oldest too late. */
    for (int64_t i = 10; i < 12000; i += 10)
        tell(ages, &(struct answer){.sent_ms = 1200000, .done_ms = 1200001, .latest = i});
    assert_int_equal(ages_of(ages, 0)->newest, 11999);
    assert_int_equal(ages_seconds(ages, 1200001 * MS, worst_us, AGES_SECONDS_MAX + 1),
                     AGES_SECONDS_MAX);
    assert_int_equal(worst_us[AGES_SECONDS_MAX - 2], 30 * MS);
    assert_int_equal(worst_us[0], 0);
    ages_free(ages);
}

static void make_short_of_memory(void *context, bool may_fail)
{
    (void)context;
    struct ages *ages = ages_new(jobs, 2);
    assert_true(may_fail || ages);
    ages_free(ages);
}

static void short_of_memory_there_are_none(void **state)
{
    (void)state;
    assert_int_equal(fail_each_allocation(make_short_of_memory, NULL), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_stale_by_what_an_earlier_one_showed),
        cmocka_unit_test(a_later_answer_tells_how_stale_earlier_ones_were),
        cmocka_unit_test(the_last_answer_is_corrected_by_another_path),
        cmocka_unit_test(a_trigger_that_is_done_counts_from_its_answer_on),
        cmocka_unit_test(what_came_after_a_checkpoint_proves_it_too),
        cmocka_unit_test(a_request_sent_before_the_acknowledgement_lacks_nothing),
        cmocka_unit_test(what_proves_nothing_changes_nothing),
        cmocka_unit_test(an_acknowledgement_after_the_answer_that_shows_it_counts_from_that),
        cmocka_unit_test(a_new_run_begins_anew_and_an_old_one_does_not_come_back),
        cmocka_unit_test(seconds_are_those_in_which_answers_ended),
        cmocka_unit_test(a_long_run_keeps_its_figures),
        cmocka_unit_test(short_of_memory_there_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* rooms: harness/target harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/test_prelude.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/target/judging.h"

#define S INT64_C(1000000)
#define STALE "tests/recordings/1.17.2/dashboard-then-read.jsonl"

/* A recording that is being written: one file, opened twice. */
struct growing {
    FILE *source; /* where its lines come from */
    int out, in;
};

static void grow(struct growing *growing, unsigned line_count)
{
    static char line[1 << 20];
    while (line_count-- > 0 && fgets(line, sizeof line, growing->source))
        assert_int_equal(write(growing->out, line, strlen(line)), (ssize_t)strlen(line));
}

static struct growing start(const char *name, unsigned line_count)
{
    char path[] = "/tmp/judging-XXXXXX";
    struct growing growing = {.source = fopen(name, "rb"), .out = mkstemp(path)};
    growing.in = open(path, O_RDONLY | O_CLOEXEC);
    assert_non_null(growing.source);
    assert_true(growing.out >= 0 && growing.in >= 0);
    unlink(path);
    grow(&growing, line_count);
    return growing;
}

static void stop(struct growing *growing)
{
    fclose(growing->source);
    close(growing->out);
    close(growing->in);
}

static struct judging *judging_of(const struct growing *growing, bool has_bound, int64_t bound_us)
{
    const struct judging_task task = {growing->in, has_bound, bound_us};
    struct judging *judging = judging_new(&task);
    assert_non_null(judging);
    return judging;
}

/* Begins at begin_us, waits for the result, and takes it at end_us. */
static const struct judging_result *judged(struct judging *judging, int64_t begin_us,
                                           int64_t end_us)
{
    int64_t begun_us;
    assert_false(judging_step(judging, begin_us));
    struct pollfd there = {.fd = judging_fd(judging), .events = POLLIN};
    assert_true(there.fd >= 0);
    while (!judging_step(judging, end_us))
        assert_int_equal(poll(&there, 1, 60000), 1);
    const struct judging_result *result = judging_last(judging, &begun_us);
    assert_non_null(result);
    assert_int_equal(begun_us, begin_us);
    return result;
}

/* Member by member: what lies between members and behind the ends of texts is nobody's. */
static void assert_same_verdicts(const struct judgement *a, const struct judgement *b)
{
    assert_int_equal(a->whole, b->whole);
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *one = &a->properties[i], *other = &b->properties[i];
        assert_int_equal(one->verdict, other->verdict);
        assert_int_equal(one->tested, other->tested);
        assert_int_equal(one->violations, other->violations);
        assert_int_equal(one->has_worst, other->has_worst);
        assert_true(!one->has_worst || one->worst_value == other->worst_value);
        assert_string_equal(one->cause, other->cause);
        assert_int_equal(one->witness_count, other->witness_count);
        for (size_t j = 0; j < one->witness_count; j++) {
            assert_int_equal(one->witness[j].at_us, other->witness[j].at_us);
            assert_string_equal(one->witness[j].what, other->witness[j].what);
        }
    }
    assert_memory_equal(&a->staleness, &b->staleness, sizeof a->staleness);
}

static void the_child_comes_to_the_verdicts_of_a_judging_in_place(void **state)
{
    (void)state;
    struct growing growing = start(STALE, 100000);
    struct judging *judging = judging_of(&growing, true, 0);
    struct judging_result here;
    struct complaints complaints = {0};
    const struct judging_result *result = judged(judging, S, 2 * S);
    judging_run(&(struct judging_task){growing.in, true, 0}, &complaints, &here);
    assert_null(result->failure);
    assert_null(here.failure);
    assert_int_equal(here.judgement.whole, VERDICT_FAIL);
    assert_int_equal(here.judgement.properties[PROPERTY_FRESH].violations, 6);
    assert_same_verdicts(&result->judgement, &here.judgement);
    complaints_free(&complaints);
    judging_free(judging);
    stop(&growing);
}

static void without_a_bound_the_recording_is_held_to_its_own_claim(void **state)
{
    (void)state;
    struct growing growing = start(STALE, 100000);
    struct judging *judging = judging_of(&growing, false, 0);
    const struct judging_result *result = judged(judging, S, 2 * S);
    assert_int_equal(result->judgement.claim.bound_us, 3 * S);
    assert_int_equal(result->judgement.whole, VERDICT_PASS);
    judging_free(judging);
    stop(&growing);
}

static void each_judging_sees_what_was_added_since(void **state)
{
    (void)state;
    struct growing growing = start(STALE, 8);
    struct judging *judging = judging_of(&growing, true, 0);
    assert_int_equal(judged(judging, S, S)->judgement.properties[PROPERTY_FRESH].violations, 0);
    grow(&growing, 5);
    assert_int_equal(judged(judging, 2 * S, 2 * S)->judgement.properties[PROPERTY_FRESH].violations,
                     1);
    grow(&growing, 100000);
    assert_int_equal(judged(judging, 3 * S, 3 * S)->judgement.properties[PROPERTY_FRESH].violations,
                     6);
    judging_free(judging);
    stop(&growing);
}

static void a_line_that_is_being_written_is_left_for_the_next_time(void **state)
{
    (void)state;
    struct growing growing = start(STALE, 100000);
    struct judging *judging = judging_of(&growing, true, 0);
    assert_int_equal(write(growing.out, "{\"seq\":999,", 11), 11);
    assert_null(judged(judging, S, S)->failure);
    assert_int_equal(judged(judging, 2 * S, 2 * S)->judgement.properties[PROPERTY_FRESH].violations,
                     6);
    judging_free(judging);
    stop(&growing);
}

static void it_rests_ten_times_as_long_as_it_took_and_a_second_at_least(void **state)
{
    (void)state;
    struct growing growing = start(STALE, 20);
    struct judging *judging = judging_of(&growing, false, 0);
    int64_t begun_us;
    assert_null(judging_last(judging, &begun_us));
    assert_false(judging_step(judging, 3 * S / 10 - 1));
    assert_int_equal(judging_fd(judging), -1);
    judged(judging, S, S + S / 20);
    assert_int_equal(judging_fd(judging), -1);
    judging_step(judging, 2 * S + S / 20 - 1);
    assert_int_equal(judging_fd(judging), -1);
    judged(judging, 2 * S + S / 20, 3 * S); /* it took 0.95 s */
    judging_step(judging, 12 * S + S / 2 - 1);
    assert_int_equal(judging_fd(judging), -1);
    judged(judging, 12 * S + S / 2, 13 * S);
    judging_free(judging);
    stop(&growing);
}

static void what_cannot_be_read_is_a_failure_and_is_tried_again(void **state)
{
    (void)state;
    struct growing growing = start(STALE, 0);
    struct judging *judging = judging_of(&growing, false, 0);
    assert_string_equal(judged(judging, S, S)->failure, "it cannot be read as a recording");
    grow(&growing, 20);
    assert_null(judged(judging, 2 * S, 2 * S)->failure);
    judging_free(judging);
    stop(&growing);
}

static pid_t only_child(void)
{
    int child = 0;
    FILE *children = fopen("/proc/thread-self/children", "r");
    assert_non_null(children);
    assert_int_equal(fscanf(children, "%d", &child), 1);
    fclose(children);
    return child;
}

/* A gigabyte of nothing after the last line keeps the child busy until a signal has come. */
static void make_endless(const struct growing *growing)
{
    assert_int_equal(ftruncate(growing->out, 1 << 30), 0);
}

static void a_child_that_dies_is_a_failure_and_not_the_end(void **state)
{
    (void)state;
    struct growing growing = start(STALE, 20);
    struct judging *judging = judging_of(&growing, false, 0);
    const off_t size = lseek(growing.out, 0, SEEK_CUR);
    int64_t begun_us;
    make_endless(&growing);
    judging_step(judging, S);
    assert_int_equal(kill(only_child(), SIGKILL), 0);
    struct pollfd there = {.fd = judging_fd(judging), .events = POLLIN};
    assert_int_equal(poll(&there, 1, 60000), 1);
    assert_true(judging_step(judging, S));
    assert_string_equal(judging_last(judging, &begun_us)->failure,
                        "the process that judges ended by itself");
    assert_int_equal(ftruncate(growing.out, size), 0);
    assert_null(judged(judging, 2 * S, 2 * S)->failure);
    judging_free(judging);
    stop(&growing);
}

static void a_child_under_way_goes_with_its_judging(void **state)
{
    (void)state;
    struct growing growing = start(STALE, 20);
    struct judging *judging = judging_of(&growing, false, 0);
    make_endless(&growing);
    judging_step(judging, S);
    const pid_t child = only_child();
    assert_int_equal(kill(child, 0), 0);
    judging_free(judging);
    assert_int_equal(kill(child, 0), -1);
    stop(&growing);
}

static void judge_short_of_memory(void *context, bool may_fail)
{
    const struct growing *growing = context;
    struct complaints complaints = {0};
    struct judging_result result;
    const struct judging_task task = {growing->in, true, 0};
    judging_run(&task, &complaints, &result);
    if (!result.failure)
        assert_int_equal(result.judgement.claim.bound_us, 0);
    assert_true(may_fail || !result.failure);
    complaints_free(&complaints);
    judging_free(judging_new(&task));
}

static void short_of_memory_there_is_no_judgement_rather_than_a_wrong_one(void **state)
{
    (void)state;
    struct growing growing = start(STALE, 10);
    assert_true(fail_each_allocation(judge_short_of_memory, &growing) > 10);
    stop(&growing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_child_comes_to_the_verdicts_of_a_judging_in_place),
        cmocka_unit_test(without_a_bound_the_recording_is_held_to_its_own_claim),
        cmocka_unit_test(each_judging_sees_what_was_added_since),
        cmocka_unit_test(a_line_that_is_being_written_is_left_for_the_next_time),
        cmocka_unit_test(it_rests_ten_times_as_long_as_it_took_and_a_second_at_least),
        cmocka_unit_test(what_cannot_be_read_is_a_failure_and_is_tried_again),
        cmocka_unit_test(a_child_that_dies_is_a_failure_and_not_the_end),
        cmocka_unit_test(a_child_under_way_goes_with_its_judging),
        cmocka_unit_test(short_of_memory_there_is_no_judgement_rather_than_a_wrong_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* rooms: harness/explore harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/explore/workers.h"

/* What tasks do: by their number. UINT64_MAX: none does. */
struct plot {
    uint64_t gives_up, dies, leaves;
    bool ends_at_once; /* nobody wants any of it */
    size_t looks;
};

static const struct plot peaceful = {UINT64_MAX, UINT64_MAX, UINT64_MAX, false, 0};

static bool run(void *context, uint64_t index, struct exploration *into, struct pulse *pulse,
                char why[TROUBLE_MAX])
{
    (void)pulse;
    const struct plot *plot = context;
    if (index == plot->dies)
        raise(SIGKILL);
    if (index == plot->leaves)
        _exit(7);
    if (index == plot->gives_up) {
        snprintf(why, TROUBLE_MAX, "task %d has no wish to be done", (int)index);
        return false;
    }
    into->tally.seeds++;
    into->tally.reads += index;
    into->tally.of[PROPERTY_FRESH].tested_runs++;
    return true;
}

static bool look(void *context, const struct work_progress *progress)
{
    struct plot *plot = context;
    plot->looks++;
    assert_true(progress->tested == 0 || progress->tested == UINT32_C(1) << PROPERTY_FRESH);
    assert_int_equal(progress->broken, 0);
    return !plot->ends_at_once;
}

static struct exploration done;
static uint64_t bad;
static char trouble[TROUBLE_MAX];

static bool work(struct plot plot, uint64_t count, size_t worker_count)
{
    const struct work work = {count, worker_count, run, look, &plot, 0};
    exploration_free(&done);
    const bool fine = work_through(&work, &done, &bad, trouble);
    assert_true(plot.looks > 0 || worker_count == 0);
    return fine;
}

static void test_every_task_is_done_once_by_however_many(void **state)
{
    (void)state;
    for (size_t workers = 1; workers <= 5; workers++) {
        assert_true(work(peaceful, 100, workers));
        assert_int_equal(done.tally.seeds, 100);
        assert_int_equal(done.tally.reads, 99 * 100 / 2);
        assert_int_equal(done.tally.of[PROPERTY_FRESH].tested_runs, 100);
        assert_int_equal(bad, 100);
        assert_string_equal(trouble, "");
    }
}

static void test_where_there_is_nothing_to_do_nothing_is_done(void **state)
{
    (void)state;
    assert_true(work(peaceful, 0, 2));
    assert_true(work(peaceful, 0, 0));
    assert_int_equal(done.tally.seeds, 0);
}

static void test_a_task_without_a_result_is_told_and_no_other_is_lost(void **state)
{
    struct plot plot = peaceful;
    (void)state;
    plot.gives_up = 30;
    for (size_t workers = 1; workers <= 3; workers++) {
        assert_false(work(plot, 100, workers));
        assert_int_equal(bad, 30);
        assert_string_equal(trouble, "task 30 has no wish to be done");
        assert_true(done.tally.seeds >= 30);
        assert_true(done.tally.seeds < 100);
    }
}

static void test_a_process_that_dies_is_told_by_its_task(void **state)
{
    struct plot plot = peaceful;
    (void)state;
    plot.dies = 30;
    assert_false(work(plot, 100, 2));
    assert_int_equal(bad, 30);
    assert_string_equal(trouble, "the process that ran it was ended by signal 9 (Killed)");
    plot.leaves = 20;
    assert_false(work(plot, 100, 1));
    assert_int_equal(bad, 20);
    assert_string_equal(trouble, "the process that ran it ended with 7");
}

/* Nothing ends the tasks but being told to. */
static void test_who_is_told_to_stop_ends_with_the_first_so_many(void **state)
{
    struct plot plot = peaceful;
    (void)state;
    plot.ends_at_once = true;
    assert_true(work(plot, UINT64_MAX - 1, 2));
    const uint64_t count = done.tally.seeds;
    assert_true(count > 0);
    assert_int_equal(done.tally.reads, count * (count - 1) / 2);
}

/* One task that takes long, and who looks at it: each beat is between two looks, and the task knows of
 * them by nothing else. */
struct long_task {
    int ends
        [2]; /* a byte goes from the second to the first for each beat that is wanted, and back */
    int beats_max, looks;
};

enum { LOOK_MS = 100, PATIENCE_MS = 20000 };

static bool beat_when_asked(void *context, uint64_t index, struct exploration *into,
                            struct pulse *pulse, char why[TROUBLE_MAX])
{
    const struct long_task *task = context;
    char byte = 0;
    (void)index, (void)why;
    close(task->ends[1]);
    for (int i = 0; i < task->beats_max && read(task->ends[0], &byte, 1) == 1; i++) {
        into->tally.seeds++;
        (void)pulse_beat(pulse);
        if (write(task->ends[0], &byte, 1) != 1)
            return false;
    }
    while (task->beats_max == 0)
        pause();
    return true;
}

static bool ask_for_a_beat(void *context, const struct work_progress *progress)
{
    struct long_task *task = context;
    struct pollfd line = {.fd = task->ends[1], .events = POLLIN};
    char byte = 0;
    (void)progress;
    if (++task->looks > task->beats_max)
        return true;
    assert_int_equal(write(task->ends[1], &byte, 1), 1);
    assert_int_equal(poll(&line, 1, PATIENCE_MS), 1);
    assert_int_equal(read(task->ends[1], &byte, 1), 1);
    return true;
}

static bool work_long(struct long_task *task, int silence_ms_max)
{
    const struct work work = {1, 1, beat_when_asked, ask_for_a_beat, task, silence_ms_max};
    exploration_free(&done);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, task->ends), 0);
    const bool fine = work_through(&work, &done, &bad, trouble);
    close(task->ends[0]);
    close(task->ends[1]);
    return fine;
}

static void test_a_long_task_goes_on_while_it_shows_that_it_is_alive(void **state)
{
    struct long_task task = {.beats_max = 2};
    (void)state;
    assert_true(work_long(&task, 2 * LOOK_MS));
    assert_int_equal(done.tally.seeds, 2);
    assert_true(task.looks >= 2);
}

static void test_a_task_that_is_silent_for_too_long_is_ended(void **state)
{
    struct long_task task = {.beats_max = 0};
    (void)state;
    assert_false(work_long(&task, 2 * LOOK_MS));
    assert_int_equal(bad, 0);
    assert_string_equal(trouble, "it has given no sign of life for 0.2 s");
    assert_true(task.looks >= 2);
}

static bool beat_for_ever(void *context, uint64_t index, struct exploration *into,
                          struct pulse *pulse, char why[TROUBLE_MAX])
{
    (void)context, (void)index, (void)why;
    while (pulse_beat(pulse))
        continue;
    into->tally.seeds++;
    return true;
}

static void test_a_long_task_is_told_that_nobody_waits_for_it(void **state)
{
    struct plot plot = {.ends_at_once = true};
    const struct work work = {10, 1, beat_for_ever, look, &plot, 0};
    (void)state;
    exploration_free(&done);
    assert_true(work_through(&work, &done, &bad, trouble));
    assert_int_equal(done.tally.seeds, 1); /* what it had is there */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_task_is_done_once_by_however_many),
        cmocka_unit_test(test_where_there_is_nothing_to_do_nothing_is_done),
        cmocka_unit_test(test_a_task_without_a_result_is_told_and_no_other_is_lost),
        cmocka_unit_test(test_a_process_that_dies_is_told_by_its_task),
        cmocka_unit_test(test_who_is_told_to_stop_ends_with_the_first_so_many),
        cmocka_unit_test(test_a_long_task_goes_on_while_it_shows_that_it_is_alive),
        cmocka_unit_test(test_a_task_that_is_silent_for_too_long_is_ended),
        cmocka_unit_test(test_a_long_task_is_told_that_nobody_waits_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

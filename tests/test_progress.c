/* rooms: harness/command_line harness/live base */
#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/command_line/progress.h"
#include "harness/command_line/progress_file.h"
#include "harness/live/clock.h"
#include "tests/support/captured.h"

enum { SECOND_US = 1000000, WIDE = 200 };

static const char *line_of(const struct progress *progress, int64_t now_us, uint64_t done,
                           const char *more, size_t width)
{
    static char line[PROGRESS_LINE_MAX];
    progress_line(progress, now_us, done, more, width, line);
    return line;
}

static void a_count_has_its_rate_and_the_time_that_is_left(void **state)
{
    (void)state;
    const struct progress progress = {.things = "cells", .total = 190};
    assert_string_equal(line_of(&progress, 2 * SECOND_US, 40, NULL, SIZE_MAX),
                        "40 of 190 cells, 20 a second, 7 s left");
    assert_string_equal(line_of(&progress, 2 * SECOND_US, 40, "0 broken", SIZE_MAX),
                        "40 of 190 cells, 20 a second, 7 s left; 0 broken");
    assert_string_equal(line_of(&progress, SECOND_US, 190, NULL, SIZE_MAX),
                        "190 of 190 cells, 190 a second, 0 s left");
}

static void before_anything_is_done_nobody_knows_how_long_it_takes(void **state)
{
    (void)state;
    const struct progress progress = {.things = "cells", .total = 190};
    assert_string_equal(line_of(&progress, SECOND_US, 0, NULL, SIZE_MAX),
                        "0 of 190 cells, 0 a second");
    assert_string_equal(line_of(&progress, 0, 0, NULL, SIZE_MAX), "0 of 190 cells, 0 a second");
}

static void without_a_total_the_end_is_when_the_time_is_over(void **state)
{
    (void)state;
    struct progress progress = {.things = "seeds"};
    assert_string_equal(line_of(&progress, SECOND_US, 50, NULL, WIDE), "50 seeds, 50 a second");
    progress.until_us = 10 * SECOND_US;
    assert_string_equal(line_of(&progress, SECOND_US, 50, NULL, WIDE),
                        "50 seeds, 50 a second, 9 s left");
    assert_string_equal(line_of(&progress, 11 * SECOND_US, 50, NULL, WIDE),
                        "50 seeds, 5 a second, 0 s left");
}

static void of_a_number_and_a_time_the_one_that_comes_first_is_the_end(void **state)
{
    (void)state;
    struct progress progress = {.things = "seeds", .total = 100, .until_us = 10 * SECOND_US};
    assert_string_equal(line_of(&progress, SECOND_US, 50, NULL, SIZE_MAX),
                        "50 of 100 seeds, 50 a second, 1 s left");
    progress.total = 10000;
    assert_string_equal(line_of(&progress, SECOND_US, 50, NULL, SIZE_MAX),
                        "50 of 10000 seeds, 50 a second, 9 s left");
}

static void bytes_are_shown_in_megabytes(void **state)
{
    (void)state;
    const struct progress progress = {.kind = PROGRESS_BYTES, .total = 520000000};
    assert_string_equal(line_of(&progress, 2 * SECOND_US, 130999999, NULL, SIZE_MAX),
                        "130 of 520 MB, 65 a second, 5 s left");
}

static void real_time_has_no_rate(void **state)
{
    (void)state;
    struct progress progress = {.kind = PROGRESS_TIME, .total = 30 * SECOND_US};
    assert_string_equal(line_of(&progress, 12 * SECOND_US, 12 * SECOND_US, "7 exchanges", SIZE_MAX),
                        "12 of 30 s, 18 s left; 7 exchanges");
    progress.total = 0;
    assert_string_equal(line_of(&progress, 12 * SECOND_US, 12 * SECOND_US, "7 exchanges", SIZE_MAX),
                        "12 s; 7 exchanges");
}

static void more_than_all_is_all(void **state)
{
    (void)state;
    const struct progress time = {.kind = PROGRESS_TIME, .total = 2 * SECOND_US};
    assert_string_equal(line_of(&time, 3 * SECOND_US, 3 * SECOND_US, NULL, WIDE),
                        "[####################] 2 of 2 s, 0 s left");
}

static void the_bar_is_full_at_the_end_and_not_before(void **state)
{
    (void)state;
    const struct progress progress = {.things = "cells", .total = 1000};
    assert_string_equal(line_of(&progress, SECOND_US, 0, NULL, WIDE),
                        "[....................] 0 of 1000 cells, 0 a second");
    assert_memory_equal(line_of(&progress, SECOND_US, 49, NULL, WIDE), "[....................]",
                        22);
    assert_memory_equal(line_of(&progress, SECOND_US, 50, NULL, WIDE), "[#...................]",
                        22);
    assert_memory_equal(line_of(&progress, SECOND_US, 999, NULL, WIDE), "[###################.]",
                        22);
    assert_memory_equal(line_of(&progress, SECOND_US, 1000, NULL, WIDE), "[####################]",
                        22);
}

static void a_narrow_terminal_gets_no_bar_and_a_narrower_one_the_beginning(void **state)
{
    (void)state;
    const struct progress progress = {.things = "cells", .total = 190};
    const char *whole = "[####................] 40 of 190 cells, 20 a second, 7 s left";
    const size_t width = strlen(whole);
    assert_string_equal(line_of(&progress, 2 * SECOND_US, 40, NULL, width), whole);
    assert_string_equal(line_of(&progress, 2 * SECOND_US, 40, NULL, width - 1), whole + 23);
    assert_string_equal(line_of(&progress, 2 * SECOND_US, 40, NULL, width - 23), whole + 23);
    assert_string_equal(line_of(&progress, 2 * SECOND_US, 40, NULL, 5), "40 of");
    assert_string_equal(line_of(&progress, 2 * SECOND_US, 40, NULL, 0), "");
}

static void what_is_too_long_is_cut_and_never_written_past_its_end(void **state)
{
    (void)state;
    char more[2 * PROGRESS_LINE_MAX];
    memset(more, 'x', sizeof more - 1);
    more[sizeof more - 1] = '\0';
    const struct progress progress = {.things = "cells", .total = UINT64_MAX};
    const char *line = line_of(&progress, INT64_MAX, UINT64_MAX, more, SIZE_MAX);
    assert_int_equal(strlen(line), PROGRESS_LINE_MAX - 1);
}

/* Elsewhere than on a terminal, where this test is run. */
static void a_line_is_due_each_five_seconds_and_with_quiet_never(void **state)
{
    (void)state;
    struct progress progress = {.things = "cells"};
    progress_begin(&progress, 100);
    progress.is_on_terminal = false;
    assert_false(progress_is_due(&progress, 100 + 5 * SECOND_US - 1));
    assert_true(progress_is_due(&progress, 100 + 5 * SECOND_US));
    progress.is_on_terminal = true;
    assert_false(progress_is_due(&progress, 100 + SECOND_US / 5 - 1));
    assert_true(progress_is_due(&progress, 100 + SECOND_US / 5));
    progress.quiet = true;
    assert_false(progress_is_due(&progress, 100 + 5 * SECOND_US));
    progress.is_on_terminal = false;
    progress_end(&progress);
}

static void fill(FILE *file, size_t length)
{
    for (size_t i = 0; i < length; i++)
        fputc('x', file);
    fflush(file);
    rewind(file);
}

static size_t read_all(FILE *file)
{
    static char bytes[1 << 20];
    size_t all = 0;
    for (size_t count; (count = fread(bytes, 1, sizeof bytes, file)) > 0;)
        all += count;
    return all;
}

static void reading_tells_how_much_was_read_of_each_of_its_times(void **state)
{
    (void)state;
    enum { LENGTH = 3 * 1000 * 1000 };
    struct progress progress = {.kind = PROGRESS_BYTES, .total = LENGTH};
    struct progress_reading reading = {.progress = &progress, .times = 2};
    struct captured err;
    FILE *file = tmpfile();
    fill(file, LENGTH);
    progress_begin(&progress, live_clock_real_us());
    file = progress_file_open(file, &reading);
    assert_true(ftello(file) == 0);
    assert_int_equal(read_all(file), LENGTH);
    assert_int_equal(reading.done, LENGTH);
    assert_true(fseeko(file, 0, SEEK_SET) == 0);
    assert_int_equal(read_all(file), LENGTH);
    assert_int_equal(reading.done, 2 * LENGTH);
    reading.done = LENGTH;
    assert_true(fseeko(file, LENGTH - 1, SEEK_SET) == 0);
    progress.told_us = progress.begun_us - 5 * SECOND_US; /* so a line is due */
    progress.is_on_terminal = false;
    capture(&err, stderr);
    assert_int_equal(read_all(file), 1);
    release(&err);
    assert_memory_equal(err.text, "freshcheck: 1 of 3 MB, ", 23);
    fclose(file);
    progress_end(&progress);
}

static void a_pipe_can_be_read_and_not_be_read_again(void **state)
{
    (void)state;
    struct progress progress = {.kind = PROGRESS_BYTES, .quiet = true};
    struct progress_reading reading = {.progress = &progress, .times = 2};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "four", 4), 4);
    close(ends[1]);
    FILE *file = progress_file_open(fdopen(ends[0], "rb"), &reading);
    assert_true(ftello(file) < 0);
    assert_int_equal(read_all(file), 4);
    assert_int_equal(reading.done, 4);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_count_has_its_rate_and_the_time_that_is_left),
        cmocka_unit_test(before_anything_is_done_nobody_knows_how_long_it_takes),
        cmocka_unit_test(without_a_total_the_end_is_when_the_time_is_over),
        cmocka_unit_test(of_a_number_and_a_time_the_one_that_comes_first_is_the_end),
        cmocka_unit_test(bytes_are_shown_in_megabytes),
        cmocka_unit_test(real_time_has_no_rate),
        cmocka_unit_test(more_than_all_is_all),
        cmocka_unit_test(the_bar_is_full_at_the_end_and_not_before),
        cmocka_unit_test(a_narrow_terminal_gets_no_bar_and_a_narrower_one_the_beginning),
        cmocka_unit_test(what_is_too_long_is_cut_and_never_written_past_its_end),
        cmocka_unit_test(reading_tells_how_much_was_read_of_each_of_its_times),
        cmocka_unit_test(a_pipe_can_be_read_and_not_be_read_again),
        cmocka_unit_test(a_line_is_due_each_five_seconds_and_with_quiet_never),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

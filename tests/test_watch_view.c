/* rooms: reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <string.h>

#include "reports/watch_view.h"

#define S INT64_C(1000000)
#define MS INT64_C(1000)

static struct judgement judgement;
static struct watched_job jobs[12];
static const int64_t seconds[] = {0, -1, 700 * MS, 1400 * MS, 1400 * MS + 1, 0};

/* A run of 72 s on two jobs, of which one is never read. */
static struct watched example(void)
{
    memset(&judgement, 0, sizeof judgement);
    judgement.whole = VERDICT_FAIL;
    for (int i = 0; i < PROPERTY_COUNT; i++)
        judgement.properties[i] = (struct property_verdict){.verdict = VERDICT_UNKNOWN};
    judgement.claim.claimed[PROPERTY_FRESH] = true;
    judgement.claim.claimed[PROPERTY_MONOTONIC] = true;
    judgement.claim.claimed[PROPERTY_MINIMAL_FETCH] = true;
    judgement.claim.claimed[PROPERTY_BOUNDED_LOAD] = true;
    judgement.properties[PROPERTY_FRESH] = (struct property_verdict){.verdict = VERDICT_FAIL,
                                                                     .tested = 103,
                                                                     .violations = 12,
                                                                     .has_worst = true,
                                                                     .worst_value = 1480.4,
                                                                     .worst_unit = "ms",
                                                                     .worst_behind = 2,
                                                                     .layer = LAYER_CACHE};
    judgement.properties[PROPERTY_MONOTONIC] =
        (struct property_verdict){.verdict = VERDICT_PASS, .tested = 7203};
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        jobs[i] = (struct watched_job){.name = "unread", .newest = -1};
    jobs[0] = (struct watched_job){.name = "word count",
                                   .newest = 31,
                                   .evidence = "an answer to poller-2",
                                   .is_read = true,
                                   .behind_us = 320 * MS,
                                   .worst_behind_us = 1480 * MS};
    return (struct watched){
        .target = "http://127.0.0.1:8081",
        .flink_version = "1.20.3",
        .claim = "fresh",
        .now_us = 72 * S + 900 * MS,
        .end_us = 300 * S,
        .requests = 7204,
        .rate = 100.04,
        .silent_since_us = -1,
        .jobs = jobs,
        .job_count = 2,
        .seconds = seconds,
        .second_count = sizeof seconds / sizeof *seconds,
        .judgement = &judgement,
        .judged_us = 71 * S,
    };
}

static const char *screen(const struct watched *watched, size_t width, size_t height, bool colour,
                          bool utf8)
{
    static struct buffer out;
    const struct view_shape shape = {width, height, colour, utf8};
    buffer_clear(&out);
    watch_screen(watched, &shape, &out);
    buffer_char(&out, '\0');
    assert_false(out.failed);
    return out.bytes;
}

static const char *line(const struct watched *watched)
{
    static struct buffer out;
    buffer_clear(&out);
    watch_line(watched, &out);
    buffer_char(&out, '\0');
    assert_false(out.failed);
    return out.bytes;
}

static size_t line_count(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == '\n';
    return count;
}

#define assert_contains(text, wanted) assert_non_null(strstr(text, wanted))
#define assert_lacks(text, unwanted) assert_null(strstr(text, unwanted))

static void a_terminal_of_80_columns_shows_everything(void **state)
{
    (void)state;
    const struct watched watched = example();
    assert_string_equal(
        screen(&watched, 80, 23, false, true),
        "0:01:12 of 0:05:00  http://127.0.0.1:8081  Flink 1.20.3\n"
        "7204 requests, 100.0/s  0 unanswered  0 errors\n"
        "\n"
        "job                       newest  known by                  stale now      worst\n"
        "word count                    31  an answer to poller-2        320 ms    1480 ms\n"
        "unread                      none                                    -          -\n"
        "stale ▁ ▅██▁ 0 to 1400 ms\n"
        "\n"
        "claim fresh: fail so far, up to 0:01:11\n"
        "property                 tested  broken  worst\n"
        "fresh            fail       103      12  1480 ms, 2 behind  cache\n"
        "monotonic        pass      7203       0\n"
        "2 undecided: minimal-fetch bounded-load\n");
}

static void a_narrow_terminal_leaves_out_how_a_checkpoint_is_known(void **state)
{
    (void)state;
    const struct watched watched = example();
    assert_string_equal(screen(&watched, 40, 12, false, false),
                        "0:01:12 of 0:05:00  http://127.0.0.1:808\n"
                        "7204 requests, 100.0/s  0 unanswered  0 \n"
                        "job         newest  stale now      worst\n"
                        "word cou        31     320 ms    1480 ms\n"
                        "unread        none          -          -\n"
                        "stale _ =##_ 0 to 1400 ms\n"
                        "claim fresh: fail so far, up to 0:01:11\n"
                        "property                 tested  broken \n"
                        "fresh            fail       103      12 \n"
                        "monotonic        pass      7203       0\n"
                        "2 undecided: minimal-fetch bounded-load\n");
}

static void no_line_is_wider_and_no_screen_higher_than_it_may_be(void **state)
{
    (void)state;
    struct watched watched = example();
    watched.last_error = "GET /v1/jobs/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/checkpoints answered 500";
    watched.job_count = 12;
    for (size_t width = 1; width < 130; width++) {
        for (size_t height = 0; height < 30; height++) {
            const char *text = screen(&watched, width, height, false, false);
            assert_true(line_count(text) <= height);
            for (const char *at = text, *end; (end = strchr(at, '\n')); at = end + 1)
                assert_true((size_t)(end - at) <= width);
        }
    }
}

static void of_many_jobs_the_first_are_shown_and_the_rest_is_counted(void **state)
{
    (void)state;
    struct watched watched = example();
    watched.job_count = 12;
    assert_contains(screen(&watched, 80, 23, false, false), "and 2 jobs more\n");
    assert_lacks(screen(&watched, 80, 25, false, false), "jobs more\n");
    assert_contains(screen(&watched, 80, 16, false, false), "fresh            fail");
}

static void the_room_of_a_wide_terminal_goes_to_names_and_seconds(void **state)
{
    (void)state;
    static int64_t many[300];
    struct watched watched = example();
    jobs[0].name = "a job whose name is longer than most are";
    watched.seconds = many;
    watched.second_count = 300;
    const char *text = screen(&watched, 200, 50, false, false);
    assert_contains(text, "a job whose name is longer than most ar ");
    const char *bars = strstr(text, "stale _");
    assert_non_null(bars);
    assert_int_equal(strspn(bars + 6, "_"), 200 - 23);
}

static void a_target_that_fell_silent_is_told_with_the_last_error(void **state)
{
    (void)state;
    struct watched watched = example();
    watched.last_error = "it refuses connections";
    watched.last_error_us = 70 * S;
    watched.unanswered = 3;
    assert_contains(screen(&watched, 80, 23, false, false),
                    "\nlast error 3 s ago: it refuses connections\n");
    watched.silent_since_us = 60 * S;
    assert_contains(screen(&watched, 80, 23, false, false),
                    "3 unanswered  0 errors\nno answer for 13 s: it refuses connections\n");
    assert_contains(line(&watched), "; no answer for 13 s;");
    assert_contains(line(&watched), "; it refuses connections\n");
}

static void names_cannot_talk_to_the_terminal(void **state)
{
    (void)state;
    struct watched watched = example();
    jobs[0].name = "a\033[2J\n\xc2\x9b\xff\xe2\x80\xae.é漢";
    watched.last_error = "<html>\r\n\a";
    const char *text = screen(&watched, 80, 23, false, false);
    assert_contains(text, "\na?[2J????.é漢 ");
    assert_contains(text, "<html>???\n");
    assert_int_equal(strspn(text + strcspn(text, "\033\r\a"), "\033\r\a"), 0);
    assert_contains(line(&watched), "; a?[2J????.é漢 at 31, worst 1480 ms stale");
    /* 漢 takes two columns, and blanks fill up the cell. */
    assert_contains(text, "\na?[2J????.é漢                 31  an");
}

static void colours_are_closed_within_their_line(void **state)
{
    (void)state;
    const struct watched watched = example();
    const char *text = screen(&watched, 40, 23, true, true);
    assert_contains(text, "\033[1;31mfail  ");
    for (const char *at = text, *end; (end = strchr(at, '\n')); at = end + 1) {
        bool is_open = false;
        for (const char *c = at; c < end; c++) {
            if (*c == '\033')
                is_open = strncmp(c, "\033[0m", 4) != 0;
        }
        assert_false(is_open);
    }
    assert_lacks(screen(&watched, 40, 23, false, true), "\033");
}

static void before_the_first_judging_there_is_no_verdict(void **state)
{
    (void)state;
    struct watched watched = example();
    watched.judgement = NULL;
    assert_contains(screen(&watched, 80, 23, false, false), "\nclaim fresh: not judged yet\n");
    assert_lacks(screen(&watched, 80, 23, false, false), "property");
    assert_lacks(line(&watched), "so far");
    watched.judging_failure = "out of memory";
    assert_contains(screen(&watched, 80, 23, false, false),
                    "\nclaim fresh: not judged yet  cannot be judged: out of memory\n");
}

static void a_line_says_what_matters_most(void **state)
{
    (void)state;
    struct watched watched = example();
    assert_string_equal(line(&watched),
                        "0:01:12  7204 requests; word count at 31, worst 1480 ms stale; "
                        "fresh fail so far fresh (12 of 103)\n");
    watched.errors = 2;
    watched.unanswered = 1;
    watched.job_count = 0;
    assert_string_equal(line(&watched), "0:01:12  7204 requests, 1 unanswered, 2 errors; fresh "
                                        "fail so far fresh (12 of 103)\n");
}

static void ages_of_ten_seconds_and_more_are_told_in_seconds(void **state)
{
    (void)state;
    struct watched watched = example();
    jobs[0].worst_behind_us = 9999 * MS;
    assert_contains(line(&watched), "worst 9999 ms stale");
    jobs[0].worst_behind_us = 10000 * MS;
    assert_contains(line(&watched), "worst 10.0 s stale");
}

struct writing {
    struct watched watched;
    struct buffer whole;
};

static void write_short_of_memory(void *context, bool may_fail)
{
    struct writing *writing = context;
    const struct view_shape shape = {80, 23, true, true};
    struct buffer out = {0};
    watch_screen(&writing->watched, &shape, &out);
    watch_line(&writing->watched, &out);
    if (!may_fail)
        assert_false(out.failed);
    if (!out.failed) {
        assert_int_equal(out.length, writing->whole.length);
        assert_memory_equal(out.bytes, writing->whole.bytes, out.length);
    }
    buffer_free(&out);
}

static void short_of_memory_a_screen_is_whole_or_failed(void **state)
{
    (void)state;
    struct writing writing = {.watched = example()};
    const struct view_shape shape = {80, 23, true, true};
    watch_screen(&writing.watched, &shape, &writing.whole);
    watch_line(&writing.watched, &writing.whole);
    assert_true(fail_each_allocation(write_short_of_memory, &writing) > 10);
    buffer_free(&writing.whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_of_80_columns_shows_everything),
        cmocka_unit_test(a_narrow_terminal_leaves_out_how_a_checkpoint_is_known),
        cmocka_unit_test(no_line_is_wider_and_no_screen_higher_than_it_may_be),
        cmocka_unit_test(of_many_jobs_the_first_are_shown_and_the_rest_is_counted),
        cmocka_unit_test(the_room_of_a_wide_terminal_goes_to_names_and_seconds),
        cmocka_unit_test(a_target_that_fell_silent_is_told_with_the_last_error),
        cmocka_unit_test(names_cannot_talk_to_the_terminal),
        cmocka_unit_test(colours_are_closed_within_their_line),
        cmocka_unit_test(before_the_first_judging_there_is_no_verdict),
        cmocka_unit_test(a_line_says_what_matters_most),
        cmocka_unit_test(ages_of_ten_seconds_and_more_are_told_in_seconds),
        cmocka_unit_test(short_of_memory_a_screen_is_whole_or_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

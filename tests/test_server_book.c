/* rooms: harness/live harness/control harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include "tests/support/served.h"

/* Requests that bear a number are written down; and another cluster behind the same server. */

struct book {
    struct request_book book;
    uint64_t tags[8];
    size_t tag_count;
    int64_t arrival_us; /* what the next request is told about the time */
    uint64_t left_line;
    int left_status;
};

static uint64_t arrived(void *context, uint64_t tag, int64_t *now_us)
{
    struct book *book = context;
    if (*now_us < book->arrival_us)
        *now_us = book->arrival_us;
    book->tags[book->tag_count++] = tag;
    return book->tag_count;
}

static void leaves(void *context, uint64_t line, int status)
{
    struct book *book = context;
    book->left_line = line;
    book->left_status = status;
}

static struct fixture *serve_with(struct book *book)
{
    struct fixture *f = fixture_new();
    *book = (struct book){.book = {.context = book, .arrived = arrived, .leaves = leaves}};
    f->options.book = &book->book;
    serve(f);
    return f;
}

static void tear_down_plain(struct fixture *f)
{
    void *state = f;
    tear_down(&state);
}

static void
test_a_request_with_a_number_is_written_down_when_it_comes_and_when_it_leaves(void **state)
{
    (void)state;
    struct book book;
    struct answer answer;
    struct fixture *f = serve_with(&book);
    const int fd = dial(f);
    say(f, fd,
        "GET /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\nX-Freshcheck-Request: 41\r\n\r\n");
    wait_until_open(f, 1);
    assert_int_equal(book.tag_count, 1);
    assert_int_equal(book.tags[0], 41);
    assert_int_equal(book.left_line, 0);
    pass_time(f, f->now_us + 2 * CALL_US);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(book.left_line, 1);
    assert_int_equal(book.left_status, 200);
    close(fd);
    tear_down_plain(f);
}

static void test_a_request_without_a_number_is_not_written_down(void **state)
{
    static const char *const lines[] = {
        "X-Other: 1", "X-Freshcheck-Request: ", "X-Freshcheck-Request: 1x",
        "X-Freshcheck-Request: -1", "X-Freshcheck-Request: 12345678901234567890"};
    (void)state;
    struct book book;
    struct fixture *f = serve_with(&book);
    const int fd = dial(f);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct answer answer;
        char text[200];
        snprintf(text, sizeof text, "GET /config HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", lines[i]);
        say(f, fd, text);
        hear(f, fd, true, &answer);
        assert_int_equal(answer.status, 200);
    }
    assert_int_equal(book.tag_count, 0);
    close(fd);
    tear_down_plain(f);
}

static void test_a_request_is_asked_at_the_time_of_its_arrival(void **state)
{
    (void)state;
    struct book book;
    struct answer answer;
    struct fixture *f = serve_with(&book);
    const int fd = dial(f);
    book.arrival_us = 5000;
    say(f, fd,
        "GET /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\nX-Freshcheck-Request: 1\r\n\r\n");
    wait_until_open(f, 1);
    /* A call that left at 0 would be back. */
    pass_time(f, 5000 + 2 * CALL_US - 1);
    assert_int_equal(book.left_line, 0);
    pass_time(f, 5000 + 2 * CALL_US);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    close(fd);
    tear_down_plain(f);
}

static void test_who_waits_for_a_cluster_that_goes_is_turned_away(void **state)
{
    (void)state;
    struct answer answer;
    struct fixture *f = fixture_new();
    serve(f);
    const int waiting = dial(f);
    const int held = dial(f);
    const struct wire_fault slow = {
        .kind = WIRE_DELAY, .path = "/config", .until_us = INT64_MAX, .delay_us = 1000000};
    assert_true(server_add_wire_fault(f->server, &slow));
    say(f, waiting, get_checkpoints);
    wait_until_open(f, 1);
    say(f, held, get_config);
    wait_until_open(f, 2);
    struct cluster *next =
        cluster_new(&f->plan, implementation_find("reference"), 2, EPOCH_US, &f->ticket);
    assert_non_null(next);
    server_change_cluster(f->server, next, EPOCH_US);
    cluster_free(f->cluster);
    f->cluster = next;
    f->now_us = 0;
    hear(f, waiting, true, &answer);
    assert_int_equal(answer.status, 503);
    assert_non_null(strstr(answer.body, "Another scenario was loaded"));
    hear(f, held, true, &answer); /* at once: there is no such time any more */
    assert_int_equal(answer.status, 200);
    fetch_checkpoints(f, waiting, &answer);
    assert_int_equal(answer.status, 200);
    close(waiting);
    close(held);
    tear_down_plain(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_a_request_with_a_number_is_written_down_when_it_comes_and_when_it_leaves),
        cmocka_unit_test(test_a_request_without_a_number_is_not_written_down),
        cmocka_unit_test(test_a_request_is_asked_at_the_time_of_its_arrival),
        cmocka_unit_test(test_who_waits_for_a_cluster_that_goes_is_turned_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

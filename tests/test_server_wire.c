/* rooms: harness/live harness/control harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "harness/live/server.h"

#include "tests/support/test_prelude.h"

#include "tests/support/served.h"

/* HTTP to the letter: what keeps a connection, what ends it, how bodies come. */

static void ask(struct fixture *f, int fd, const char *text, struct answer *answer)
{
    say(f, fd, text);
    hear(f, fd, true, answer);
}

static void test_two_requests_share_a_connection(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    for (int i = 0; i < 2; i++) {
        ask(f, fd, get_config, &answer);
        assert_int_equal(answer.status, 200);
        assert_int_equal(strcasecmp(header_of(&answer, "connection"), "keep-alive"), 0);
    }
    close(fd);
}

static void test_a_connection_that_is_to_close_is_closed(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    ask(f, fd, "GET /config HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(strcasecmp(header_of(&answer, "connection"), "close"), 0);
    assert_true(is_closed(f, fd));
    close(fd);
}

static void test_an_http_1_0_client_may_keep_its_connection(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    for (int i = 0; i < 2; i++) {
        ask(f, fd, "GET /config HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", &answer);
        assert_int_equal(answer.status, 200);
        assert_int_equal(strcasecmp(header_of(&answer, "connection"), "keep-alive"), 0);
    }
    close(fd);
}

static void test_head_announces_a_body_that_does_not_come(void **state)
{
    struct fixture *f = *state;
    struct answer head, whole;
    const int fd = dial(f);
    say(f, fd, "HEAD /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(f, fd, false, &head);
    ask(f, fd, "OPTIONS /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\n\r\n", &whole);
    assert_int_equal(head.status, 404);
    assert_int_equal(whole.status, 404);
    assert_int_equal(atoi(header_of(&head, "content-length")), (int)whole.body_length);
    assert_string_equal(header_of(&whole, "access-control-allow-origin"), "*");
    ask(f, fd, "PUT /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
        &whole);
    assert_int_equal(whole.status, 404);
    close(fd);
}

static const char trigger[] = "{\"triggerId\":\"0000000000000000000000000000beef\"}";

static void hear_triggered(struct fixture *f, int fd)
{
    struct answer answer;
    wait_until_open(f, 1);
    while (cluster_due(f->cluster, NULL) == INT64_MAX) {
        wait_for_bytes(f, -1);
        assert_true(server_step(f->server, f->now_us));
    }
    pass_time(f, f->now_us + 2 * CALL_US);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 202);
    assert_non_null(strstr(answer.body, "0000000000000000000000000000beef"));
}

static void test_a_body_may_come_in_chunks(void **state)
{
    struct fixture *f = *state;
    const int fd = dial(f);
    pass_time(f, 1000);
    char request[512];
    snprintf(request, sizeof request,
             "POST /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
             "chunked\r\n\r\n5\r\n%.5s\r\n%zx;ext=1\r\n%s\r\n0\r\nTrailer: x\r\n\r\n",
             trigger, strlen(trigger + 5), trigger + 5);
    for (const char *byte = request; *byte; byte++)
        say_bytes(f, fd, byte, 1);
    hear_triggered(f, fd);
    close(fd);
}

static void test_a_client_that_asks_first_is_told_to_go_on(void **state)
{
    struct fixture *f = *state;
    char line[64] = "";
    const int fd = dial(f);
    pass_time(f, 1000);
    char request[512];
    snprintf(request, sizeof request,
             "POST /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
             "Content-Length: %zu\r\n\r\n",
             strlen(trigger));
    say(f, fd, request);
    for (size_t i = 0; i < strlen("HTTP/1.1 100 Continue\r\n\r\n"); i++)
        assert_true(hear_byte(f, fd, &line[i]));
    assert_string_equal(line, "HTTP/1.1 100 Continue\r\n\r\n"); /* bare */
    say(f, fd, trigger);
    hear_triggered(f, fd);
    close(fd);
}

static void test_a_client_that_asks_for_too_much_is_told_at_once(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    char request[512];
    snprintf(request, sizeof request,
             "POST /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
             "Content-Length: %d\r\n\r\n",
             BODY_LENGTH_MAX + 1);
    ask(f, fd, request, &answer);
    assert_int_equal(answer.status, 413);
    assert_int_equal(answer.body_length, 0);
    assert_null(header_of(&answer, "content-type"));
    close(fd);
}

static void test_too_large_a_body_on_a_closing_connection_closes_it(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    char request[512];
    snprintf(request, sizeof request,
             "POST /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
             "Content-Length: %d\r\n\r\n",
             BODY_LENGTH_MAX + 1);
    say(f, fd, request);
    char *body = calloc(1, BODY_LENGTH_MAX + 1);
    assert_non_null(body);
    say_bytes(f, fd, body, BODY_LENGTH_MAX + 1);
    free(body);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 413);
    assert_int_equal(answer.body_length, 0);
    assert_int_equal(strcasecmp(header_of(&answer, "connection"), "close"), 0);
    assert_true(is_closed(f, fd));
    close(fd);
}

/* What has no end is not waited for. */
static void test_an_endless_chunked_body_is_cut_off(void **state)
{
    struct fixture *f = *state;
    char bytes[256] = "";
    const int fd = dial(f);
    static char chunk[65536];
    memset(chunk, 'x', sizeof chunk);
    say(f, fd,
        "POST /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
        "chunked\r\n\r\n");
    size_t sent = 0;
    while (recv(fd, bytes, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN) {
        assert_in_range(sent, 0, 20 * (uint64_t)BODY_LENGTH_MAX);
        if (send(fd, "10000\r\n", 7, MSG_NOSIGNAL) < 0 ||
            send(fd, chunk, sizeof chunk, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
            break;
        send(fd, "\r\n", 2, MSG_NOSIGNAL | MSG_DONTWAIT);
        sent += sizeof chunk;
        assert_true(server_step(f->server, f->now_us));
    }
    wait_until_open(f, 0);
    close(fd);
}

static void test_an_answer_of_the_slowest_client_costs_nobody_else(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int slow = dial(f);
    const int room = 1024;
    assert_int_equal(setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &room, sizeof room), 0);
    for (int i = 0; i < 2000; i++) /* asks and asks, and reads nothing */
        if (send(slow, get_config, strlen(get_config), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
            break;
    assert_true(server_step(f->server, f->now_us));
    const int fd = dial(f);
    ask(f, fd, get_config, &answer);
    assert_int_equal(answer.status, 200);
    assert_in_range(server_requests_open(f->server), 0, 1); /* one at a time from each */
    close(slow);
    ask(f, fd, get_config, &answer);
    assert_int_equal(answer.status, 200);
    close(fd);
    wait_until_open(f, 0);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(test_two_requests_share_a_connection),
        WITH_SERVER(test_a_connection_that_is_to_close_is_closed),
        WITH_SERVER(test_an_http_1_0_client_may_keep_its_connection),
        WITH_SERVER(test_head_announces_a_body_that_does_not_come),
        WITH_SERVER(test_a_body_may_come_in_chunks),
        WITH_SERVER(test_a_client_that_asks_first_is_told_to_go_on),
        WITH_SERVER(test_a_client_that_asks_for_too_much_is_told_at_once),
        WITH_SERVER(test_too_large_a_body_on_a_closing_connection_closes_it),
        WITH_SERVER(test_an_endless_chunked_body_is_cut_off),
        WITH_SERVER(test_an_answer_of_the_slowest_client_costs_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* rooms: harness/live harness/control harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "harness/live/server.h"

#include "tests/support/test_prelude.h"

#include <signal.h>
#include <sys/resource.h>

#include "base/buffer.h"
#include "harness/live/live.h"
#include "tests/support/served.h"

enum {
    SILENT_COUNT = 500,
    BODY_KEPT_MAX = 1 << 20 /* of the server */
};

static void test_an_answer_has_the_headers_that_flink_writes(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    say(f, fd, get_config);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(header_of(&answer, "Content-Type"), "application/json; charset=UTF-8");
    assert_string_equal(header_of(&answer, "Access-Control-Allow-Origin"), "*");
    assert_int_equal(strcasecmp(header_of(&answer, "connection"), "keep-alive"), 0);
    assert_null(header_of(&answer, "Date"));
    assert_null(header_of(&answer, "Age"));
    assert_int_equal(answer.body[0], '{');
    close(fd);
}

static void test_one_connection_carries_hits_and_suspended_misses(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    pass_time(f, 1000);
    say(f, fd, get_config);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    fetch_checkpoints(f, fd, &answer);
    assert_int_equal(answer.status, 200);
    assert_non_null(
        strstr(answer.body, "\"latest\":{\"completed\":{\"className\":\"completed\",\"id\":1"));
    say(f, fd, get_config);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    fetch_checkpoints(f, fd, &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(server_requests_open(f->server), 0);
    close(fd);
}

static void test_a_miss_is_not_answered_before_its_fetch_is(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    say(f, fd, get_checkpoints);
    wait_until_open(f, 1);
    pass_time(f, f->now_us + 2 * CALL_US - 1);
    assert_int_equal(server_requests_open(f->server), 1);
    pass_time(f, f->now_us + 1);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    close(fd);
}

static void test_the_target_reaches_the_cluster_as_it_was_sent(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    say(f, fd, "DELETE /no%2Fwhere/../x?a=b%20c&d HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 404);
    assert_non_null(strstr(answer.body, "/no%2Fwhere/../x?a=b%20c&d"));
    close(fd);
}

static void test_methods_without_routes_are_not_found(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    say(f, fd, "HEAD /config HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(f, fd, false, &answer);
    assert_int_equal(answer.status, 404);
    say(f, fd, "OPTIONS /config HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 404);
    say(f, fd, "DELETE /config HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 404);
    close(fd);
}

static void test_a_posted_body_reaches_the_cluster(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    static const char trigger[] = "{\"triggerId\":\"0000000000000000000000000000beef\"}";
    char request[512];
    snprintf(request, sizeof request,
             "POST /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n%s",
             strlen(trigger), trigger);
    say(f, fd, request);
    wait_until_open(f, 1);
    pass_time(f, f->now_us + 2 * CALL_US);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 202);
    assert_non_null(strstr(answer.body, "0000000000000000000000000000beef"));
    close(fd);
}

static void post_of_length(struct fixture *f, int fd, size_t length, struct answer *answer)
{
    char head[256];
    snprintf(head, sizeof head,
             "POST /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n",
             length);
    char *body = malloc(length);
    assert_non_null(body);
    memset(body, ' ', length);
    body[0] = '{';
    body[length - 1] = '}';
    say(f, fd, head);
    say_bytes(f, fd, body, length);
    free(body);
    wait_until_open(f, 1);
    while (cluster_due(f->cluster, NULL) == INT64_MAX && f->call_count == 0 &&
           recv(fd, head, 1, MSG_PEEK | MSG_DONTWAIT) < 0) {
        wait_for_bytes(f, fd);
        assert_true(server_step(f->server, f->now_us));
    }
    pass_time(f, f->now_us + 2 * CALL_US);
    hear(f, fd, true, answer);
}

static void test_a_body_is_read_as_far_as_it_is_kept(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    pass_time(f, 1000);
    post_of_length(f, fd, BODY_KEPT_MAX, &answer);
    assert_int_equal(answer.status, 202);
    post_of_length(f, fd, BODY_KEPT_MAX + 1, &answer);
    assert_int_equal(answer.status, 400);
    close(fd);
}

static void test_a_body_of_the_largest_size_is_no_reason_for_413(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    pass_time(f, 1000);
    post_of_length(f, fd, BODY_LENGTH_MAX, &answer);
    assert_int_equal(answer.status, 400);
    close(fd);
}

static void test_a_larger_body_is_refused_and_the_connection_stays(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    pass_time(f, 1000);
    post_of_length(f, fd, BODY_LENGTH_MAX + 1, &answer);
    assert_int_equal(answer.status, 413);
    assert_int_equal(answer.body_length, 0);
    assert_null(header_of(&answer, "Access-Control-Allow-Origin"));
    say(f, fd, get_config);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    close(fd);
}

static void test_a_larger_chunked_body_is_refused_and_the_connection_closed(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    say(f, fd,
        "POST /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\n"
        "Transfer-Encoding: chunked\r\n\r\n200001\r\n");
    char *body = calloc(1, BODY_LENGTH_MAX + 1);
    assert_non_null(body);
    say_bytes(f, fd, body, BODY_LENGTH_MAX + 1);
    free(body);
    say(f, fd, "\r\n0\r\n\r\n");
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 413);
    assert_int_equal(answer.body_length, 0);
    assert_int_equal(strcasecmp(header_of(&answer, "Connection"), "close"), 0);
    assert_true(is_closed(f, fd));
    close(fd);
}

static void test_age_is_in_whole_seconds_rounded_down(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    pass_time(f, 1000);
    fetch_checkpoints(f, fd, &answer);
    assert_string_equal(header_of(&answer, "Age"), "0");
    close(fd);
}

static void test_age_grows_with_a_kept_answer(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    const int64_t asked_us = f->now_us;
    fetch_checkpoints(f, fd, &answer);
    pass_time(f, asked_us + 1999999);
    say(f, fd, get_checkpoints);
    hear(f, fd, true, &answer);
    assert_string_equal(header_of(&answer, "Age"), "1");
    pass_time(f, asked_us + 2000000);
    say(f, fd, get_checkpoints);
    hear(f, fd, true, &answer);
    assert_string_equal(header_of(&answer, "Age"), "2");
    close(fd);
}

/* As set_up, with answers kept for three seconds. */
static int set_up_keeping(void **state)
{
    struct fixture *f = fixture_new();
    f->plan.settings.stats_timeout_us = 3000000;
    serve(f);
    *state = f;
    return 0;
}

/* At timeout 0 the reference lets requests that come during a fetch share the next one. When the
 * only such client has left, there must be no next one. */
static void test_a_client_that_leaves_while_suspended_is_forgotten(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int staying = dial(f);
    const int leaving = dial(f);
    pass_time(f, 1000);
    say(f, staying, get_checkpoints);
    wait_until_open(f, 1);
    say(f, leaving, get_checkpoints);
    wait_until_open(f, 2);
    close(leaving);
    wait_until_open(f, 1);
    pass_time(f, f->now_us + 10 * CALL_US);
    assert_int_equal(f->call_count, 1);
    hear(f, staying, true, &answer);
    assert_int_equal(answer.status, 200);
    fetch_checkpoints(f, staying, &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(f->call_count, 2);
    close(staying);
}

static void test_a_client_that_stays_while_suspended_gets_the_next_fetch(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int first = dial(f);
    const int second = dial(f);
    pass_time(f, 1000);
    say(f, first, get_checkpoints);
    wait_until_open(f, 1);
    say(f, second, get_checkpoints);
    wait_until_open(f, 2);
    pass_time(f, f->now_us + 10 * CALL_US);
    assert_int_equal(f->call_count, 2);
    hear(f, first, true, &answer);
    assert_int_equal(answer.status, 200);
    hear(f, second, true, &answer);
    assert_int_equal(answer.status, 200);
    close(first);
    close(second);
}

/* The answer and the news of the leaving come in the same step: under a leak checker this is also
 * the test that an answer nobody takes is let go. */
static void test_a_client_that_leaves_as_its_answer_comes_harms_nobody(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int staying = dial(f);
    const int leaving = dial(f);
    say(f, leaving, get_checkpoints);
    wait_until_open(f, 1);
    close(leaving);
    pass_time(f, f->now_us + 2 * CALL_US);
    wait_until_open(f, 0);
    fetch_checkpoints(f, staying, &answer);
    assert_int_equal(answer.status, 200);
    close(staying);
}

static void test_a_client_that_leaves_in_the_middle_of_a_request_is_forgotten(void **state)
{
    struct fixture *f = *state;
    const int fd = dial(f);
    say(f, fd, "POST /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
    wait_until_open(f, 1);
    close(fd);
    wait_until_open(f, 0);
    pass_time(f, f->now_us + 10 * CALL_US);
    assert_int_equal(f->call_count, 0);
}

static void test_garbage_hurts_nobody_else(void **state)
{
    static const char *const garbage[] = {
        "\r\n\r\n\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        "GET /jobs HTTP/1.1\r\nContent-Length: minus one\r\n\r\n",
        "POST /jobs HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        "GET /jobs HTTP/1.1\r\nno colon in this line\r\n\r\n",
        "    \r\n \t \r\n\r\n",
    };
    struct fixture *f = *state;
    const int neighbour = dial(f);
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        struct answer answer;
        const int fd = dial(f);
        say(f, fd, garbage[i]);
        say(f, neighbour, get_config);
        hear(f, neighbour, true, &answer);
        assert_int_equal(answer.status, 200);
        char byte;
        if (recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN) {
            hear(f, fd, false, &answer);
            assert_true(answer.status == 0 || answer.status >= 400);
        }
        close(fd);
    }
    close(neighbour);
    wait_until_open(f, 0);
    assert_int_equal(f->call_count, 0);
}

static void test_an_endless_header_is_refused(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    static char line[64 * 1024];
    memset(line, 'a', sizeof line);
    say(f, fd, "GET /config HTTP/1.1\r\nx: ");
    say_bytes(f, fd, line, sizeof line);
    hear(f, fd, false, &answer);
    assert_true(answer.status == 0 || answer.status >= 400);
    close(fd);
}

static void test_pipelined_requests_are_answered_in_order(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    pass_time(f, 1000);
    say(f, fd,
        "GET /config HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.body, "refresh-interval"));
    wait_until_open(f, 1);
    pass_time(f, f->now_us + 2 * CALL_US);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.body, "\"counts\""));
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 404);
    close(fd);
}

static void test_an_http_1_0_client_gets_its_answer_and_an_end(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    say(f, fd, "GET /config HTTP/1.0\r\n\r\n");
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_true(is_closed(f, fd));
    close(fd);
}

static void test_silent_connections_keep_nobody_waiting(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    int silent[SILENT_COUNT];
    server_raise_file_limit();
    for (size_t i = 0; i < SILENT_COUNT; i++) {
        silent[i] = dial(f);
        assert_true(server_step(f->server, f->now_us));
    }
    const int fd = dial(f);
    say(f, fd, get_config);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    fetch_checkpoints(f, fd, &answer);
    assert_int_equal(answer.status, 200);
    for (size_t i = 0; i < SILENT_COUNT; i++)
        close(silent[i]);
    close(fd);
}

static void test_the_server_sleeps_when_nothing_is_due(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    say(f, fd, get_config);
    hear(f, fd, true, &answer);
    say(f, fd, get_checkpoints);
    wait_until_open(f, 1);
    assert_true(server_step(f->server, f->now_us));
    assert_int_not_equal(server_timeout_ms(f->server), 0);
    struct pollfd waiting = {.fd = server_fd(f->server), .events = POLLIN};
    assert_int_equal(poll(&waiting, 1, 0), 0);
    close(fd);
    assert_int_equal(poll(&waiting, 1, SOCKET_PATIENCE_MS), 1);
}

static void test_stopping_closes_suspended_and_unread_connections(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    char byte;
    const int suspended = dial(f);
    const int unread = dial(f);
    say(f, unread, get_config);
    hear(f, unread, true, &answer);
    say(f, suspended, get_checkpoints);
    wait_until_open(f, 1);
    say(f, unread, get_checkpoints);
    server_stop(f->server);
    f->server = NULL;
    assert_true(recv(suspended, &byte, 1, 0) <= 0);
    assert_true(recv(unread, &byte, 1, 0) <= 0);
    close(suspended);
    close(unread);
}

/* More than the server accepts in one go, so that some are first heard of while it stops. */
static void test_stopping_turns_late_comers_away(void **state)
{
    struct fixture *f = *state;
    int late[50];
    for (size_t i = 0; i < 50; i++) {
        late[i] = dial(f);
        say(f, late[i], get_checkpoints);
    }
    server_stop(f->server);
    f->server = NULL;
    for (size_t i = 0; i < 50; i++) {
        char byte;
        assert_true(recv(late[i], &byte, 1, 0) <= 0);
        close(late[i]);
    }
}

static void test_a_port_in_use_is_a_reason(void **state)
{
    struct fixture *f = *state;
    const struct server_options taken = {.port = server_port(f->server)};
    const char *why = NULL;
    assert_null(server_start(f->cluster, &taken, &why));
    assert_string_equal(why, strerror(EADDRINUSE));
}

/* live_run() and live_serve(), in real time but for a fraction of a second. */

static const struct client_step statistics_steps[] = {
    {.at_us = 10000, .kind = STEP_GET_STATISTICS, .job = 0},
    {.at_us = 20000, .kind = STEP_GET_STATISTICS, .job = 0},
    {.at_us = 30000, .kind = STEP_TRIGGER, .job = 0},
    {.at_us = 40000, .kind = STEP_GET_TARGET, .target = "/no%2Fwhere", .job = SIZE_MAX},
};

static const struct client_plan clients[] = {
    {.name = "reader",
     .kind = CLIENT_SCRIPTED,
     .count = 3,
     .steps = statistics_steps,
     .step_count = sizeof statistics_steps / sizeof *statistics_steps},
};

static void test_cells_run_live_side_by_side(void **state)
{
    (void)state;
    struct plan plan = make_plan();
    plan.end_us = ROOMY_END_US;
    plan.clients = clients;
    plan.client_count = 1;
    struct live_cell cells[] = {
        {.plan = &plan, .implementation = implementation_find("reference")},
        {.plan = &plan, .implementation = implementation_find("flink-1.18")},
        {.plan = &plan, .implementation = implementation_find("reference")},
    };
    const struct run_options options = {.seed = 1};
    assert_null(live_run(cells, 3, &options, NULL));
    for (size_t i = 0; i < 3; i++) {
        assert_null(cells[i].failure);
        assert_int_equal(cells[i].result.reads, 12);
        assert_true(cells[i].result.fetches > 0);
        assert_int_equal(cells[i].result.judgement.whole, VERDICT_PASS);
        assert_true(cells[i].result.judgement.properties[PROPERTY_FRESH].tested >= 3);
    }
}

/* Runs one client on the reference; nobody else is there to wake the loop. */
static struct run_result run_alone(const struct client_plan *client, int64_t end_us)
{
    struct plan plan = make_plan();
    plan.end_us = end_us;
    plan.clients = client;
    plan.client_count = 1;
    struct live_cell cell = {.plan = &plan, .implementation = implementation_find("reference")};
    const struct run_options options = {.seed = 1};
    assert_null(live_run(&cell, 1, &options, NULL));
    assert_null(cell.failure);
    return cell.result;
}

static void test_an_answer_that_comes_after_the_end_counts(void **state)
{
    (void)state;
    static const struct client_step late[] = {
        {.at_us = 59500, .kind = STEP_GET_STATISTICS, .job = 0}};
    const struct client_plan client = {
        .name = "late", .kind = CLIENT_SCRIPTED, .count = 1, .steps = late, .step_count = 1};
    const struct run_result result = run_alone(&client, 60000);
    assert_int_equal(result.reads, 1);
    assert_int_equal(result.judgement.whole, VERDICT_PASS);
}

static void test_a_client_goes_on_with_what_it_was_told(void **state)
{
    (void)state;
    static const struct client_step steps[] = {
        {.at_us = 1000, .kind = STEP_TRIGGER, .job = 0},
        {.at_us = 2000, .kind = STEP_AWAIT_TRIGGER, .job = 0},
    };
    const struct client_plan client = {
        .name = "patient", .kind = CLIENT_SCRIPTED, .count = 1, .steps = steps, .step_count = 2};
    const struct run_result result = run_alone(&client, ROOMY_END_US);
    assert_true(result.reads >= 3);
    assert_int_equal(result.judgement.properties[PROPERTY_FRESH].tested, 1);
    assert_int_equal(result.judgement.whole, VERDICT_PASS);
}

static void test_clients_fall_silent_at_the_end_of_the_plan(void **state)
{
    (void)state;
    const struct client_plan client = {.name = "poller",
                                       .kind = CLIENT_POLLER,
                                       .count = 1,
                                       .job = 0,
                                       .until_us = 1000000,
                                       .every_us = 20000};
    assert_int_equal(run_alone(&client, 60000).reads, 3); /* at 0, 20 and 40 ms; 60 ms is the end */
}

static int serve_with_pending(int signal_number, uint16_t port)
{
    const struct plan plan = make_plan();
    sigset_t one;
    sigset_t before;
    sigemptyset(&one);
    sigaddset(&one, signal_number);
    sigprocmask(SIG_BLOCK, &one, &before);
    raise(signal_number);
    const struct serve_options options = {
        .plan = &plan, .implementation = implementation_find("reference"), .port = port};
    const int code = live_serve(&options);
    const struct timespec none = {0};
    sigtimedwait(&one, NULL, &none); /* not taken where the port was in use */
    sigprocmask(SIG_SETMASK, &before, NULL);
    return code;
}

static void test_serving_ends_with_a_signal(void **state)
{
    (void)state;
    assert_int_equal(serve_with_pending(SIGTERM, 0), 0);
    assert_int_equal(serve_with_pending(SIGINT, 0), 130);
}

static void test_serving_on_a_port_in_use_is_unavailable(void **state)
{
    const struct fixture *f = *state;
    assert_int_equal(serve_with_pending(SIGTERM, server_port(f->server)), 69);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(test_an_answer_has_the_headers_that_flink_writes),
        WITH_SERVER(test_one_connection_carries_hits_and_suspended_misses),
        WITH_SERVER(test_a_miss_is_not_answered_before_its_fetch_is),
        WITH_SERVER(test_the_target_reaches_the_cluster_as_it_was_sent),
        WITH_SERVER(test_methods_without_routes_are_not_found),
        WITH_SERVER(test_a_posted_body_reaches_the_cluster),
        WITH_SERVER(test_a_body_is_read_as_far_as_it_is_kept),
        WITH_SERVER(test_a_body_of_the_largest_size_is_no_reason_for_413),
        WITH_SERVER(test_a_larger_body_is_refused_and_the_connection_stays),
        WITH_SERVER(test_a_larger_chunked_body_is_refused_and_the_connection_closed),
        WITH_SERVER(test_age_is_in_whole_seconds_rounded_down),
        cmocka_unit_test_setup_teardown(test_age_grows_with_a_kept_answer, set_up_keeping,
                                        tear_down),
        WITH_SERVER(test_a_client_that_leaves_while_suspended_is_forgotten),
        WITH_SERVER(test_a_client_that_stays_while_suspended_gets_the_next_fetch),
        WITH_SERVER(test_a_client_that_leaves_as_its_answer_comes_harms_nobody),
        WITH_SERVER(test_a_client_that_leaves_in_the_middle_of_a_request_is_forgotten),
        WITH_SERVER(test_garbage_hurts_nobody_else),
        WITH_SERVER(test_an_endless_header_is_refused),
        WITH_SERVER(test_pipelined_requests_are_answered_in_order),
        WITH_SERVER(test_an_http_1_0_client_gets_its_answer_and_an_end),
        WITH_SERVER(test_silent_connections_keep_nobody_waiting),
        WITH_SERVER(test_the_server_sleeps_when_nothing_is_due),
        WITH_SERVER(test_stopping_closes_suspended_and_unread_connections),
        WITH_SERVER(test_stopping_turns_late_comers_away),
        WITH_SERVER(test_a_port_in_use_is_a_reason),
        cmocka_unit_test(test_cells_run_live_side_by_side),
        cmocka_unit_test(test_an_answer_that_comes_after_the_end_counts),
        cmocka_unit_test(test_a_client_goes_on_with_what_it_was_told),
        cmocka_unit_test(test_clients_fall_silent_at_the_end_of_the_plan),
        cmocka_unit_test(test_serving_ends_with_a_signal),
        WITH_SERVER(test_serving_on_a_port_in_use_is_unavailable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* rooms: harness/live harness/control harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "harness/live/server.h"

#include "tests/support/test_prelude.h"

#include "tests/support/served.h"

/* What goes wrong on the wire. Time stands still unless a test moves it. */

enum { DELAY_US = 50000 };

static void add_fault(struct fixture *f, enum wire_fault_kind kind, const char *path,
                      int64_t delay_us)
{
    struct wire_fault fault = {.kind = kind, .until_us = INT64_MAX, .delay_us = delay_us};
    snprintf(fault.path, sizeof fault.path, "%s", path);
    assert_true(server_add_wire_fault(f->server, &fault));
}

static int ask_config(struct fixture *f)
{
    struct answer answer;
    const int fd = dial(f);
    say(f, fd, get_config);
    hear(f, fd, true, &answer);
    close(fd);
    return answer.status;
}

/* Everything that comes until the connection ends; how it ended is in *reset. */
static size_t hear_all(struct fixture *f, int fd, char *out, size_t room, bool *reset)
{
    size_t length = 0;
    for (;;) {
        const ssize_t got = recv(fd, out + length, room - 1 - length, MSG_DONTWAIT);
        if (got > 0) {
            length += (size_t)got;
        } else if (got == 0 || errno != EAGAIN) {
            *reset = got < 0 && errno == ECONNRESET;
            out[length] = '\0';
            return length;
        } else {
            wait_for_bytes(f, fd);
            assert_true(server_step(f->server, f->now_us));
        }
    }
}

static void test_a_delayed_answer_leaves_at_its_time(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    add_fault(f, WIRE_DELAY, "", DELAY_US);
    say(f, fd, get_config);
    wait_until_open(f, 1);
    pass_time(f, f->now_us + DELAY_US - 1);
    assert_int_equal(server_requests_open(f->server), 1);
    assert_in_range(server_timeout_ms(f->server), 0, 1);
    pass_time(f, f->now_us + 1);
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(server_requests_open(f->server), 0);
    close(fd);
}

static void test_the_server_says_when_a_delayed_answer_is_due(void **state)
{
    struct fixture *f = *state;
    const int fd = dial(f);
    add_fault(f, WIRE_DELAY, "", DELAY_US);
    say(f, fd, get_config);
    wait_until_open(f, 1);
    assert_int_equal(server_timeout_ms(f->server), DELAY_US / 1000);
    close(fd);
}

static void test_a_client_may_leave_before_its_delayed_answer(void **state)
{
    struct fixture *f = *state;
    const int fd = dial(f);
    add_fault(f, WIRE_DELAY, "", DELAY_US);
    say(f, fd, get_config);
    wait_until_open(f, 1);
    close(fd);
    wait_until_open(f, 0);
    pass_time(f, f->now_us + 2 * DELAY_US);
    server_clear_wire_faults(f->server);
    assert_int_equal(ask_config(f), 200);
}

static void test_delayed_answers_leave_in_the_order_of_their_times(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    add_fault(f, WIRE_DELAY, "/config", 3000);
    add_fault(f, WIRE_DELAY, "/overview", 1000);
    add_fault(f, WIRE_DELAY, "/nowhere", 2000);
    static const char *const paths[] = {"/config", "/overview", "/nowhere"};
    int fds[3];
    for (size_t i = 0; i < 3; i++) {
        char request[64];
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", paths[i]);
        fds[i] = dial(f);
        say(f, fds[i], request);
    }
    wait_until_open(f, 3);
    pass_time(f, 2 * CALL_US); /* /overview asks the JobManager first */
    const int64_t from_us = f->now_us;
    pass_time(f, from_us);
    hear(f, fds[2], true, &answer);
    assert_int_equal(answer.status, 404);
    assert_int_equal(server_requests_open(f->server), 2);
    pass_time(f, from_us + 1000);
    hear(f, fds[1], true, &answer);
    assert_int_equal(answer.status, 200);
    hear(f, fds[0], true, &answer);
    assert_int_equal(answer.status, 200);
    for (size_t i = 0; i < 3; i++)
        close(fds[i]);
}

static void test_a_reset_is_an_error_to_the_client(void **state)
{
    struct fixture *f = *state;
    char bytes[1024];
    bool reset;
    const int fd = dial(f);
    add_fault(f, WIRE_RESET, "", 0);
    say(f, fd, get_config);
    assert_int_equal(hear_all(f, fd, bytes, sizeof bytes, &reset), 0);
    assert_true(reset);
    wait_until_open(f, 0);
    close(fd);
}

static void test_half_an_answer_announces_all_of_it(void **state)
{
    struct fixture *f = *state;
    struct answer whole;
    char bytes[4096];
    bool reset;
    const int fd = dial(f);
    say(f, fd, get_config);
    hear(f, fd, true, &whole);
    add_fault(f, WIRE_HALF, "", 0);
    say(f, fd, get_config);
    hear_all(f, fd, bytes, sizeof bytes, &reset);
    assert_false(reset);
    const char *body = strstr(bytes, "\r\n\r\n");
    assert_non_null(body);
    char announced[64];
    snprintf(announced, sizeof announced, "Content-Length: %zu\r\n", whole.body_length);
    assert_non_null(strcasestr(bytes, announced));
    assert_int_equal(strlen(body + 4), whole.body_length / 2);
    assert_memory_equal(body + 4, whole.body, whole.body_length / 2);
    close(fd);
}

static void test_wrong_json_comes_with_200(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    const int fd = dial(f);
    add_fault(f, WIRE_WRONG_JSON, "", 0);
    say(f, fd, "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(header_of(&answer, "content-type"), "application/json; charset=UTF-8");
    assert_int_equal(answer.body[0], '{');
    assert_int_not_equal(answer.body[answer.body_length - 1], '}');
    say(f, fd, get_config); /* on the same connection */
    hear(f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    close(fd);
}

static void test_a_drip_gives_a_byte_at_a_time(void **state)
{
    struct fixture *f = *state;
    struct answer whole;
    char byte;
    const int fd = dial(f);
    say(f, fd, get_config);
    hear(f, fd, true, &whole);
    add_fault(f, WIRE_DRIP, "", 1000);
    say(f, fd, get_config);
    struct answer head = {0};
    size_t length = 0;
    while (!strstr(head.head, "\r\n\r\n"))
        assert_true(hear_byte(f, fd, &head.head[length++]));
    for (size_t i = 0; i < whole.body_length; i++) {
        assert_true(server_step(f->server, f->now_us));
        assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
        assert_int_equal(server_timeout_ms(f->server), 1);
        pass_time(f, f->now_us + 1000);
        assert_true(hear_byte(f, fd, &byte));
        assert_int_equal(byte, whole.body[i]);
    }
    server_clear_wire_faults(f->server);
    say(f, fd, get_config);
    hear(f, fd, true, &head);
    assert_int_equal(head.status, 200);
    close(fd);
}

static void test_a_client_may_leave_while_its_answer_drips(void **state)
{
    struct fixture *f = *state;
    char byte;
    const int fd = dial(f);
    add_fault(f, WIRE_DRIP, "", 1000);
    say(f, fd, get_config);
    assert_true(hear_byte(f, fd, &byte));
    close(fd);
    wait_until_open(f, 0);
    server_clear_wire_faults(f->server);
    assert_int_equal(ask_config(f), 200);
}

/* On a port that nobody listens on, connect() fails at once. */
static int try_to_dial(uint16_t port)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int result = connect(fd, (const struct sockaddr *)&address, sizeof address);
    const int error = result == 0 ? 0 : errno;
    close(fd);
    return error;
}

static void test_connections_are_refused_from_then_until_then(void **state)
{
    struct fixture *f = *state;
    const uint16_t port = server_port(f->server);
    const struct wire_fault fault = {.kind = WIRE_REFUSE, .from_us = 1000, .until_us = 5000};
    assert_true(server_add_wire_fault(f->server, &fault));
    pass_time(f, 0);
    assert_int_equal(server_timeout_ms(f->server), 1);
    pass_time(f, 999);
    assert_int_equal(ask_config(f), 200);
    pass_time(f, 1000);
    assert_int_equal(server_timeout_ms(f->server), 4);
    assert_int_equal(try_to_dial(port), ECONNREFUSED);
    pass_time(f, 4999);
    assert_int_equal(try_to_dial(port), ECONNREFUSED);
    pass_time(f, 5000);
    assert_int_equal(server_port(f->server), port);
    assert_int_equal(ask_config(f), 200);
}

static void test_a_kept_connection_ends_while_connections_are_refused(void **state)
{
    struct fixture *f = *state;
    char bytes[256];
    bool reset;
    const int fd = dial(f);
    struct answer answer;
    say(f, fd, get_config);
    hear(f, fd, true, &answer);
    add_fault(f, WIRE_REFUSE, "", 0);
    say(f, fd, get_checkpoints);
    assert_int_equal(hear_all(f, fd, bytes, sizeof bytes, &reset), 0);
    assert_true(reset);
    pass_time(f, 10 * CALL_US);
    assert_int_equal(f->call_count, 0); /* it did not reach the JobManager */
    close(fd);
}

static void test_a_fault_hits_what_its_path_begins(void **state)
{
    struct fixture *f = *state;
    add_fault(f, WIRE_RESET, "/jobs", 0);
    add_fault(f, WIRE_RESET, "/configuration", 0);
    assert_int_equal(ask_config(f), 200);
    add_fault(f, WIRE_RESET, "/conf", 0);
    assert_int_equal(ask_config(f), 0);
}

static void test_a_fault_lasts_from_then_until_then(void **state)
{
    struct fixture *f = *state;
    const struct wire_fault fault = {.kind = WIRE_RESET, .from_us = 1000, .until_us = 2000};
    assert_true(server_add_wire_fault(f->server, &fault));
    pass_time(f, 999);
    assert_int_equal(ask_config(f), 200);
    pass_time(f, 1000);
    assert_int_equal(ask_config(f), 0);
    pass_time(f, 1999);
    assert_int_equal(ask_config(f), 0);
    pass_time(f, 2000);
    assert_int_equal(ask_config(f), 200);
}

static void test_a_counted_fault_ends_after_its_answers(void **state)
{
    struct fixture *f = *state;
    const struct wire_fault fault = {.kind = WIRE_RESET, .until_us = INT64_MAX, .count = 2};
    assert_true(server_add_wire_fault(f->server, &fault));
    assert_int_equal(ask_config(f), 0);
    assert_int_equal(ask_config(f), 0);
    assert_int_equal(ask_config(f), 200);
}

static void test_the_first_fault_that_fits_hits(void **state)
{
    struct fixture *f = *state;
    const struct wire_fault once = {.kind = WIRE_WRONG_JSON, .until_us = INT64_MAX, .count = 1};
    assert_true(server_add_wire_fault(f->server, &once));
    add_fault(f, WIRE_RESET, "", 0);
    assert_int_equal(ask_config(f), 200);
    assert_int_equal(ask_config(f), 0);
}

static void test_stopping_does_not_wait_for_what_is_held_back(void **state)
{
    struct fixture *f = *state;
    char byte;
    const int held = dial(f);
    const int dripping = dial(f);
    add_fault(f, WIRE_DRIP, "/config", DELAY_US);
    add_fault(f, WIRE_DELAY, "", DELAY_US);
    say(f, dripping, get_config);
    say(f, held, "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
    wait_until_open(f, 2);
    server_stop(f->server);
    f->server = NULL;
    assert_true(recv(held, &byte, 1, 0) <= 0);
    while (recv(dripping, &byte, 1, 0) > 0)
        continue; /* the head, and no whole body */
    close(held);
    close(dripping);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(test_a_delayed_answer_leaves_at_its_time),
        WITH_SERVER(test_the_server_says_when_a_delayed_answer_is_due),
        WITH_SERVER(test_a_client_may_leave_before_its_delayed_answer),
        WITH_SERVER(test_delayed_answers_leave_in_the_order_of_their_times),
        WITH_SERVER(test_a_reset_is_an_error_to_the_client),
        WITH_SERVER(test_half_an_answer_announces_all_of_it),
        WITH_SERVER(test_wrong_json_comes_with_200),
        WITH_SERVER(test_a_drip_gives_a_byte_at_a_time),
        WITH_SERVER(test_a_client_may_leave_while_its_answer_drips),
        WITH_SERVER(test_connections_are_refused_from_then_until_then),
        WITH_SERVER(test_a_kept_connection_ends_while_connections_are_refused),
        WITH_SERVER(test_a_fault_hits_what_its_path_begins),
        WITH_SERVER(test_a_fault_lasts_from_then_until_then),
        WITH_SERVER(test_a_counted_fault_ends_after_its_answers),
        WITH_SERVER(test_the_first_fault_that_fits_hits),
        WITH_SERVER(test_stopping_does_not_wait_for_what_is_held_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

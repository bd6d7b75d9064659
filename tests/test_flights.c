/* rooms: harness/live harness/control harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "harness/live/flights.h"

#include "tests/support/test_prelude.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/live/header_lines.h"

/* The test plays the server, word by word. */

enum { SOCKET_PATIENCE_MS = 5000 /* only a failing test waits as long as that */ };

struct fixture {
    int listen_fd;
    struct flights *flights;
    int64_t now_us; /* far ahead of libcurl's timers: everything that is set is due */
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    assert_int_equal(bind(f->listen_fd, (const struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(f->listen_fd, 16), 0);
    assert_int_equal(getsockname(f->listen_fd, (struct sockaddr *)&address, &length), 0);
    struct address served;
    assert_true(address_of_loopback(ntohs(address.sin_port), &served));
    f->flights = flights_new(&served);
    assert_non_null(f->flights);
    address_free(&served);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    flights_free(f->flights);
    if (f->listen_fd >= 0)
        close(f->listen_fd);
    free(f);
    return 0;
}

static void step(struct fixture *f)
{
    f->now_us += 1000000000;
    assert_true(flights_step(f->flights, f->now_us));
}

/* Steps until `fd` is readable. */
static void step_until(struct fixture *f, int fd)
{
    for (int turns = 0; turns < 1000; turns++) {
        step(f);
        struct pollfd fds[] = {{.fd = fd, .events = POLLIN},
                               {.fd = flights_fd(f->flights), .events = POLLIN}};
        assert_true(
            poll(fds, 2, flights_due_us(f->flights) <= f->now_us ? 0 : SOCKET_PATIENCE_MS) >= 0);
        if (fds[0].revents)
            return;
    }
    fail_msg("libcurl did not get there in 1000 turns");
}

static int accept_client(struct fixture *f)
{
    step_until(f, f->listen_fd);
    const int fd = accept(f->listen_fd, NULL, NULL);
    assert_true(fd >= 0);
    return fd;
}

/* Reads up to the end of the head, and `body_length` bytes more. */
static void hear_request(struct fixture *f, int fd, char *text, size_t size, size_t body_length)
{
    size_t length = 0;
    const char *end = NULL;
    text[0] = '\0';
    while (!end || length < (size_t)(end + 4 - text) + body_length) {
        step_until(f, fd);
        const ssize_t got = recv(fd, text + length, size - 1 - length, MSG_DONTWAIT);
        assert_true(got > 0);
        length += (size_t)got;
        text[length] = '\0';
        end = strstr(text, "\r\n\r\n");
    }
}

static void answer(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void await_landing(struct fixture *f, struct landing *landing)
{
    for (int turns = 0; turns < 1000; turns++) {
        step(f);
        if (flights_next_landing(f->flights, landing))
            return;
        struct pollfd fd = {.fd = flights_fd(f->flights), .events = POLLIN};
        assert_true(
            poll(&fd, 1, flights_due_us(f->flights) <= f->now_us ? 0 : SOCKET_PATIENCE_MS) >= 0);
    }
    fail_msg("nothing landed in 1000 turns");
}

static void send_get(struct fixture *f, uint64_t request, const char *target)
{
    const struct client_action action = {
        .request = {.id = request, .method = METHOD_GET, .target = target}};
    assert_true(flights_send(f->flights, f->now_us, &action));
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

static void test_a_request_goes_out_as_the_client_meant_it(void **state)
{
    struct fixture *f = *state;
    char text[4096];
    struct landing landing;
    const struct client_action action = {.request = {.id = 7,
                                                     .method = METHOD_GET,
                                                     .target = "/a%2Fb/../c?d=e%20f",
                                                     .cache_control = "max-age=5"}};
    assert_true(flights_send(f->flights, f->now_us, &action));
    const int fd = accept_client(f);
    hear_request(f, fd, text, sizeof text, 0);
    assert_true(starts_with(text, "GET /a%2Fb/../c?d=e%20f HTTP/1.1\r\n"));
    assert_non_null(strstr(text, "\r\nCache-Control: max-age=5\r\n"));
    answer(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nabc");
    await_landing(f, &landing);
    assert_int_equal(landing.request, 7);
    assert_int_equal(landing.status, 404);
    assert_int_equal(landing.length, 3);
    assert_memory_equal(landing.bytes, "abc", 3);
    assert_null(landing.failure);
    close(fd);
}

static void test_bodies_go_with_post_and_patch(void **state)
{
    struct fixture *f = *state;
    char text[4096];
    struct landing landing;
    struct client_action action = {
        .request = {.id = 1, .method = METHOD_POST, .target = "/p", .body = "{\"a\":1}"}};
    assert_true(flights_send(f->flights, f->now_us, &action));
    const int fd = accept_client(f);
    hear_request(f, fd, text, sizeof text, 7);
    assert_true(starts_with(text, "POST /p HTTP/1.1\r\n"));
    assert_non_null(strstr(text, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(text, "\r\n\r\n{\"a\":1}"));
    assert_null(strstr(text, "Expect:"));
    answer(fd, ok);
    await_landing(f, &landing);
    action = (struct client_action){.request = {.id = 2, .method = METHOD_PATCH, .target = "/q"}};
    assert_true(flights_send(f->flights, f->now_us, &action));
    hear_request(f, fd, text, sizeof text, 0);
    assert_true(starts_with(text, "PATCH /q HTTP/1.1\r\n"));
    assert_null(strstr(text, "Content-Type:"));
    answer(fd, ok);
    await_landing(f, &landing);
    assert_int_equal(landing.request, 2);
    close(fd);
}

static void test_connections_are_kept_and_used_again(void **state)
{
    struct fixture *f = *state;
    char text[4096];
    struct landing landing;
    int fds[3];
    for (size_t i = 0; i < 3; i++)
        send_get(f, i + 1, "/first");
    for (size_t i = 0; i < 3; i++)
        fds[i] = accept_client(f);
    for (size_t i = 0; i < 3; i++) {
        hear_request(f, fds[i], text, sizeof text, 0);
        answer(fds[i], ok);
        await_landing(f, &landing);
        assert_int_equal(landing.status, 200);
    }
    for (size_t i = 0; i < 3; i++)
        send_get(f, i + 4, "/second");
    for (size_t i = 0; i < 3; i++) {
        hear_request(f, fds[i], text, sizeof text, 0);
        assert_true(starts_with(text, "GET /second "));
        answer(fds[i], ok);
        await_landing(f, &landing);
        assert_int_equal(landing.status, 200);
        close(fds[i]);
    }
}

static void test_an_empty_answer_has_bytes_to_point_at(void **state)
{
    struct fixture *f = *state;
    char text[4096];
    struct landing landing;
    send_get(f, 1, "/");
    const int fd = accept_client(f);
    hear_request(f, fd, text, sizeof text, 0);
    answer(fd, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
    await_landing(f, &landing);
    assert_int_equal(landing.status, 413);
    assert_int_equal(landing.length, 0);
    assert_non_null(landing.bytes);
    close(fd);
}

/* What a client gets when the server hangs up after `text`. */
static void hang_up_after(struct fixture *f, const char *text, struct landing *landing)
{
    char request[4096];
    send_get(f, 1, "/");
    const int fd = accept_client(f);
    hear_request(f, fd, request, sizeof request, 0);
    answer(fd, text);
    close(fd);
    await_landing(f, landing);
    assert_int_equal(landing->status, 0);
}

static void test_an_answer_that_is_not_http_is_a_failure(void **state)
{
    struct landing landing;
    hang_up_after(*state, "SSH-2.0-OpenSSH_9.2\r\n", &landing);
    assert_string_equal(landing.failure, "an answer was not HTTP");
}

static void test_an_answer_cut_short_is_a_failure(void **state)
{
    struct landing landing;
    hang_up_after(*state, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", &landing);
    assert_string_equal(landing.failure, "the connection broke before an answer was complete");
}

static void test_no_answer_is_a_failure(void **state)
{
    struct landing landing;
    hang_up_after(*state, "", &landing);
    assert_string_equal(landing.failure, "the connection broke before an answer was complete");
}

static void test_a_dead_server_is_a_failure(void **state)
{
    struct fixture *f = *state;
    struct landing landing;
    close(f->listen_fd);
    f->listen_fd = -1;
    send_get(f, 1, "/");
    await_landing(f, &landing);
    assert_int_equal(landing.status, 0);
    assert_string_equal(landing.failure, "nobody takes connections at this host and port");
}

static void test_headers_come_with_the_landing_in_their_order(void **state)
{
    struct fixture *f = *state;
    char text[4096];
    struct landing landing;
    send_get(f, 1, "/");
    const int fd = accept_client(f);
    hear_request(f, fd, text, sizeof text, 0);
    answer(fd, "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
               "HTTP/1.1 203 Fine\r\nContent-Length: 0\r\nAge: 12\r\nX-B:  two words \r\n"
               "X-B:\r\n\r\n");
    await_landing(f, &landing);
    static const char *const expected[][2] = {
        {"Content-Length", "0"}, {"Age", "12"}, {"X-B", "two words"}, {"X-B", ""}};
    assert_int_equal(landing.status, 203);
    assert_int_equal(landing.header_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(landing.headers[i].name, expected[i][0]);
        assert_string_equal(landing.headers[i].value, expected[i][1]);
    }
    assert_int_equal(landing.age_us, 12000000);
    close(fd);
}

static void test_an_age_is_a_number_of_seconds(void **state)
{
    static const struct {
        const char *line;
        int64_t age_us;
    } cases[] = {
        {"aGe: 3", 3000000},    {"Age: 0", 0},
        {"Age: -1", 0},         {"Age: soon", 0},
        {"Age: 1, 5", 1000000}, {"Agee: 4", 0},
        {"X-Age: 4", 0},        {"Age: 99999999999999999999999", (INT64_C(1) << 31) * 1000000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct header_lines lines = {0};
        assert_true(header_lines_take(&lines, "HTTP/1.1 200 OK\r\n", 17));
        assert_true(header_lines_take(&lines, cases[i].line, strlen(cases[i].line)));
        assert_true(header_lines_take(&lines, "\r\n", 2));
        assert_int_equal(header_lines_age_us(&lines), cases[i].age_us);
        header_lines_free(&lines);
    }
}

static void test_requests_say_their_number_from_when_they_shall(void **state)
{
    struct fixture *f = *state;
    char text[4096];
    struct landing landing;
    send_get(f, 41, "/");
    const int fd = accept_client(f);
    hear_request(f, fd, text, sizeof text, 0);
    assert_null(strstr(text, "X-Freshcheck"));
    answer(fd, ok);
    await_landing(f, &landing);
    flights_tag_requests(f->flights);
    send_get(f, 42, "/");
    hear_request(f, fd, text, sizeof text, 0);
    assert_non_null(strstr(text, "\r\nX-Freshcheck-Request: 42\r\n"));
    answer(fd, ok);
    await_landing(f, &landing);
    close(fd);
}

static void test_silence_is_a_failure_when_patience_ends(void **state)
{
    struct fixture *f = *state;
    struct landing landing;
    char text[4096];
    flights_be_patient(f->flights, 20000);
    send_get(f, 1, "/");
    const int fd = accept_client(f);
    hear_request(f, fd, text, sizeof text, 0);
    answer(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{");
    for (int turns = 0; !flights_next_landing(f->flights, &landing); turns++) {
        assert_true(turns < 10000);
        struct pollfd none = {.fd = flights_fd(f->flights), .events = POLLIN};
        poll(&none, 1, 1); /* libcurl goes by a clock of its own */
        step(f);
    }
    assert_int_equal(landing.status, 0);
    assert_string_equal(landing.failure, "no answer came in time");
    close(fd);
}

static void test_an_answer_is_at_most_as_large_as_a_recording_takes(void **state)
{
    enum { PART = 50000 };
    static char part[PART];
    struct fixture *f = *state;
    struct landing landing;
    char text[4096];
    memset(part, 'a', sizeof part);
    for (size_t extra = 0; extra <= 1; extra++) {
        send_get(f, 1, "/");
        const int fd = accept_client(f);
        hear_request(f, fd, text, sizeof text, 0);
        snprintf(text, sizeof text,
                 "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
                 (size_t)FLIGHT_ANSWER_MAX + extra);
        answer(fd, text);
        bool landed = false;
        for (size_t left = FLIGHT_ANSWER_MAX + extra; left > 0 && !landed;) {
            const ssize_t went =
                send(fd, part, left < PART ? left : PART, MSG_NOSIGNAL | MSG_DONTWAIT);
            left -= went > 0 ? (size_t)went : 0;
            step(f);
            landed = flights_next_landing(f->flights, &landing);
        }
        if (!landed)
            await_landing(f, &landing);
        assert_int_equal(landing.status, extra ? 0 : 200);
        assert_int_equal(landing.length, extra ? 0 : FLIGHT_ANSWER_MAX);
        if (extra)
            assert_string_equal(landing.failure, "an answer was larger than 10 MB");
        close(fd);
    }
}

static void test_a_name_that_nobody_has_is_a_failure(void **state)
{
    struct fixture *f = *state;
    struct address address;
    struct landing landing;
    const char *why;
    /* A label of 64 letters is one too long to be asked for (RFC 1035, section 2.3.4), so the test
     * needs no name server. */
    assert_true(address_read(
        "http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &address, &why));
    flights_free(f->flights);
    f->flights = flights_new(&address);
    address_free(&address);
    send_get(f, 1, "/");
    for (int turns = 0; !flights_next_landing(f->flights, &landing); turns++) {
        assert_true(turns < 10000);
        struct pollfd none = {.fd = flights_fd(f->flights), .events = POLLIN};
        poll(&none, 1, 1); /* the look-up is a thread's, and wakes nobody here */
        step(f);
    }
    assert_string_equal(landing.failure, "there is no host of this name");
}

static void test_freeing_forgets_what_is_under_way(void **state)
{
    struct fixture *f = *state;
    char text[4096];
    send_get(f, 1, "/");
    send_get(f, 2, "/");
    const int fd = accept_client(f);
    hear_request(f, fd, text, sizeof text, 0);
    flights_free(f->flights);
    f->flights = NULL;
    assert_int_equal(recv(fd, text, 1, 0), 0);
    close(fd);
}

static void test_nothing_is_due_while_nothing_is_under_way(void **state)
{
    struct fixture *f = *state;
    step(f);
    assert_true(flights_due_us(f->flights) == INT64_MAX);
    struct pollfd fd = {.fd = flights_fd(f->flights), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, 0), 0);
    send_get(f, 1, "/");
    assert_true(flights_due_us(f->flights) <= f->now_us);
}

#define WITH_FLIGHTS(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FLIGHTS(test_a_request_goes_out_as_the_client_meant_it),
        WITH_FLIGHTS(test_bodies_go_with_post_and_patch),
        WITH_FLIGHTS(test_connections_are_kept_and_used_again),
        WITH_FLIGHTS(test_an_empty_answer_has_bytes_to_point_at),
        WITH_FLIGHTS(test_an_answer_that_is_not_http_is_a_failure),
        WITH_FLIGHTS(test_an_answer_cut_short_is_a_failure),
        WITH_FLIGHTS(test_no_answer_is_a_failure),
        WITH_FLIGHTS(test_a_dead_server_is_a_failure),
        WITH_FLIGHTS(test_headers_come_with_the_landing_in_their_order),
        cmocka_unit_test(test_an_age_is_a_number_of_seconds),
        WITH_FLIGHTS(test_requests_say_their_number_from_when_they_shall),
        WITH_FLIGHTS(test_silence_is_a_failure_when_patience_ends),
        WITH_FLIGHTS(test_an_answer_is_at_most_as_large_as_a_recording_takes),
        WITH_FLIGHTS(test_a_name_that_nobody_has_is_a_failure),
        WITH_FLIGHTS(test_freeing_forgets_what_is_under_way),
        WITH_FLIGHTS(test_nothing_is_due_while_nothing_is_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

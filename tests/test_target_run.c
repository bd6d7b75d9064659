/* rooms: harness/target harness/live harness/control harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
/* in real time: waits */
#include "harness/target/target_run.h"

#include "tests/support/test_prelude.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bodies/real_body.h"
#include "tests/support/small_plan.h"

/* The test plays the server from within the run's ticks: one thread, and nothing waits. */

enum { CONNECTIONS_MAX = 64, TOLD_MAX = 4096, TICK_US = 500 };

struct told {
    int status;
    uint64_t request;
    int64_t sent_us, done_us;
    const char *failure, *unread_because;
    bool cut_off;
    int64_t age_us;
    enum observation_kind kind;
    bool has_seen;
};

struct stage {
    struct plan plan;
    struct client_plan client;
    struct target_run_options options;
    struct address address;
    const char *why;

    int listen_fd;
    uint16_t port;
    int connections[CONNECTIONS_MAX];
    size_t connection_count;
    char heard[8192];         /* of the last request */
    struct buffer statistics; /* a real answer */
    const char *reply;        /* NULL: silence; "": hangs up */

    struct told told[TOLD_MAX];
    size_t told_count, sent_count, began_count, tick_count, start_count;
    uint64_t sent_last;
    void (*on_tick)(struct stage *stage, int64_t now_us);
    int stop_pipe[2];
    const char *refuses; /* the callback that ends the run */
};

static const char an_error[] = "HTTP/1.1 500 Oops\r\nContent-Length: 6\r\n\r\n<html>";
static const char nonsense[] = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>";

static void hang_up(struct stage *stage)
{
    for (size_t i = 0; i < stage->connection_count; i++)
        close(stage->connections[i]);
    stage->connection_count = 0;
}

static void open_door(struct stage *stage)
{
    const int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(stage->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    stage->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt(stage->listen_fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    assert_int_equal(bind(stage->listen_fd, (const struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(stage->listen_fd, 64), 0);
    assert_int_equal(getsockname(stage->listen_fd, (struct sockaddr *)&address, &length), 0);
    stage->port = ntohs(address.sin_port);
}

static void close_door(struct stage *stage)
{
    if (stage->listen_fd >= 0)
        close(stage->listen_fd);
    stage->listen_fd = -1;
    hang_up(stage);
}

/* Requests of these tests fit into one segment. */
static void answer_all(struct stage *stage)
{
    int fd;
    while (stage->connection_count < CONNECTIONS_MAX &&
           (fd = accept(stage->listen_fd, NULL, NULL)) >= 0)
        stage->connections[stage->connection_count++] = fd;
    if (!stage->reply)
        return;
    for (size_t i = 0; i < stage->connection_count; i++) {
        const ssize_t got =
            recv(stage->connections[i], stage->heard, sizeof stage->heard - 1, MSG_DONTWAIT);
        if (got <= 0)
            continue;
        stage->heard[got] = '\0';
        if (*stage->reply)
            send(stage->connections[i], stage->reply, strlen(stage->reply), MSG_NOSIGNAL);
        else
            shutdown(stage->connections[i], SHUT_RDWR);
    }
}

static size_t count_status(const struct stage *stage, int status)
{
    size_t count = 0;
    for (size_t i = 0; i < stage->told_count; i++)
        count += stage->told[i].status == status;
    return count;
}

static bool says(const struct stage *stage, const char *callback)
{
    return !stage->refuses || strcmp(stage->refuses, callback) != 0;
}

static bool began(void *context, int64_t epoch_us)
{
    struct stage *stage = context;
    assert_true(epoch_us > INT64_C(1600000000) * 1000000);
    stage->began_count++;
    return says(stage, "began");
}

static bool sent(void *context, int64_t now_us, const struct client_action *action)
{
    struct stage *stage = context;
    assert_true(now_us >= 0);
    assert_true(action->request.id > stage->sent_last);
    stage->sent_last = action->request.id;
    stage->sent_count++;
    return says(stage, "sent");
}

static bool ended(void *context, const struct target_exchange *exchange)
{
    struct stage *stage = context;
    assert_true(stage->told_count < TOLD_MAX);
    const struct observation *seen = exchange->seen;
    stage->told[stage->told_count++] = (struct told){
        .status = exchange->landing->status,
        .request = exchange->asked->request.id,
        .sent_us = exchange->sent_us,
        .done_us = exchange->done_us,
        .failure = exchange->landing->failure,
        .unread_because = exchange->unread_because,
        .cut_off = exchange->cut_off,
        .age_us = exchange->landing->age_us,
        .kind = seen ? seen->kind : OBSERVED_OTHER,
        .has_seen = seen != NULL,
    };
    assert_true(exchange->landing->status == 0 || exchange->landing->header_count > 0);
    return says(stage, "ended");
}

static bool starts_job(void *context, int64_t now_us, const struct client_action *action)
{
    struct stage *stage = context;
    assert_true(now_us >= 0 && action->starts_job);
    stage->start_count++;
    return says(stage, "starts_job");
}

static bool tick(void *context, int64_t now_us)
{
    struct stage *stage = context;
    stage->tick_count++;
    if (stage->on_tick)
        stage->on_tick(stage, now_us);
    if (stage->listen_fd >= 0)
        answer_all(stage);
    return says(stage, "tick");
}

static void write_statistics(struct stage *stage)
{
    char *body = real_body(&wire_1_20_3, "statistics");
    buffer_printf(&stage->statistics, "HTTP/1.1 200 OK\r\nAge: 7\r\nContent-Length: %zu\r\n\r\n%s",
                  strlen(body), body);
    buffer_char(&stage->statistics, '\0');
    assert_false(stage->statistics.failed);
    stage->reply = stage->statistics.bytes;
    free(body);
}

static int set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    assert_non_null(stage);
    open_door(stage);
    assert_true(address_of_loopback(stage->port, &stage->address));
    assert_int_equal(pipe(stage->stop_pipe), 0);
    stage->client = (struct client_plan){.name = "reader",
                                         .kind = CLIENT_POLLER,
                                         .count = 1,
                                         .until_us = INT64_MAX,
                                         .every_us = 5 * PLAN_MS};
    stage->plan = small_plan();
    stage->plan.clients = &stage->client;
    stage->plan.client_count = 1;
    stage->plan.end_us = 50 * PLAN_MS;
    write_statistics(stage);
    stage->options = (struct target_run_options){
        .address = &stage->address,
        .plan = &stage->plan,
        .seed = 1,
        .listener = {stage, began, sent, ended, starts_job, tick},
        .tick_us = TICK_US,
        .stop_fd = stage->stop_pipe[0],
    };
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;
    close_door(stage);
    close(stage->stop_pipe[0]);
    close(stage->stop_pipe[1]);
    address_free(&stage->address);
    buffer_free(&stage->statistics);
    free(stage);
    return 0;
}

static void test_every_exchange_is_told_with_its_times(void **state)
{
    struct stage *stage = *state;
    stage->client.until_us = 40 * PLAN_MS;
    stage->plan.end_us = 60 * PLAN_MS;
    assert_int_equal(target_run(&stage->options, &stage->why), TARGET_DONE);
    assert_null(stage->why);
    assert_int_equal(stage->began_count, 1);
    assert_int_equal(stage->sent_count, 8);
    assert_int_equal(stage->told_count, 8);
    for (size_t i = 0; i < stage->told_count; i++) {
        const struct told *told = &stage->told[i];
        assert_int_equal(told->status, 200);
        assert_int_equal(told->kind, OBSERVED_STATISTICS);
        assert_null(told->unread_because);
        assert_int_equal(told->age_us, 7000000);
        assert_false(told->cut_off);
        assert_true(told->sent_us >= 5 * PLAN_MS * ((int64_t)told->request - 1));
        assert_true(told->done_us > told->sent_us);
    }
    assert_true(stage->tick_count > 0);
    assert_null(strstr(stage->heard, "X-Freshcheck-Request"));
}

static void test_answers_that_cannot_be_read_are_told_and_why(void **state)
{
    struct stage *stage = *state;
    stage->reply = nonsense;
    assert_int_equal(target_run(&stage->options, &stage->why), TARGET_DONE);
    assert_true(stage->told_count > 0);
    for (size_t i = 0; i < stage->told_count; i++) {
        if (stage->told[i].cut_off)
            continue;
        assert_int_equal(stage->told[i].status, 200);
        assert_false(stage->told[i].has_seen);
        assert_non_null(stage->told[i].unread_because);
    }
}

static void test_errors_are_seen_whatever_their_body_says(void **state)
{
    struct stage *stage = *state;
    stage->reply = an_error;
    assert_int_equal(target_run(&stage->options, &stage->why), TARGET_DONE);
    assert_true(count_status(stage, 500) > 0);
    assert_true(stage->told[0].has_seen);
    assert_int_equal(stage->told[0].kind, OBSERVED_ERROR);
    assert_null(stage->told[0].unread_because);
}

static void test_answers_that_never_come_are_cut_off_at_the_end(void **state)
{
    struct stage *stage = *state;
    stage->reply = NULL;
    stage->options.patience_us = 20 * PLAN_MS;
    assert_int_equal(target_run(&stage->options, &stage->why), TARGET_DONE);
    assert_true(stage->told_count > 0);
    assert_int_equal(stage->told_count, stage->sent_count);
    for (size_t i = 0; i < stage->told_count; i++) {
        assert_int_equal(stage->told[i].request, i + 1);
        assert_int_equal(stage->told[i].status, 0);
        assert_true(stage->told[i].cut_off);
        assert_string_equal(stage->told[i].failure, "the run ended before an answer came");
        assert_true(stage->told[i].done_us >= stage->plan.end_us + stage->options.patience_us);
    }
}

static void stop(struct stage *stage)
{
    assert_int_equal(write(stage->stop_pipe[1], "x", 1), 1);
}

static void stop_after_three(struct stage *stage, int64_t now_us)
{
    (void)now_us;
    if (stage->told_count >= 3)
        stop(stage);
}

static void fall_silent_after_three_and_stop(struct stage *stage, int64_t now_us)
{
    (void)now_us;
    if (stage->told_count >= 3)
        stage->reply = NULL;
    if (!stage->reply && stage->sent_count > stage->told_count)
        stop(stage);
}

static void test_a_stop_ends_the_run_before_its_time(void **state)
{
    struct stage *stage = *state;
    stage->plan.end_us = INT64_MAX;
    stage->on_tick = stop_after_three;
    assert_int_equal(target_run(&stage->options, &stage->why), TARGET_STOPPED);
    assert_int_equal(stage->told_count, stage->sent_count);
    assert_int_equal(count_status(stage, 200), stage->told_count);
}

static void test_what_waits_when_it_is_stopped_is_cut_off(void **state)
{
    struct stage *stage = *state;
    stage->plan.end_us = INT64_MAX;
    stage->on_tick = fall_silent_after_three_and_stop;
    assert_int_equal(target_run(&stage->options, &stage->why), TARGET_STOPPED);
    assert_int_equal(stage->told_count, stage->sent_count);
    const struct told *last = &stage->told[stage->told_count - 1];
    assert_true(last->cut_off);
    assert_string_equal(last->failure, "the run was stopped before an answer came");
}

/* Not by the clock: on a busy machine all of that could fall between two polls. */
static void go_away_and_come_back(struct stage *stage, int64_t now_us)
{
    (void)now_us;
    const size_t refused = count_status(stage, 0);
    if (stage->told_count >= 3 && refused == 0 && stage->listen_fd >= 0)
        close_door(stage);
    else if (refused >= 3 && stage->listen_fd < 0)
        open_door(stage);
    else if (refused >= 3 && stage->told[stage->told_count - 1].status == 200)
        stop(stage);
}

static void test_a_server_may_go_away_and_come_back(void **state)
{
    struct stage *stage = *state;
    stage->plan.end_us = INT64_MAX;
    stage->on_tick = go_away_and_come_back;
    assert_int_equal(target_run(&stage->options, &stage->why), TARGET_STOPPED);
    for (size_t i = 0; i < stage->told_count; i++) {
        if (stage->told[i].status == 0)
            assert_string_equal(stage->told[i].failure, stage->told[i].unread_because);
    }
    assert_true(count_status(stage, 0) >= 3);
    assert_true(count_status(stage, 200) >= 4);
}

static void test_a_server_that_hangs_up_costs_the_exchange_only(void **state)
{
    struct stage *stage = *state;
    stage->reply = "";
    assert_int_equal(target_run(&stage->options, &stage->why), TARGET_DONE);
    assert_true(stage->told_count > 1);
    assert_int_equal(count_status(stage, 0), stage->told_count);
    assert_string_equal(stage->told[0].failure,
                        "the connection broke before an answer was complete");
}

static void test_requests_say_their_number_when_told_to(void **state)
{
    struct stage *stage = *state;
    stage->options.tag_requests = true;
    stage->plan.end_us = PLAN_MS;
    assert_int_equal(target_run(&stage->options, &stage->why), TARGET_DONE);
    assert_non_null(strstr(stage->heard, "\r\nX-Freshcheck-Request: 1\r\n"));
}

static void test_no_listener_is_needed_and_the_prefix_comes_first(void **state)
{
    struct stage *stage = *state;
    free(stage->address.prefix);
    stage->address.prefix = strdup("/proxy");
    stage->options.listener = (struct target_listener){.context = stage, .tick = tick};
    assert_int_equal(target_run(&stage->options, &stage->why), TARGET_DONE);
    assert_int_equal(stage->told_count, 0);
    static const char line[] = "GET /proxy" PLAN_J_STATISTICS " HTTP/1.1\r\n";
    assert_memory_equal(stage->heard, line, strlen(line));
}

static void test_any_listener_can_end_the_run(void **state)
{
    static const char *const callbacks[] = {"began", "sent", "ended", "tick"};
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof callbacks / sizeof *callbacks; i++) {
        stage->refuses = callbacks[i];
        stage->sent_last = 0;
        stage->told_count = 0;
        assert_int_equal(target_run(&stage->options, &stage->why), TARGET_GIVEN_UP);
        assert_true(stage->told_count <= 1);
    }
}

static void stop_when_started(struct stage *stage, int64_t now_us)
{
    (void)now_us;
    if (stage->start_count > 0)
        stop(stage);
}

static void test_starting_a_job_is_left_to_the_listener(void **state)
{
    struct stage *stage = *state;
    stage->client = (struct client_plan){
        .name = "mover", .kind = CLIENT_MIGRATION, .count = 1, .job = 0, .to_job = 1};
    stage->plan.end_us = INT64_MAX;
    stage->on_tick = stop_when_started;
    assert_int_equal(target_run(&stage->options, &stage->why), TARGET_STOPPED);
    assert_int_equal(stage->sent_count, 2);
    assert_int_equal(stage->start_count, 1);
    stage->refuses = "starts_job";
    stage->start_count = 0;
    stage->options.stop_fd = -1;
    stage->sent_last = 0;
    assert_int_equal(target_run(&stage->options, &stage->why), TARGET_GIVEN_UP);
}

/* The shortest run that sends, reads and tells. */
static void run_shortly(void *context, bool may_fail)
{
    struct stage *stage = context;
    stage->sent_last = 0;
    stage->told_count = 0;
    const enum target_end end = target_run(&stage->options, &stage->why);
    assert_true(end == TARGET_DONE || (may_fail && end == TARGET_BROKEN));
    if (end == TARGET_BROKEN)
        assert_string_equal(stage->why, "out of memory");
    hang_up(stage);
}

static void test_lack_of_memory_ends_the_run_and_is_told(void **state)
{
    struct stage *stage = *state;
    stage->plan.end_us = PLAN_MS;
    assert_true(fail_each_allocation(run_shortly, stage) > 20);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(test_every_exchange_is_told_with_its_times),
        STAGED(test_answers_that_cannot_be_read_are_told_and_why),
        STAGED(test_errors_are_seen_whatever_their_body_says),
        STAGED(test_answers_that_never_come_are_cut_off_at_the_end),
        STAGED(test_a_stop_ends_the_run_before_its_time),
        STAGED(test_what_waits_when_it_is_stopped_is_cut_off),
        STAGED(test_a_server_may_go_away_and_come_back),
        STAGED(test_a_server_that_hangs_up_costs_the_exchange_only),
        STAGED(test_requests_say_their_number_when_told_to),
        STAGED(test_no_listener_is_needed_and_the_prefix_comes_first),
        STAGED(test_any_listener_can_end_the_run),
        STAGED(test_starting_a_job_is_left_to_the_listener),
        STAGED(test_lack_of_memory_ends_the_run_and_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

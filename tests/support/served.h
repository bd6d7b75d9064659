#ifndef FRESHCHECK_TESTS_SERVED_H
#define FRESHCHECK_TESTS_SERVED_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/live/server.h"

/* A cluster of one job behind a real server, and the clients that talk to it. */

/* The time is the test's own while the sockets are real: what a fetch takes is passed by hand. */

#define JOB "00000000000000000000000000000001"

static const int64_t EPOCH_US = INT64_C(1700000000000000); /* Tue, 14 Nov 2023 22:13:20 GMT */

enum {
    BODY_LENGTH_MAX = 2 << 20, /* instead of Flink's 100 MiB */
    CALL_US = 1000,            /* there and back again: twice this */
    SOCKET_PATIENCE_MS = 5000, /* only a failing test waits as long as that */
    ROOMY_END_US = 250000      /* of live plans that a slow machine must get through too */
};

static const struct job_vertex vertices[] = {
    {.id = {.high = 7, .low = 7}, .name = "source", .parallelism = 1}};

static const struct job_plan jobs[] = {{
    .id = {.high = 0, .low = 1},
    .name = "J",
    .exists_at_start = true,
    .checkpointing = true,
    .state_size = 1000,
    .first_checkpoint_id = 1,
    .vertices = vertices,
    .vertex_count = 1,
    .rhythm = {.takes_us = 1000},
}};

static const struct job_event events[] = {
    {.at_us = 100, .job = 0, .kind = JOB_EVENT_COMPLETES, .takes_us = 50}};

struct fixture {
    struct plan plan;
    uint64_t ticket;
    struct server_options options;
    struct cluster *cluster;
    struct server *server;
    int64_t now_us;
    size_t call_count; /* of the gateway, so far */
};

static inline struct plan make_plan(void)
{
    struct plan plan = {
        .file = "test.yaml",
        .name = "test",
        .title = "test",
        .jobs = jobs,
        .job_count = 1,
        .events = events,
        .event_count = 1,
        .call_out_us = CALL_US,
        .call_back_us = CALL_US,
        .end_us = ROOMY_END_US,
        .live = true,
    };
    settings_default(&plan.settings);
    plan.settings.stats_timeout_us = 0;
    plan.settings.stats_timeout_given = true;
    plan.claim.claimed[PROPERTY_FRESH] = true;
    return plan;
}

/* Starts the cluster and a server for it as f->plan and f->options say. */
static inline void serve(struct fixture *f)
{
    f->cluster = cluster_new(&f->plan, implementation_find("reference"), 1, EPOCH_US, &f->ticket);
    assert_non_null(f->cluster);
    const char *why = NULL;
    f->server = server_start(f->cluster, &f->options, &why);
    assert_non_null(f->server);
    assert_int_not_equal(server_port(f->server), 0);
}

static inline struct fixture *fixture_new(void)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->plan = make_plan();
    f->options.epoch_us = EPOCH_US;
    f->options.body_length_max = BODY_LENGTH_MAX;
    return f;
}

static inline int set_up(void **state)
{
    struct fixture *f = fixture_new();
    serve(f);
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    server_stop(f->server);
    cluster_free(f->cluster);
    free(f);
    return 0;
}

/* Lets time pass up to `until_us`, with everything that happens until then. */
static inline void pass_time(struct fixture *f, int64_t until_us)
{
    int64_t due_us;
    while ((due_us = cluster_due(f->cluster, NULL)) <= until_us) {
        f->now_us = due_us > f->now_us ? due_us : f->now_us;
        assert_true(cluster_advance(f->cluster, f->now_us));
    }
    f->now_us = until_us;
    assert_true(server_step(f->server, f->now_us));
    struct fact fact;
    while (cluster_next_fact(f->cluster, &fact))
        f->call_count += fact.kind == FACT_CALL_SENT;
}

/* A connection of a client. Blocking while it connects, which the kernel does by itself. */
static inline int dial(const struct fixture *f)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(server_port(f->server)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Sends all of it, letting the server read meanwhile. */
static inline void say_bytes(struct fixture *f, int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t sent = send(fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            bytes += sent;
            length -= (size_t)sent;
            continue;
        }
        assert_true(errno == EAGAIN);
        assert_true(server_step(f->server, f->now_us));
    }
}

static inline void say(struct fixture *f, int fd, const char *text)
{
    say_bytes(f, fd, text, strlen(text));
}

/* Waits until the server or the client has something to read. Fails when neither ever has. */
static inline void wait_for_bytes(const struct fixture *f, int fd)
{
    if (server_timeout_ms(f->server) == 0)
        return;
    struct pollfd fds[] = {{.fd = server_fd(f->server), .events = POLLIN},
                           {.fd = fd, .events = POLLIN}};
    assert_true(poll(fds, 2, SOCKET_PATIENCE_MS) > 0);
}

static inline void wait_until_open(struct fixture *f, size_t count)
{
    assert_true(server_step(f->server, f->now_us));
    while (server_requests_open(f->server) != count) {
        wait_for_bytes(f, -1);
        assert_true(server_step(f->server, f->now_us));
    }
}

struct answer {
    int status; /* 0: the server closed the connection first */
    char head[2048];
    char body[16384];
    size_t body_length;
};

/* The value of a header, case not minded; NULL when absent. */
static const char *header_of(const struct answer *answer, const char *name)
{
    static char value[256];
    const char *line = answer->head;
    const size_t length = strlen(name);
    while ((line = strstr(line, "\r\n"))) {
        line += 2;
        if (strncasecmp(line, name, length) != 0 || line[length] != ':')
            continue;
        const char *from = line + length + 1 + strspn(line + length + 1, " ");
        snprintf(value, sizeof value, "%.*s", (int)strcspn(from, "\r"), from);
        return value;
    }
    return NULL;
}

/* Reads one byte at a time where it matters not to read into the next answer. */
static inline bool hear_byte(struct fixture *f, int fd, char *byte)
{
    for (;;) {
        const ssize_t got = recv(fd, byte, 1, MSG_DONTWAIT);
        if (got == 1)
            return true;
        if (got == 0 || errno == ECONNRESET)
            return false;
        assert_int_equal(errno, EAGAIN);
        wait_for_bytes(f, fd);
        assert_true(server_step(f->server, f->now_us));
    }
}

static inline void hear(struct fixture *f, int fd, bool has_body, struct answer *answer)
{
    memset(answer, 0, sizeof *answer);
    size_t length = 0;
    while (!strstr(answer->head, "\r\n\r\n")) {
        assert_true(length + 1 < sizeof answer->head);
        if (!hear_byte(f, fd, &answer->head[length]))
            return;
        length++;
    }
    answer->status = atoi(answer->head + strlen("HTTP/1.1 "));
    const char *announced = header_of(answer, "Content-Length");
    assert_non_null(announced);
    const size_t body_length = has_body ? (size_t)atoi(announced) : 0;
    assert_true(body_length < sizeof answer->body);
    while (answer->body_length < body_length)
        assert_true(hear_byte(f, fd, &answer->body[answer->body_length++]));
}

static inline bool is_closed(struct fixture *f, int fd)
{
    char byte;
    return !hear_byte(f, fd, &byte);
}

static const char get_checkpoints[] = "GET /jobs/" JOB "/checkpoints HTTP/1.1\r\nHost: x\r\n\r\n";
static const char get_config[] = "GET /config HTTP/1.1\r\nHost: x\r\n\r\n";

/* Asks for the checkpoints, which takes a call of the gateway, and hears the answer. */
static inline void fetch_checkpoints(struct fixture *f, int fd, struct answer *answer)
{
    say(f, fd, get_checkpoints);
    wait_until_open(f, 1);
    pass_time(f, f->now_us + 2 * CALL_US);
    hear(f, fd, true, answer);
}

#endif

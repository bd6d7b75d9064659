#include "harness/live/server.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/text.h"
#include "rest_endpoint/body.h"

enum {
    BODY_LENGTH_MAX = 1 << 20, /* Flink's rest.server.max-content-length is 100 MiB; nothing that
                                  this server understands needs more than a line */
    BUCKET_COUNT = 1024,       /* a power of two */
    CONNECTION_COUNT_MAX = 10000,
    IDLE_SECONDS_MAX = 300, /* see start_daemon() */
    ROUND_COUNT_MAX = 16,   /* of sending and receiving in one step, so that one busy client cannot
                               keep the loop from everybody else */
    EVENT_COUNT_MAX = 64,
    US_PER_SECOND = 1000000
};

enum visit_state {
    VISIT_ARRIVING, /* headers or body are still coming in */
    VISIT_WAITING,  /* the cluster was asked */
    VISIT_ANSWERED, /* the cluster's reply is here */
    VISIT_GONE      /* the client went away while waiting */
};

/* One request, from its request line to the last byte of its answer. */
struct visit {
    struct visit *next; /* in its bucket, while waiting */
    struct MHD_Connection *connection;
    char *target;
    struct buffer body;
    uint64_t id; /* the cluster's name for it; 0 until it is asked */
    enum visit_state state;
    bool headers_seen;
    bool too_large;
    bool parked; /* its connection is suspended, and watched for the client's leaving */
    struct cluster_reply reply;
};

struct server {
    struct cluster *cluster; /* borrowed */
    struct MHD_Daemon *daemon;
    int watch_fd; /* epoll: the daemon's own epoll, and the sockets of parked visits */
    uint16_t port;
    int64_t now_us; /* of the step under way */
    uint64_t last_id;
    size_t open_count;
    bool resumed; /* a connection was resumed and the daemon has not run since */
    bool failed;  /* out of memory in the cluster */
    bool stopping;
    struct visit *buckets[BUCKET_COUNT]; /* waiting visits by id */
};

/* The waiting visits. */

static struct visit **bucket_of(struct server *server, uint64_t id)
{
    return &server->buckets[id & (BUCKET_COUNT - 1)];
}

static void add_waiting(struct server *server, struct visit *visit)
{
    struct visit **bucket = bucket_of(server, visit->id);
    visit->next = *bucket;
    *bucket = visit;
    visit->state = VISIT_WAITING;
}

/* Takes the visit out of the waiting ones; NULL when none has this id. */
static struct visit *take_waiting(struct server *server, uint64_t id)
{
    struct visit **link = bucket_of(server, id);
    while (*link && (*link)->id != id)
        link = &(*link)->next;
    struct visit *visit = *link;
    if (visit)
        *link = visit->next;
    return visit;
}

/* libmicrohttpd does not look at the socket of a suspended connection, so it would not notice a
 * client that leaves; the server's own epoll does. As Netty by default, which Flink leaves so, it
 * takes the end of the client's stream for its leaving (ChannelOption.ALLOW_HALF_CLOSURE). */
static void park(struct server *server, struct visit *visit)
{
    if (visit->parked)
        return;
    visit->parked = true;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info) {
        struct epoll_event event = {.events = EPOLLRDHUP, .data.u64 = visit->id};
        epoll_ctl(server->watch_fd, EPOLL_CTL_ADD, info->connect_fd, &event);
    }
    MHD_suspend_connection(visit->connection);
}

static void unpark(struct server *server, struct visit *visit)
{
    if (!visit->parked)
        return;
    visit->parked = false;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info)
        epoll_ctl(server->watch_fd, EPOLL_CTL_DEL, info->connect_fd, NULL);
    MHD_resume_connection(visit->connection);
    server->resumed = true;
}

static void take_replies(struct server *server)
{
    struct cluster_reply reply;
    while (cluster_next_reply(server->cluster, &reply)) {
        struct visit *visit = take_waiting(server, reply.request);
        if (!visit) {
            body_release(reply.body); /* its client left in the meantime */
            continue;
        }
        visit->reply = reply;
        visit->state = VISIT_ANSWERED;
        unpark(server, visit);
    }
}

static void notice_departures(struct server *server)
{
    struct epoll_event events[EVENT_COUNT_MAX];
    const int count = epoll_wait(server->watch_fd, events, EVENT_COUNT_MAX, 0);
    for (int i = 0; i < count; i++) {
        struct visit *visit = take_waiting(server, events[i].data.u64);
        if (!visit)
            continue; /* id 0: the daemon's own epoll */
        visit->state = VISIT_GONE;
        cluster_abandon(server->cluster, server->now_us, visit->id);
        unpark(server, visit);
    }
}

/* Answers. */

static void on_answer_sent(void *body)
{
    body_release(body);
}

/*
 * Source: Flink HandlerUtils.sendResponse. Netty writes "connection: keep-alive" for HTTP/1.1
 * too; libmicrohttpd does when told to.
 */
static bool add_headers(struct MHD_Response *response, int64_t age_us)
{
    if (MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                "application/json; charset=UTF-8") != MHD_YES ||
        MHD_add_response_header(response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN, "*") !=
            MHD_YES ||
        MHD_set_response_options(response, MHD_RF_SEND_KEEP_ALIVE_HEADER, MHD_RO_END) != MHD_YES)
        return false;
    if (age_us < 0)
        return true;
    char age_seconds[24];
    snprintf(age_seconds, sizeof age_seconds, "%lld", (long long)(age_us / US_PER_SECOND));
    return MHD_add_response_header(response, MHD_HTTP_HEADER_AGE, age_seconds) == MHD_YES;
}

static enum MHD_Result send_answer(struct server *server, struct visit *visit)
{
    size_t length;
    const char *bytes = body_bytes(visit->reply.body, &length);
    if (!bytes) {
        server->failed = true;
        return MHD_NO;
    }
    /* The bytes stay where they are, held until the response is gone. Up to 0.9.77 the parameter
     * lacks the `const` that it deserves. */
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        length, (void *)(uintptr_t)bytes, on_answer_sent, visit->reply.body);
    if (!response)
        return MHD_NO;
    const int status = visit->reply.status;
    const int64_t age_us = visit->reply.age_us;
    visit->reply.body = NULL;
    enum MHD_Result result = MHD_NO;
    if (add_headers(response, age_us))
        result = MHD_queue_response(visit->connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

/*
 * An empty 413; the connection stays open unless the body was chunked. The body was read to its
 * end and thrown away: a reply in the middle of an upload would cost the connection.
 * Source: reference section 3, Netty HttpObjectAggregator.handleOversizedMessage.
 */
static enum MHD_Result send_too_large(struct visit *visit)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    const bool chunked = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND,
                                                     MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL;
    enum MHD_Result result = MHD_YES;
    if (chunked)
        result = MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    if (result == MHD_YES)
        result = MHD_queue_response(visit->connection, MHD_HTTP_CONTENT_TOO_LARGE, response);
    MHD_destroy_response(response);
    return result;
}

/* Requests. */

/* Called with the request line as the client sent it, before libmicrohttpd decodes it. What it
 * returns is handed to on_request() and on_completed(). */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct server *server = context;
    struct visit *visit = calloc(1, sizeof *visit);
    if (!visit)
        return NULL;
    visit->connection = connection;
    visit->target = text_copy(target);
    if (!visit->target) {
        free(visit);
        return NULL;
    }
    server->open_count++;
    return visit;
}

static bool take_body(struct visit *visit, const char *bytes, size_t length)
{
    if (visit->too_large)
        return true;
    if (length > BODY_LENGTH_MAX - visit->body.length) {
        visit->too_large = true;
        buffer_free(&visit->body);
        return true;
    }
    buffer_append(&visit->body, bytes, length);
    return !visit->body.failed;
}

static enum http_method method_of(const char *name)
{
    static const struct {
        const char *name;
        enum http_method method;
    } methods[] = {
        {"GET", METHOD_GET},
        {"POST", METHOD_POST},
        {"PATCH", METHOD_PATCH},
    };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(name, methods[i].name) == 0)
            return methods[i].method;
    return METHOD_OTHER;
}

static bool ask_cluster(struct server *server, struct visit *visit, const char *method)
{
    visit->id = ++server->last_id;
    const struct request request = {
        .id = visit->id,
        .method = method_of(method),
        .target = visit->target,
        .target_length = strlen(visit->target),
        .cache_control = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND,
                                                     MHD_HTTP_HEADER_CACHE_CONTROL),
        .body = visit->body.bytes,
        .body_length = visit->body.length,
    };
    if (!cluster_request(server->cluster, server->now_us, &request))
        return false;
    add_waiting(server, visit);
    take_replies(server);
    return true;
}

/*
 * Called once with the headers, then for each piece of the body, then once more; and again after
 * a suspended connection was resumed. A reply on the first call would make libmicrohttpd close the
 * connection after it, so nothing is said there.
 */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_length, void **visit_slot)
{
    (void)connection;
    (void)url;
    (void)version;
    struct server *server = context;
    struct visit *visit = *visit_slot;
    if (!visit || (server->stopping && visit->state == VISIT_ARRIVING))
        return MHD_NO;
    if (!visit->headers_seen) {
        visit->headers_seen = true;
        return MHD_YES;
    }
    if (*upload_length > 0) {
        const size_t length = *upload_length;
        *upload_length = 0;
        return take_body(visit, upload, length) ? MHD_YES : MHD_NO;
    }
    if (visit->too_large)
        return send_too_large(visit);
    if (visit->state == VISIT_ARRIVING && !ask_cluster(server, visit, method)) {
        server->failed = true;
        return MHD_NO;
    }
    if (visit->state == VISIT_ANSWERED)
        return send_answer(server, visit);
    if (visit->state == VISIT_GONE)
        return MHD_NO;
    park(server, visit);
    return MHD_YES;
}

/* Whatever way a request ended. */
static void on_completed(void *context, struct MHD_Connection *connection, void **visit_slot,
                         enum MHD_RequestTerminationCode why)
{
    (void)connection;
    (void)why;
    struct server *server = context;
    struct visit *visit = *visit_slot;
    *visit_slot = NULL;
    if (!visit)
        return;
    assert(visit->state != VISIT_WAITING); /* suspended connections do not end by themselves */
    body_release(visit->reply.body);
    buffer_free(&visit->body);
    free(visit->target);
    free(visit);
    server->open_count--;
}

/* Start and stop. */

/* A listening socket on loopback; -1 and errno when it cannot be had. */
static int listen_on(uint16_t *port)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    const int on = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(*port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t length = sizeof address;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        listen(fd, SOMAXCONN) == 0 && getsockname(fd, (struct sockaddr *)&address, &length) == 0) {
        *port = ntohs(address.sin_port);
        return fd;
    }
    const int error = errno;
    close(fd);
    errno = error;
    return -1;
}

/*
 * The limit on idle connections is for clients that send half a request and leave: when their last
 * bytes and their leaving arrive as one event, libmicrohttpd (0.9.75, recv_param_adapter) takes
 * the short read for "nothing more", and would keep the connection for good.
 */
static struct MHD_Daemon *start_daemon(struct server *server, int listen_fd)
{
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK;
#if MHD_VERSION >= 0x00097707
    flags |= MHD_USE_NO_THREAD_SAFETY;
#endif
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, server, MHD_OPTION_LISTEN_SOCKET,
                            listen_fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTION_COUNT_MAX,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS_MAX,
                            MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_END);
}

/* Lets the server's own epoll contain the daemon's. */
static bool watch_daemon(struct server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = 0};
    return info && info->epoll_fd >= 0 &&
           epoll_ctl(server->watch_fd, EPOLL_CTL_ADD, info->epoll_fd, &event) == 0;
}

struct server *server_start(struct cluster *cluster, const struct server_options *options,
                            const char **why)
{
    *why = "out of memory";
    struct server *server = calloc(1, sizeof *server);
    if (!server)
        return NULL;
    server->cluster = cluster;
    server->port = options->port;
    server->watch_fd = epoll_create1(EPOLL_CLOEXEC);
    const int listen_fd = server->watch_fd < 0 ? -1 : listen_on(&server->port);
    if (listen_fd < 0) {
        *why = strerror(errno);
        goto failed;
    }
    server->daemon = start_daemon(server, listen_fd);
    if (!server->daemon) {
        *why = "libmicrohttpd did not start";
        /* On most of its ways to fail, but not on all, the daemon has closed the socket. */
        if (fcntl(listen_fd, F_GETFD) >= 0)
            close(listen_fd);
        goto failed;
    }
    if (!watch_daemon(server)) {
        *why = "libmicrohttpd has no epoll here";
        goto failed;
    }
    return server;
failed:
    server_stop(server);
    return NULL;
}

/* libmicrohttpd insists that no connection is suspended when it stops. Requests that still lie in
 * its sockets are turned away, or they would be suspended in turn. */
static void close_waiting(struct server *server)
{
    server->stopping = true;
    take_replies(server);
    MHD_run(server->daemon);
    for (size_t i = 0; i < BUCKET_COUNT; i++) {
        while (server->buckets[i]) {
            struct visit *visit = take_waiting(server, server->buckets[i]->id);
            visit->state = VISIT_GONE;
            cluster_abandon(server->cluster, server->now_us, visit->id);
            unpark(server, visit);
        }
    }
    MHD_run(server->daemon);
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    if (server->daemon) {
        close_waiting(server);
        MHD_stop_daemon(server->daemon);
    }
    if (server->watch_fd >= 0)
        close(server->watch_fd);
    free(server);
}

uint16_t server_port(const struct server *server)
{
    return server->port;
}

int server_fd(const struct server *server)
{
    return server->watch_fd;
}

size_t server_requests_open(const struct server *server)
{
    return server->open_count;
}

bool server_step(struct server *server, int64_t now_us)
{
    server->now_us = now_us;
    take_replies(server);
    notice_departures(server);
    for (int round = 0; round < ROUND_COUNT_MAX; round++) {
        server->resumed = false;
        if (MHD_run(server->daemon) != MHD_YES)
            return false;
        if (server_timeout_ms(server) != 0)
            break;
    }
    return !server->failed;
}

int server_timeout_ms(const struct server *server)
{
    if (server->resumed)
        return 0;
    MHD_UNSIGNED_LONG_LONG timeout_ms;
    if (MHD_get_timeout(server->daemon, &timeout_ms) != MHD_YES)
        return -1;
    return timeout_ms > INT32_MAX ? INT32_MAX : (int)timeout_ms;
}

void server_raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

bool server_add_wire_fault(struct server *server, const struct wire_fault *fault)
{
    (void)server;
    (void)fault;
    return true;
}

void server_clear_wire_faults(struct server *server)
{
    (void)server;
}

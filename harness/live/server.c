#include "harness/live/server.h"

#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/live/server_internal.h"

enum {
    BODY_LENGTH_MAX = 104857600, /* the default of rest.server.max-content-length */
    HEAD_LENGTH_MAX = 16 * 1024, /* of a connection's memory; Netty takes 4 KiB of request line and
                                    8 KiB of headers */
    CONNECTION_COUNT_MAX = 50000,
    FILES_OF_OUR_OWN = 64,
    IDLE_SECONDS_MAX = 300,  /* see start_daemon() */
    ROUND_COUNT_MAX = 16,    /* of sending and receiving in one step, so that one busy client cannot
                                keep the loop from everybody else */
    ACCEPT_COUNT_MAX = 64,   /* in one step */
    ACCEPT_PAUSE_US = 50000, /* after the system had no file to give */
    CROWD_COUNT_MIN = 500,   /* see give_memory_back() */
    EVENT_COUNT_MAX = 64
};

/* What an event is about: this, or the id of a parked visit. */
static const uint64_t about_daemon = 0;
static const uint64_t about_listener = UINT64_MAX;

/* Listening. The server accepts connections itself, and lends them to libmicrohttpd: so the port
 * can be closed and opened while connections live on, and nobody is taken in whom the process has
 * no file for; those wait in the kernel's queue. */

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

static size_t connection_count(const struct server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return info ? info->num_connections : 0;
}

/* Opens and closes the port as wire faults say, and looks at it only while somebody who comes can
 * be taken in. */
static void tend_listener(struct server *server)
{
    if (faults_refuse(server, server->now_us)) {
        if (server->listen_fd >= 0)
            close(server->listen_fd);
        server->listen_fd = -1;
        server->listener_watched = false;
        return;
    }
    if (server->listen_fd < 0)
        server->listen_fd = listen_on(&server->port);
    if (server->listen_fd < 0)
        server->accept_again_us = server->now_us + ACCEPT_PAUSE_US;
    const bool wanted = server->listen_fd >= 0 && server->now_us >= server->accept_again_us &&
                        connection_count(server) < server->connection_count_max;
    if (wanted == server->listener_watched || server->listen_fd < 0)
        return;
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = about_listener};
    epoll_ctl(server->watch_fd, wanted ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, server->listen_fd, &event);
    server->listener_watched = wanted;
}

bool server_take_connection(struct server *server, int fd)
{
    struct sockaddr_storage address = {.ss_family = AF_UNIX};
    socklen_t length = sizeof address;
    if (getpeername(fd, (struct sockaddr *)&address, &length) != 0) {
        close(fd); /* it came and went */
        return false;
    }
    return MHD_add_connection(server->daemon, fd, (const struct sockaddr *)&address, length) ==
           MHD_YES;
}

static void accept_some(struct server *server)
{
    for (int i = 0; i < ACCEPT_COUNT_MAX; i++) {
        if (connection_count(server) >= server->connection_count_max)
            return;
        const int fd = accept4(server->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR)
                server->accept_again_us = server->now_us + ACCEPT_PAUSE_US;
            return;
        }
        server_take_connection(server, fd);
    }
}

/* Start and stop. */

/*
 * The limit on idle connections is for clients that send half a request and leave: when their last
 * bytes and their leaving arrive as one event, libmicrohttpd (0.9.75, recv_param_adapter) takes
 * the short read for "nothing more", and would keep the connection for good.
 */
static struct MHD_Daemon *start_daemon(struct server *server)
{
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK |
                     MHD_USE_NO_LISTEN_SOCKET;
#if MHD_VERSION >= 0x00097707
    flags |= MHD_USE_NO_THREAD_SAFETY;
#endif
    return MHD_start_daemon(
        flags, 0, NULL, NULL, request_on_access, server, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTION_COUNT_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_LENGTH_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS_MAX, MHD_OPTION_URI_LOG_CALLBACK,
        request_on_target, server, MHD_OPTION_NOTIFY_COMPLETED, request_on_completed, server,
        MHD_OPTION_END);
}

/* Lets the server's own epoll contain the daemon's. */
static bool watch_daemon(struct server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = about_daemon};
    return info && info->epoll_fd >= 0 &&
           epoll_ctl(server->watch_fd, EPOLL_CTL_ADD, info->epoll_fd, &event) == 0;
}

static size_t connections_allowed(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
        limit.rlim_cur > CONNECTION_COUNT_MAX + FILES_OF_OUR_OWN)
        return CONNECTION_COUNT_MAX;
    return limit.rlim_cur > 2 * FILES_OF_OUR_OWN ? limit.rlim_cur - FILES_OF_OUR_OWN
                                                 : FILES_OF_OUR_OWN;
}

struct server *server_start(struct cluster *cluster, const struct server_options *options,
                            const char **why)
{
    *why = "out of memory";
    struct server *server = calloc(1, sizeof *server);
    if (!server)
        return NULL;
    server->cluster = cluster;
    server->options = *options;
    if (server->options.body_length_max == 0)
        server->options.body_length_max = BODY_LENGTH_MAX;
    server->connection_count_max = connections_allowed();
    server->accept_again_us = INT64_MIN;
    server->port = options->port;
    server->watch_fd = epoll_create1(EPOLL_CLOEXEC);
    server->listen_fd = server->watch_fd < 0 ? -1 : listen_on(&server->port);
    if (server->listen_fd < 0) {
        *why = strerror(errno);
        goto failed;
    }
    server->daemon = start_daemon(server);
    if (!server->daemon) {
        *why = "libmicrohttpd did not start";
        goto failed;
    }
    if (!watch_daemon(server)) {
        *why = "libmicrohttpd has no epoll here";
        goto failed;
    }
    tend_listener(server);
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
    requests_take_replies(server);
    MHD_run(server->daemon);
    visits_leave_all(server);
    MHD_run(server->daemon);
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    if (server->listen_fd >= 0)
        close(server->listen_fd);
    if (server->daemon) {
        close_waiting(server);
        MHD_stop_daemon(server->daemon);
    }
    if (server->watch_fd >= 0)
        close(server->watch_fd);
    server_clear_wire_faults(server);
    free(server);
}

void server_change_cluster(struct server *server, struct cluster *cluster, int64_t epoch_us)
{
    requests_take_replies(server);
    visits_turn_away_all(server);
    server_clear_wire_faults(server);
    server->cluster = cluster;
    server->options.epoch_us = epoch_us;
    server->accept_again_us = INT64_MIN;
    server->now_us = 0;
}

/* Running. */

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

static void take_events(struct server *server)
{
    struct epoll_event events[EVENT_COUNT_MAX];
    const int count = epoll_wait(server->watch_fd, events, EVENT_COUNT_MAX, 0);
    for (int i = 0; i < count; i++) {
        if (events[i].data.u64 == about_listener)
            accept_some(server);
        else if (events[i].data.u64 != about_daemon)
            visit_leave(server, events[i].data.u64);
    }
}

/* The memory of a crowd that has left lies between what is still used, and the allocator would keep
 * it. */
static void give_memory_back(struct server *server)
{
    const size_t count = connection_count(server);
    if (count > server->crowd_count)
        server->crowd_count = count;
    if (server->crowd_count < CROWD_COUNT_MIN || count > server->crowd_count / 4)
        return;
    malloc_trim(0);
    server->crowd_count = count;
}

bool server_step(struct server *server, int64_t now_us)
{
    server->now_us = now_us;
    visits_wake_due(server);
    requests_take_replies(server);
    tend_listener(server);
    take_events(server);
    for (int round = 0; round < ROUND_COUNT_MAX; round++) {
        server->resumed = false;
        if (MHD_run(server->daemon) != MHD_YES)
            return false;
        if (server_timeout_ms(server) != 0)
            break;
    }
    tend_listener(server);
    give_memory_back(server);
    return true;
}

/* When something of ours is due, whoever comes or goes. */
static int64_t due_us(const struct server *server)
{
    int64_t due_us = faults_next_turn_us(server, server->now_us);
    if (server->soonest && server->soonest->due_us < due_us)
        due_us = server->soonest->due_us;
    if (server->accept_again_us > server->now_us && server->accept_again_us < due_us)
        due_us = server->accept_again_us;
    return due_us;
}

int server_timeout_ms(const struct server *server)
{
    if (server->resumed)
        return 0;
    int64_t timeout_ms = INT64_MAX;
    const int64_t next_us = due_us(server);
    if (next_us < INT64_MAX)
        timeout_ms = next_us <= server->now_us ? 0 : (next_us - server->now_us + 999) / 1000;
    MHD_UNSIGNED_LONG_LONG idle_ms;
    if (MHD_get_timeout(server->daemon, &idle_ms) == MHD_YES && idle_ms < (uint64_t)timeout_ms)
        timeout_ms = (int64_t)idle_ms;
    if (timeout_ms == INT64_MAX)
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

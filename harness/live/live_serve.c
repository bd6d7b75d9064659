#include "harness/live/live.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include "harness/cluster/cluster.h"
#include "harness/live/clock.h"
#include "harness/live/server.h"

/* How long answers under way may take after a signal. */
static const int64_t farewell_us = 1000000;

enum { EXIT_INTERRUPTED = 130 };

struct service {
    uint64_t ticket;
    struct cluster *cluster;
    struct server *server;
    struct live_clock clock;
    int signal_fd;
    int loop_fd; /* epoll: server, timer, signals */
    int64_t now_us;
    int64_t leave_us; /* INT64_MAX until a signal came */
    int signal;       /* the one that came; 0: none */
};

static bool watch(int loop_fd, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};
    return fd >= 0 && epoll_ctl(loop_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* Exit code; 0 with everything ready, else one sentence was printed. */
static int service_open(struct service *service, const struct plan *plan,
                        const struct implementation *implementation, uint64_t seed, uint16_t port,
                        const sigset_t *signals)
{
    server_raise_file_limit();
    service->signal_fd = signalfd(-1, signals, SFD_NONBLOCK | SFD_CLOEXEC);
    service->loop_fd = epoll_create1(EPOLL_CLOEXEC);
    if (!live_clock_start(&service->clock) || service->loop_fd < 0 ||
        !watch(service->loop_fd, service->signal_fd) ||
        !watch(service->loop_fd, service->clock.timer_fd)) {
        fputs("freshcheck: the system has no timer or no epoll to give\n", stderr);
        return EX_SOFTWARE;
    }
    service->cluster =
        cluster_new(plan, implementation, seed, live_clock_epoch_us(), &service->ticket);
    if (!service->cluster) {
        fputs("freshcheck: out of memory\n", stderr);
        return EX_SOFTWARE;
    }
    const struct server_options options = {.port = port};
    const char *why;
    service->server = server_start(service->cluster, &options, &why);
    if (!service->server || !watch(service->loop_fd, server_fd(service->server))) {
        fprintf(stderr, "freshcheck: cannot listen on 127.0.0.1:%u: %s\n", (unsigned)port,
                service->server ? "no more files can be watched" : why);
        return EX_UNAVAILABLE;
    }
    live_clock_restart(&service->clock);
    return 0;
}

static void service_close(struct service *service)
{
    server_stop(service->server);
    cluster_free(service->cluster);
    live_clock_stop(&service->clock);
    if (service->signal_fd >= 0)
        close(service->signal_fd);
    if (service->loop_fd >= 0)
        close(service->loop_fd);
}

/* Nobody judges here: what the origin did is only taken so that it does not pile up. */
static void forget_facts(struct cluster *cluster)
{
    struct fact fact;
    while (cluster_next_fact(cluster, &fact))
        continue;
}

/* The first signal lets answers under way leave; a second one does not wait for them. */
static void take_signals(struct service *service)
{
    struct signalfd_siginfo info;
    while (read(service->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        service->leave_us = service->signal ? service->now_us : service->now_us + farewell_us;
        service->signal = (int)info.ssi_signo;
    }
}

static bool is_over(const struct service *service)
{
    if (!service->signal)
        return false;
    return server_requests_open(service->server) == 0 || service->now_us >= service->leave_us;
}

/* Sleeps until something is due, then does it. False: out of memory. */
static bool turn(struct service *service)
{
    const int64_t origin_us = cluster_due(service->cluster, NULL);
    live_clock_wake_at(&service->clock,
                       origin_us < service->leave_us ? origin_us : service->leave_us);
    struct epoll_event event;
    epoll_wait(service->loop_fd, &event, 1, server_timeout_ms(service->server));
    service->now_us = live_clock_now_us(&service->clock);
    take_signals(service);
    while (cluster_due(service->cluster, NULL) <= service->now_us) {
        if (!cluster_advance(service->cluster, service->now_us))
            return false;
    }
    const bool served = server_step(service->server, service->now_us);
    forget_facts(service->cluster);
    return served;
}

static int serve_until_signalled(struct service *service)
{
    while (!is_over(service)) {
        if (!turn(service)) {
            fputs("freshcheck: out of memory\n", stderr);
            return EX_SOFTWARE;
        }
    }
    return service->signal == SIGINT ? EXIT_INTERRUPTED : 0;
}

int live_serve(const struct plan *plan, const struct implementation *implementation, uint64_t seed,
               uint16_t port)
{
    struct service service = {.signal_fd = -1, .loop_fd = -1, .leave_us = INT64_MAX};
    sigset_t signals;
    sigset_t before;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, &before);
    int code = service_open(&service, plan, implementation, seed, port, &signals);
    if (code == 0) {
        fprintf(stderr, "freshcheck: serving %s as %s on http://127.0.0.1:%u  (Ctrl-C ends it)\n",
                plan->name, implementation_name(implementation),
                (unsigned)server_port(service.server));
        code = serve_until_signalled(&service);
    }
    service_close(&service);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return code;
}

#include "harness/live/live.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include "harness/live/serve_internal.h"

/* How long answers under way may take after a signal. */
static const int64_t farewell_us = 1000000;

enum { EXIT_MISBEHAVED = 1, EXIT_INTERRUPTED = 130, ROUND_COUNT_MAX = 64 };

/* How a job comes up and goes that a client starts, as on a cluster with slots to spare. Where time
 * moves by hand there is none of it: who submits a job would wait for somebody to move the time. */
static const struct job_pace submitted_pace = {
    .initializing_us = 20000,
    .created_us = 5000,
    .scheduled_us = 90000,
    .deploying_us = 60000,
    .task_initializing_us = 150000,
    .restarting_us = 1000000,
    .cancelling_us = 20000,
    .failing_us = 20000,
    .finishing_us = 30000,
};

const struct job_pace *service_submitted_pace(const struct serve_options *options)
{
    return options->manual_clock ? NULL : &submitted_pace;
}

/* Time 0 of a manual clock, 2026-01-01T00:00:00Z: fixed, so that a session can be repeated. */
static const int64_t manual_epoch_us = INT64_C(1767225600000000);

int64_t service_epoch_us(const struct serve_options *options)
{
    return options->manual_clock ? manual_epoch_us : live_clock_epoch_us();
}

static bool watch(int loop_fd, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};
    return fd >= 0 && epoll_ctl(loop_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static struct plan plan_without_jobs(const struct plan *plan)
{
    struct plan empty = *plan;
    empty.jobs = NULL;
    empty.job_count = 0;
    empty.events = NULL;
    empty.event_count = 0;
    empty.faults = NULL;
    empty.fault_count = 0;
    return empty;
}

static struct cluster *open_cluster(struct service *service, const struct plan *plan, size_t index)
{
    const struct serve_options *options = service->options;
    const struct cluster_options cluster = {
        .plan = plan,
        .implementation = options->implementation,
        .seed = options->seed + index, /* so that no two draw the same ids */
        .epoch_us = service->epoch_us,
        .ticket = &service->ticket,
        .flink_version = options->flink_version,
        .configuration = options->configuration,
        .files = service->files,
        .submitted_pace = service_submitted_pace(options),
    };
    return cluster_open(&cluster);
}

/* Where the next thing happens, and when. Things of one instant happen in the order in which they
 * were scheduled, whichever cluster they belong to. */
static struct outlet *next_outlet(struct service *service, int64_t *due_us)
{
    struct outlet *next = NULL;
    uint64_t next_ticket = 0;
    *due_us = INT64_MAX;
    for (size_t i = 0; i < service->outlet_count; i++) {
        uint64_t ticket = 0;
        const int64_t at_us = cluster_due(service->outlets[i].cluster, &ticket);
        if (at_us == INT64_MAX || at_us > *due_us || (at_us == *due_us && ticket > next_ticket))
            continue;
        next = &service->outlets[i];
        next_ticket = ticket;
        *due_us = at_us;
    }
    return next;
}

/* A mock that has lost an event is still of use, and its clients may be in the middle of theirs. */
static void tell_loss(struct service *service)
{
    if (!service->lost_told)
        fputs("freshcheck: out of memory: an answer, an event or a line of the journal is lost\n",
              stderr);
    service->lost_told = true;
}

bool service_run_until(struct service *service, int64_t now_us)
{
    int64_t due_us;
    bool fine = true;
    struct outlet *next = next_outlet(service, &due_us);
    service->happened |= due_us <= now_us || service->now_us != now_us;
    for (; fine && due_us <= now_us; next = next_outlet(service, &due_us)) {
        const int64_t at_us = due_us > service->now_us ? due_us : service->now_us;
        fine &= cluster_advance(next->cluster, at_us);
        fine &= control_take_entries(next->control);
    }
    service->now_us = now_us;
    if (!fine)
        tell_loss(service);
    return fine;
}

static uint64_t body_length_max(const struct serve_options *options)
{
    return options->configuration ? configuration_body_length_max(options->configuration) : 0;
}

/* Exit code; 0 when it answers, else one sentence was printed. */
static int outlet_open(struct service *service, size_t index)
{
    struct outlet *outlet = &service->outlets[index];
    const uint16_t first = service->options->port;
    const struct plan *plan = index == 0 ? service->options->plan : &service->without_jobs;
    const struct server_options options = {.port = (uint16_t)(first ? first + index : 0),
                                           .control = &outlet->control_pages,
                                           .book = &outlet->book,
                                           .site = service->options->site,
                                           .epoch_us = service->epoch_us,
                                           .body_length_max = body_length_max(service->options)};
    const char *why;
    outlet->service = service;
    outlet->cluster = open_cluster(service, plan, index);
    if (!outlet->cluster || !outlet_open_control(service, outlet, plan)) {
        fputs("freshcheck: out of memory\n", stderr);
        return EX_SOFTWARE;
    }
    outlet->server = server_start(outlet->cluster, &options, &why);
    if (outlet->server && watch(service->loop_fd, server_fd(outlet->server)))
        return 0;
    fprintf(stderr, "freshcheck: cannot listen on 127.0.0.1:%u: %s\n", (unsigned)options.port,
            outlet->server ? "no more files can be watched" : why);
    return EX_UNAVAILABLE;
}

static void start_clock(struct service *service)
{
    live_clock_restart(&service->clock);
    if (service->options->manual_clock)
        live_clock_freeze(&service->clock, 0);
}

/* Exit code; 0 with everything ready, else one sentence was printed. */
static int service_open(struct service *service, const sigset_t *signals)
{
    const struct serve_options *options = service->options;
    server_raise_file_limit();
    service->signal_fd = signalfd(-1, signals, SFD_NONBLOCK | SFD_CLOEXEC);
    service->loop_fd = epoll_create1(EPOLL_CLOEXEC);
    if (!live_clock_start(&service->clock) || service->loop_fd < 0 ||
        !watch(service->loop_fd, service->signal_fd) ||
        !watch(service->loop_fd, service->clock.timer_fd)) {
        fputs("freshcheck: the system has no timer or no epoll to give\n", stderr);
        return EX_SOFTWARE;
    }
    service->epoch_us = service_epoch_us(options);
    service->without_jobs = plan_without_jobs(options->plan);
    service->files = checkpoint_files_new();
    if (!service->files) {
        fputs("freshcheck: out of memory\n", stderr);
        return EX_SOFTWARE;
    }
    const size_t count = options->cluster_count ? options->cluster_count : 1;
    for (size_t i = 0; i < count; i++) {
        service->outlet_count = i + 1;
        const int code = outlet_open(service, i);
        if (code != 0)
            return code;
    }
    start_clock(service);
    return 0;
}

static void service_close(struct service *service)
{
    for (size_t i = 0; i < service->outlet_count; i++) {
        server_stop(service->outlets[i].server);
        control_free(service->outlets[i].control);
        cluster_free(service->outlets[i].cluster);
    }
    checkpoint_files_free(service->files);
    live_clock_stop(&service->clock);
    if (service->signal_fd >= 0)
        close(service->signal_fd);
    if (service->loop_fd >= 0)
        close(service->loop_fd);
}

/* The first signal lets answers under way leave; a second one does not wait for them. */
static void take_signals(struct service *service)
{
    struct signalfd_siginfo info;
    while (read(service->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        const int64_t now_us = live_clock_real_us();
        service->leave_real_us = service->signal ? now_us : now_us + farewell_us;
        service->signal = (int)info.ssi_signo;
    }
}

static size_t requests_open(const struct service *service)
{
    size_t count = 0;
    for (size_t i = 0; i < service->outlet_count; i++)
        count += server_requests_open(service->outlets[i].server);
    return count;
}

static bool is_over(const struct service *service)
{
    return service->signal &&
           (requests_open(service) == 0 || live_clock_real_us() >= service->leave_real_us);
}

/* What answers need that take no time has happened when this returns, also on other ports than the
 * one whose controls moved the clock. False: libmicrohttpd is broken. */
static bool serve_all(struct service *service)
{
    for (int round = 0; round < ROUND_COUNT_MAX; round++) {
        int64_t due_us;
        service->happened = false;
        for (size_t i = 0; i < service->outlet_count; i++) {
            if (!server_step(service->outlets[i].server, service->now_us))
                return false;
        }
        next_outlet(service, &due_us);
        if (due_us > service->now_us && !service->happened)
            break;
        service_run_until(service, service->now_us);
    }
    return true;
}

/* How long to sleep at most, as for epoll_wait(). */
static int sleep_ms_max(const struct service *service)
{
    if (service->happened)
        return 0;
    int least_ms = -1;
    for (size_t i = 0; i < service->outlet_count; i++) {
        const int ms = server_timeout_ms(service->outlets[i].server);
        if (ms >= 0 && (least_ms < 0 || ms < least_ms))
            least_ms = ms;
    }
    if (!service->signal)
        return least_ms;
    const int64_t left_us = service->leave_real_us - live_clock_real_us();
    const int left_ms = left_us > 0 ? (int)(left_us / 1000) + 1 : 0;
    return least_ms < 0 || left_ms < least_ms ? left_ms : least_ms;
}

/* Sleeps until something is due, then does it. False: libmicrohttpd is broken. */
static bool turn(struct service *service)
{
    int64_t due_us;
    struct epoll_event event;
    next_outlet(service, &due_us);
    live_clock_wake_at(&service->clock, due_us);
    epoll_wait(service->loop_fd, &event, 1, sleep_ms_max(service));
    take_signals(service);
    service_run_until(service, live_clock_now_us(&service->clock));
    return serve_all(service);
}

/* An implementation from outside that has crashed, or the like, serves nothing any more. */
static bool has_misbehaved(const struct service *service)
{
    for (size_t i = 0; i < service->outlet_count; i++) {
        struct judgement judgement = {0};
        struct cluster *cluster = service->outlets[i].cluster;
        if (!cluster_misbehaved(cluster))
            continue;
        cluster_conclude(cluster, service->now_us, NULL, &judgement, 0);
        fprintf(stderr, "freshcheck: %s\n", judgement.properties[PROPERTY_WELL_BEHAVED].cause);
        return true;
    }
    return false;
}

static int serve_until_signalled(struct service *service)
{
    while (!is_over(service)) {
        if (has_misbehaved(service))
            return EXIT_MISBEHAVED;
        if (!turn(service)) {
            fputs("freshcheck: libmicrohttpd has given up\n", stderr);
            return EX_SOFTWARE;
        }
    }
    return service->signal == SIGINT ? EXIT_INTERRUPTED : 0;
}

static void tell_addresses(const struct service *service)
{
    const struct serve_options *options = service->options;
    fprintf(stderr, "freshcheck: serving %s as %s%s%s on", options->plan->name,
            implementation_name(options->implementation), options->flink_version ? ", Flink " : "",
            options->flink_version ? options->flink_version : "");
    for (size_t i = 0; i < service->outlet_count; i++)
        fprintf(stderr, "%s http://127.0.0.1:%u", i ? " and" : "",
                (unsigned)server_port(service->outlets[i].server));
    fputs("  (Ctrl-C ends it)\n", stderr);
}

int live_serve(const struct serve_options *options)
{
    struct service service = {
        .options = options, .signal_fd = -1, .loop_fd = -1, .leave_real_us = INT64_MAX};
    sigset_t signals;
    sigset_t before;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, &before);
    int code = service_open(&service, &signals);
    if (code == 0) {
        if (options->listens)
            options->listens(options->listens_context);
        else
            tell_addresses(&service);
        code = serve_until_signalled(&service);
    }
    service_close(&service);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return code;
}

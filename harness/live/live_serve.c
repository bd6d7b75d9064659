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

#include "harness/cluster/cluster.h"
#include "harness/control/control.h"
#include "harness/live/clock.h"
#include "harness/live/server.h"

/* How long answers under way may take after a signal. */
static const int64_t farewell_us = 1000000;

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

/* Time 0 of a manual clock, 2026-01-01T00:00:00Z: fixed, so that a session can be repeated. */
static const int64_t manual_epoch_us = INT64_C(1767225600000000);

enum { EXIT_MISBEHAVED = 1, EXIT_INTERRUPTED = 130, ROUND_COUNT_MAX = 64 };

struct service;

/* A cluster, its port and its controls. */
struct outlet {
    struct service *service;
    struct cluster *cluster;
    struct control *control;
    struct local_pages control_pages;
    struct request_book book;
    struct server *server;
};

struct service {
    const struct serve_options *options;
    uint64_t ticket;
    struct checkpoint_files *files;
    struct outlet outlets[LIVE_CLUSTERS_MAX];
    size_t outlet_count;
    struct plan without_jobs; /* of all clusters but the first */
    struct live_clock clock;
    int64_t epoch_us; /* at time 0 */
    int signal_fd;
    int loop_fd; /* epoll: servers, timer, signals */
    int64_t now_us;
    bool happened; /* something in a cluster, or time moved, since the servers last stepped */
    int64_t leave_real_us; /* INT64_MAX until a signal came */
    int signal;            /* the one that came; 0: none */
    bool lost_told;        /* that something was lost for lack of memory */
};

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
        .submitted_pace = options->manual_clock ? NULL : &submitted_pace,
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

/* Lets everything happen that is due. False: memory ran out, and something was lost; a call that has
 * found none is due again in the next turn. */
static bool run_until(struct service *service, int64_t now_us)
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

/* What the controls of a cluster act on. */

static void read_clock(void *context, struct control_clock *clock)
{
    const struct service *service = ((struct outlet *)context)->service;
    *clock = (struct control_clock){
        .now_us = service->now_us,
        .epoch_us = service->epoch_us,
        .manual = service->options->manual_clock,
        .frozen = service->clock.frozen,
        .monotonic_us = live_clock_real_us(),
        .zero_monotonic_us = service->clock.zero_us,
    };
}

static bool advance(void *context, int64_t to_us)
{
    struct service *service = ((struct outlet *)context)->service;
    live_clock_advance(&service->clock, to_us);
    return run_until(service, to_us);
}

static void freeze(void *context)
{
    struct service *service = ((struct outlet *)context)->service;
    live_clock_freeze(&service->clock, service->now_us);
}

static void resume(void *context)
{
    live_clock_resume(&((struct outlet *)context)->service->clock);
}

static bool add_wire_fault(void *context, const struct wire_fault *fault)
{
    return server_add_wire_fault(((struct outlet *)context)->server, fault);
}

static void clear_wire_faults(void *context)
{
    server_clear_wire_faults(((struct outlet *)context)->server);
}

/* Another scenario. It is served as `run` would have it: with its own settings, and without what
 * only the command line of serve gives. */

static struct cluster *open_loaded(struct service *service, const struct control_load *load,
                                   int64_t epoch_us, struct checkpoint_files *files)
{
    const struct serve_options *options = service->options;
    const bool is_same = load->implementation == options->implementation;
    if (options->manual_clock && !load->plan->latency_given) {
        load->plan->call_out_us = 0;
        load->plan->call_back_us = 0;
    }
    const struct cluster_options cluster = {
        .plan = load->plan,
        .implementation = load->implementation,
        .seed = load->seed,
        .epoch_us = epoch_us,
        .ticket = &service->ticket,
        .flink_version = is_same ? options->flink_version : NULL,
        .files = files,
        .submitted_pace = options->manual_clock ? NULL : &submitted_pace,
    };
    return cluster_open(&cluster);
}

static struct cluster *load_scenario(void *context, const struct control_load *load)
{
    struct outlet *outlet = context;
    struct service *service = outlet->service;
    const bool manual = service->options->manual_clock;
    const int64_t epoch_us = manual ? manual_epoch_us : live_clock_epoch_us();
    struct checkpoint_files *files = checkpoint_files_new();
    struct cluster *cluster = files ? open_loaded(service, load, epoch_us, files) : NULL;
    if (!cluster) {
        checkpoint_files_free(files);
        return NULL;
    }
    server_change_cluster(outlet->server, cluster, epoch_us);
    cluster_free(outlet->cluster);
    checkpoint_files_free(service->files);
    outlet->cluster = cluster;
    service->files = files;
    service->epoch_us = epoch_us;
    live_clock_restart(&service->clock);
    if (manual || load->starts_frozen)
        live_clock_freeze(&service->clock, 0);
    service->now_us = 0;
    service->happened = true;
    return cluster;
}

/* The book of requests. A request was not here before its last byte was read, which is later than
 * when this turn began: what happened in between must be in its answer. */
static uint64_t write_arrival(void *context, uint64_t tag, int64_t *now_us)
{
    struct outlet *outlet = context;
    struct service *service = outlet->service;
    run_until(service, live_clock_now_us(&service->clock));
    *now_us = service->now_us;
    return control_request_arrived(outlet->control, tag, *now_us);
}

static void write_leaving(void *context, uint64_t line, int status)
{
    struct outlet *outlet = context;
    const int64_t now_us = live_clock_now_us(&outlet->service->clock);
    control_request_left(outlet->control, line, now_us, status);
}

static bool answer_control(void *context, int64_t now_us, const struct request *request,
                           struct local_answer *answer)
{
    struct outlet *outlet = context;
    struct control_answer given;
    (void)now_us; /* it is that of the service */
    const enum control_outcome outcome = control_request(outlet->control, request, &given);
    if (outcome == CONTROL_NOT_MINE)
        return false;
    static const char no_memory[] = "{\"errors\":[\"out of memory\"]}\n";
    *answer = (struct local_answer){.status = 500,
                                    .content_type = "application/json",
                                    .bytes = no_memory,
                                    .length = sizeof no_memory - 1,
                                    .modified_epoch_s = -1,
                                    .now_us = outlet->service->now_us};
    const size_t length = outcome == CONTROL_ANSWERED ? given.body.length : 0;
    char *bytes = outcome == CONTROL_ANSWERED ? buffer_take(&given.body) : NULL;
    if (!bytes)
        return true;
    answer->status = given.status;
    answer->content_type = given.content_type;
    answer->bytes = bytes;
    answer->length = length;
    answer->release = free;
    answer->held = bytes;
    return true;
}

static bool open_control(struct service *service, struct outlet *outlet, const struct plan *plan)
{
    const struct control_config config = {
        .cluster = outlet->cluster,
        .plan = plan,
        .implementation = service->options->implementation,
        .seed = service->options->seed,
        .ports = {.context = outlet,
                  .read_clock = read_clock,
                  .advance = advance,
                  .freeze = freeze,
                  .resume = resume,
                  .add_wire_fault = add_wire_fault,
                  .clear_wire_faults = clear_wire_faults,
                  .load = load_scenario},
        .has_neighbours = service->options->cluster_count > 1,
        .journal_lines_max = service->options->journal_lines_max,
    };
    outlet->control = control_new(&config);
    outlet->control_pages = (struct local_pages){.context = outlet, .answer = answer_control};
    outlet->book =
        (struct request_book){.context = outlet, .arrived = write_arrival, .leaves = write_leaving};
    return outlet->control != NULL;
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
    if (!outlet->cluster || !open_control(service, outlet, plan)) {
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
    service->epoch_us = options->manual_clock ? manual_epoch_us : live_clock_epoch_us();
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
        run_until(service, service->now_us);
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
    run_until(service, live_clock_now_us(&service->clock));
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

#include "harness/live/live.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "harness/clients/clients.h"
#include "harness/cluster/cluster.h"
#include "harness/live/clock.h"
#include "harness/live/flights.h"
#include "harness/live/server.h"
#include "harness/observer/observer.h"

enum {
    EVENT_COUNT_MAX = 256,
    STEP_MAX_US = 1000 /* far less than what any scenario puts between two things that matter */
};

/* How long answers may be missing after the end of a plan. */
static const int64_t patience_us = 5000000;

static const char *const out_of_memory = "out of memory";

/* A cell while it runs. */
struct run {
    struct live_cell *cell;
    uint64_t ticket;
    struct cluster *cluster;
    struct clients *clients;
    struct observer *observer;
    struct server *server;
    struct flights *flights; /* its clients' requests */
    bool server_is_due;
    bool flights_are_due;
    bool over;
};

struct loop {
    struct live_clock clock;
    int epoll_fd; /* epoll: the clock's timer, and of every cell its server and its flights */
    struct run *runs;
    size_t run_count;
    size_t running_count;
    int64_t now_us;
};

/* Setting up and taking down. */

/* `is_due` is set when the file becomes readable; NULL: waking up is enough. */
static bool watch(int epoll_fd, int fd, bool *is_due)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = is_due};
    return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static void run_close(struct run *run)
{
    flights_free(run->flights);
    server_stop(run->server);
    observer_free(run->observer);
    clients_free(run->clients);
    cluster_free(run->cluster);
    run->flights = NULL;
    run->server = NULL;
    run->observer = NULL;
    run->clients = NULL;
    run->cluster = NULL;
}

/* Ends a cell; `failure` NULL means with a result. */
static void run_end(struct loop *loop, struct run *run, const char *failure)
{
    const char *unreadable = NULL;
    if (failure && run->cluster && cluster_misbehaved(run->cluster)) {
        unreadable = failure;
        failure = NULL;
    }
    if (!failure && !observer_give_up(run->observer, loop->now_us))
        failure = observer_failure(run->observer);
    if (!failure) {
        struct run_result *result = &run->cell->result;
        observer_result(run->observer, run->clients, result);
        cluster_conclude(run->cluster, loop->now_us, unreadable, &result->judgement, result->reads);
    }
    run->cell->failure = failure;
    run->over = true;
    loop->running_count--;
    run_close(run);
}

/* An answer may be missing for as long as its plan says: patience is that of the run. */
static bool open_flights(struct run *run)
{
    struct address address;
    if (!address_of_loopback(server_port(run->server), &address))
        return false;
    run->flights = flights_new(&address);
    address_free(&address);
    if (run->flights)
        flights_be_patient(run->flights, 0);
    return run->flights != NULL;
}

/* Returns NULL, or why the cell cannot be run. */
static const char *run_open(struct loop *loop, struct run *run, uint64_t seed)
{
    const struct plan *plan = run->cell->plan;
    const struct server_options any_port = {.port = 0};
    const char *why = out_of_memory;
    const int64_t epoch_us = live_clock_epoch_us();
    run->cluster = cluster_new(plan, run->cell->implementation, seed, epoch_us, &run->ticket);
    run->clients = clients_new(plan, seed, &run->ticket);
    run->observer = observer_new(plan, 0);
    if (!run->cluster || !run->clients || !run->observer)
        return why;
    clients_tell_epoch(run->clients, epoch_us);
    clients_decide_as(run->clients, implementation_client_model(run->cell->implementation));
    run->server = server_start(run->cluster, &any_port, &why);
    if (!run->server)
        return why;
    if (!open_flights(run))
        return out_of_memory;
    if (!watch(loop->epoll_fd, server_fd(run->server), &run->server_is_due) ||
        !watch(loop->epoll_fd, flights_fd(run->flights), &run->flights_are_due))
        return "the system lets no more files be watched";
    return NULL;
}

static const char *loop_open(struct loop *loop, struct live_cell *cells, size_t cell_count,
                             uint64_t seed)
{
    server_raise_file_limit();
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->runs = calloc(cell_count, sizeof *loop->runs);
    if (!live_clock_start(&loop->clock) || loop->epoll_fd < 0 ||
        !watch(loop->epoll_fd, loop->clock.timer_fd, NULL))
        return "the system has no timer or no epoll to give";
    if (!loop->runs)
        return out_of_memory;
    loop->run_count = cell_count;
    loop->running_count = cell_count;
    for (size_t i = 0; i < cell_count; i++) {
        struct run *run = &loop->runs[i];
        run->cell = &cells[i];
        const char *why = run_open(loop, run, seed);
        if (why)
            run_end(loop, run, why);
    }
    live_clock_restart(&loop->clock);
    return NULL;
}

static void loop_close(struct loop *loop)
{
    for (size_t i = 0; i < loop->run_count; i++)
        run_close(&loop->runs[i]);
    free(loop->runs);
    live_clock_stop(&loop->clock);
    if (loop->epoll_fd >= 0)
        close(loop->epoll_fd);
}

/* What one cell does in a turn. Each returns NULL, or why the cell cannot go on. */

static const char *take_facts(struct run *run)
{
    struct fact fact;
    while (cluster_next_fact(run->cluster, &fact)) {
        if (!observer_fact(run->observer, &fact))
            return observer_failure(run->observer);
    }
    return NULL;
}

/* The origin is brought up to now before anything else happens in a turn, so that all it did by
 * then comes before the answers and requests that are stamped with this turn's time. */
static const char *advance_origin(struct run *run, int64_t now_us)
{
    while (cluster_due(run->cluster, NULL) <= now_us) {
        if (!cluster_advance(run->cluster, now_us))
            return out_of_memory;
        run->server_is_due = true;
    }
    return take_facts(run);
}

static const char *take_landings(struct run *run, int64_t now_us)
{
    struct landing landing;
    while (flights_next_landing(run->flights, &landing)) {
        if (landing.failure)
            return landing.failure;
        struct observed_answer answer;
        if (!observer_answered_bytes(run->observer, now_us, landing.request, landing.status,
                                     landing.bytes, landing.length, &answer))
            return observer_failure(run->observer);
        if (!clients_answered(run->clients, now_us, landing.request, answer.client_index,
                              landing.status, answer.seen))
            return out_of_memory;
    }
    return NULL;
}

static int64_t client_due_us(const struct run *run)
{
    const int64_t due_us = clients_due(run->clients, NULL);
    return due_us < run->cell->plan->end_us ? due_us : INT64_MAX;
}

static const char *let_clients_act(struct run *run, int64_t now_us)
{
    while (client_due_us(run) <= now_us) {
        const struct client_action *action = clients_next(run->clients, now_us);
        if (action->choice) {
            if (!observer_decided(run->observer, now_us, action))
                return observer_failure(run->observer);
            continue;
        }
        if (action->starts_job) {
            if (!cluster_start_from(run->cluster, now_us, action->job, action->path))
                return out_of_memory;
            const char *why = take_facts(run);
            if (why)
                return why;
            continue;
        }
        if (!observer_sent(run->observer, now_us, action))
            return observer_failure(run->observer);
        if (!flights_send(run->flights, now_us, action))
            return out_of_memory;
    }
    return NULL;
}

static const char *serve(struct run *run, int64_t now_us)
{
    if (!run->server_is_due)
        return NULL;
    if (!server_step(run->server, now_us))
        return out_of_memory;
    run->server_is_due = server_timeout_ms(run->server) == 0;
    return take_facts(run);
}

static bool is_finished(const struct run *run, int64_t now_us)
{
    const int64_t end_us = run->cell->plan->end_us;
    if (now_us < end_us)
        return false;
    return observer_waiting(run->observer) == 0 || now_us - end_us >= patience_us;
}

/* When the cell has to be looked at again, if nothing else happens. */
static int64_t run_due_us(const struct run *run, int64_t now_us)
{
    const int64_t end_us = run->cell->plan->end_us;
    int64_t due_us = now_us < end_us ? end_us : end_us + patience_us;
    const int64_t origin_us = cluster_due(run->cluster, NULL);
    const int64_t client_us = client_due_us(run);
    const int64_t flights_us = flights_due_us(run->flights);
    if (origin_us < due_us)
        due_us = origin_us;
    if (flights_us < due_us)
        due_us = flights_us;
    return client_us < due_us ? client_us : due_us;
}

/* The loop. */

/* Takes what the descriptors have to tell, after this long at most (-1: for good); how many. */
static int take_events(struct loop *loop, int timeout_ms)
{
    struct epoll_event events[EVENT_COUNT_MAX];
    const int count = epoll_wait(loop->epoll_fd, events, EVENT_COUNT_MAX, timeout_ms);
    for (int i = 0; i < count; i++) {
        bool *is_due = events[i].data.ptr;
        if (is_due)
            *is_due = true;
    }
    return count;
}

/*
 * Sleeps when there is nothing to do, and then lets the clock go on: to when the next thing is due
 * at most. A system with too much to do wakes the loop late; were that time counted, several
 * instants of the plan would fall into one, and the verdict would be on the machine. While there is
 * something to do the clock goes a step at most, for the same reason. All who take part live in
 * this loop and go by its clock, so none of them misses what is left out.
 */
static void wait_for_something(struct loop *loop)
{
    int64_t due_us = INT64_MAX;
    bool at_once = false;
    for (size_t i = 0; i < loop->run_count; i++) {
        const struct run *run = &loop->runs[i];
        if (run->over)
            continue;
        const int64_t run_us = run_due_us(run, loop->now_us);
        if (run_us < due_us)
            due_us = run_us;
        at_once |= run->server_is_due;
    }
    live_clock_wake_at(&loop->clock, due_us);
    const bool is_busy = take_events(loop, 0) > 0 || at_once;
    if (!is_busy)
        take_events(loop, -1);
    const int64_t step_end_us = loop->now_us + STEP_MAX_US;
    live_clock_hold(&loop->clock, is_busy || due_us < step_end_us ? step_end_us : due_us);
}

/* Calls `act` for every running cell, and ends those that cannot go on. */
static void each_running(struct loop *loop, const char *(*act)(struct loop *loop, struct run *run))
{
    for (size_t i = 0; i < loop->run_count; i++) {
        struct run *run = &loop->runs[i];
        const char *why = run->over ? NULL : act(loop, run);
        if (why)
            run_end(loop, run, why);
    }
}

/* Each of these is called for a whole cell; see turn() for their order. */

static const char *act_flights(struct loop *loop, struct run *run)
{
    if (!run->flights_are_due && flights_due_us(run->flights) > loop->now_us)
        return NULL;
    run->flights_are_due = false;
    return flights_step(run->flights, loop->now_us) ? NULL : "libcurl cannot go on";
}

static const char *act_origin_and_clients(struct loop *loop, struct run *run)
{
    const char *why = advance_origin(run, loop->now_us);
    if (!why)
        why = take_landings(run, loop->now_us);
    if (!why)
        why = let_clients_act(run, loop->now_us);
    return why;
}

static const char *act_server(struct loop *loop, struct run *run)
{
    const char *why = serve(run, loop->now_us);
    if (!why && is_finished(run, loop->now_us))
        run_end(loop, run, NULL);
    return why;
}

/*
 * One turn: sleep, let bytes flow, then read the clock again. Answers have arrived before that
 * reading and requests leave after it, so neither is stamped with a time that flatters the
 * implementation under test or blackens it.
 */
static void turn(struct loop *loop)
{
    wait_for_something(loop);
    loop->now_us = live_clock_now_us(&loop->clock);
    each_running(loop, act_flights);
    live_clock_hold(&loop->clock, loop->now_us + STEP_MAX_US);
    loop->now_us = live_clock_now_us(&loop->clock);
    each_running(loop, act_origin_and_clients);
    each_running(loop, act_server);
}

const char *live_run(struct live_cell *cells, size_t cell_count, const struct run_options *options,
                     const struct live_watcher *watcher)
{
    if (cell_count == 0)
        return NULL;
    struct loop loop = {0};
    const char *why = loop_open(&loop, cells, cell_count, options->seed);
    while (!why && loop.running_count > 0) {
        turn(&loop);
        if (watcher)
            watcher->passed(watcher->context, loop.now_us);
    }
    loop_close(&loop);
    return why;
}

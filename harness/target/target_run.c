#include "harness/target/target_run.h"

#include <poll.h>
#include <string.h>

#include "harness/live/clock.h"
#include "harness/live/server.h"
#include "harness/observer/reading.h"
#include "harness/recording/answer.h"
#include "harness/target/under_way.h"

/* How long answers may be missing after the plan's end, and after a stop. */
static const int64_t default_patience_us = 5000000;
static const int64_t farewell_us = 1000000;

static const char *const out_of_memory = "out of memory";

struct loop {
    const struct target_run_options *options;
    const struct target_listener *listener;
    struct live_clock clock;
    struct flights *flights;
    struct clients *clients;
    struct reading reading;
    struct under_way under_way;
    uint64_t ticket;
    int64_t tick_us; /* the next one's time */
    int64_t last_us; /* nothing is sent from here on */
    int64_t patience_us;
    bool stopped;
    bool given_up;
    const char *broken; /* NULL, or why the run cannot go on */
};

static bool goes_on(const struct loop *loop)
{
    return !loop->given_up && !loop->broken;
}

/* What a listener says. */
static bool heard(struct loop *loop, bool goes_on_says_listener)
{
    loop->given_up |= !goes_on_says_listener;
    return goes_on_says_listener;
}

static bool breaks(struct loop *loop, const char *why)
{
    if (!loop->broken)
        loop->broken = why;
    return false;
}

static bool loop_open(struct loop *loop, const struct target_run_options *options)
{
    server_raise_file_limit();
    loop->clock.timer_fd = -1;
    loop->clients = clients_new(options->plan, options->seed, &loop->ticket);
    loop->flights = flights_new(options->address);
    if (!loop->clients || !loop->flights)
        return breaks(loop, out_of_memory);
    if (options->tag_requests)
        flights_tag_requests(loop->flights);
    if (!live_clock_start(&loop->clock))
        return breaks(loop, "the system has no timer to give");
    clients_tell_epoch(loop->clients, live_clock_epoch_us());
    return true;
}

static void loop_close(struct loop *loop)
{
    flights_free(loop->flights);
    clients_free(loop->clients);
    reading_free(&loop->reading);
    under_way_free(&loop->under_way);
    live_clock_stop(&loop->clock);
}

/* Reads an answer, tells of the exchange, and lets its client know. */
static bool end_exchange(struct loop *loop, const struct sent_request *sent, int64_t done_us,
                         const struct landing *landing, bool cut_off)
{
    struct target_exchange exchange = {
        .asked = &sent->asked,
        .sent_us = sent->sent_us,
        .done_us = done_us,
        .landing = landing,
        .cut_off = cut_off,
    };
    if (landing->failure == flight_out_of_memory)
        return breaks(loop, out_of_memory);
    if (landing->status == 0) {
        exchange.unread_because = landing->failure;
    } else {
        exchange.seen = reading_parse(&loop->reading, sent->asked.what, landing->status,
                                      landing->bytes, landing->length);
        exchange.unread_because = exchange.seen ? NULL : loop->reading.failure;
        if (exchange.unread_because == answer_no_memory)
            return breaks(loop, out_of_memory);
    }
    if (loop->listener->ended &&
        !heard(loop, loop->listener->ended(loop->listener->context, &exchange)))
        return false;
    return clients_answered(loop->clients, done_us, sent->asked.request.id,
                            sent->asked.client_index, landing->status, exchange.seen) ||
           breaks(loop, out_of_memory);
}

/* Takes what has landed; the clock is read once it has, so that no answer is younger than told. */
static bool take_landings(struct loop *loop)
{
    const int64_t done_us = live_clock_now_us(&loop->clock);
    struct landing landing;
    while (flights_next_landing(loop->flights, &landing)) {
        struct sent_request sent;
        if (under_way_take(&loop->under_way, landing.request, &sent) &&
            !end_exchange(loop, &sent, done_us, &landing, false))
            return false;
    }
    return true;
}

static bool let_bytes_flow(struct loop *loop)
{
    return flights_step(loop->flights, live_clock_now_us(&loop->clock)) ||
           breaks(loop, "libcurl cannot go on");
}

/* A request is stamped, told of, and pushed out at once, before the next is looked at. What lands
 * meanwhile is taken at once too: no descriptor would tell of it again. */
static bool send_request(struct loop *loop, const struct client_action *action)
{
    const int64_t now_us = live_clock_now_us(&loop->clock);
    if (!under_way_add(&loop->under_way, now_us, action))
        return breaks(loop, out_of_memory);
    if (loop->listener->sent &&
        !heard(loop, loop->listener->sent(loop->listener->context, now_us, action)))
        return false;
    if (!flights_send(loop->flights, now_us, action))
        return breaks(loop, out_of_memory);
    return let_bytes_flow(loop) && take_landings(loop);
}

static int64_t client_due_us(const struct loop *loop)
{
    const int64_t due_us = clients_due(loop->clients, NULL);
    return due_us < loop->last_us ? due_us : INT64_MAX;
}

static bool let_clients_act(struct loop *loop)
{
    const int64_t now_us = live_clock_now_us(&loop->clock);
    while (client_due_us(loop) <= now_us) {
        const struct client_action *action = clients_next(loop->clients, now_us);
        if (action->choice)
            continue; /* what such a cluster had completed by then, nobody can tell */
        if (!action->starts_job) {
            if (!send_request(loop, action))
                return false;
        } else if (loop->listener->starts_job &&
                   !heard(loop,
                          loop->listener->starts_job(loop->listener->context, now_us, action))) {
            return false;
        }
    }
    return true;
}

/* Ticks that were missed are left out. */
static bool tick(struct loop *loop)
{
    const int64_t every_us = loop->options->tick_us;
    const int64_t now_us = live_clock_now_us(&loop->clock);
    if (loop->tick_us > now_us)
        return true;
    loop->tick_us += (1 + (now_us - loop->tick_us) / every_us) * every_us;
    return heard(loop, loop->listener->tick(loop->listener->context, now_us));
}

static void take_stop(struct loop *loop, bool is_readable)
{
    if (!is_readable || loop->stopped)
        return;
    loop->stopped = true;
    if (loop->patience_us > farewell_us)
        loop->patience_us = farewell_us;
    const int64_t now_us = live_clock_now_us(&loop->clock);
    if (now_us < loop->last_us)
        loop->last_us = now_us;
}

/* When answers are not waited for any more. */
static int64_t given_up_us(const struct loop *loop)
{
    return loop->last_us > INT64_MAX - loop->patience_us ? INT64_MAX
                                                         : loop->last_us + loop->patience_us;
}

static bool is_finished(const struct loop *loop)
{
    const int64_t now_us = live_clock_now_us(&loop->clock);
    return now_us >= loop->last_us && (loop->under_way.waiting == 0 || now_us >= given_up_us(loop));
}

static void wait_for_something(struct loop *loop)
{
    const int64_t flights_us = flights_due_us(loop->flights);
    const int64_t client_us = client_due_us(loop);
    const bool is_over = live_clock_now_us(&loop->clock) >= loop->last_us;
    int64_t due_us = is_over ? given_up_us(loop) : loop->last_us;
    due_us = flights_us < due_us ? flights_us : due_us;
    due_us = client_us < due_us ? client_us : due_us;
    due_us = loop->tick_us < due_us ? loop->tick_us : due_us;
    live_clock_wake_at(&loop->clock, due_us);
    /* After a stop there is no more to hear from its descriptor; -1 is none for poll(). */
    struct pollfd fds[] = {
        {.fd = loop->clock.timer_fd, .events = POLLIN},
        {.fd = flights_fd(loop->flights), .events = POLLIN},
        {.fd = loop->stopped ? -1 : loop->options->stop_fd, .events = POLLIN},
    };
    poll(fds, sizeof fds / sizeof *fds, -1);
    take_stop(loop, fds[2].revents != 0);
}

/* Tells what is not waited for any more as cut off. */
static void cut_off(struct loop *loop)
{
    const struct landing none = {
        .bytes = "",
        .failure = loop->stopped ? "the run was stopped before an answer came"
                                 : "the run ended before an answer came",
    };
    const int64_t now_us = live_clock_now_us(&loop->clock);
    const struct sent_request *first;
    while (goes_on(loop) && (first = under_way_first(&loop->under_way))) {
        struct sent_request sent;
        struct landing landing = none;
        landing.request = first->asked.request.id;
        under_way_take(&loop->under_way, first->asked.request.id, &sent);
        end_exchange(loop, &sent, now_us, &landing, true);
    }
}

static void run(struct loop *loop)
{
    const int64_t epoch_us = live_clock_epoch_us();
    live_clock_restart(&loop->clock);
    if (loop->options->zero_us)
        *loop->options->zero_us = loop->clock.zero_us;
    if (loop->listener->began)
        heard(loop, loop->listener->began(loop->listener->context, epoch_us));
    while (goes_on(loop) && !is_finished(loop)) {
        wait_for_something(loop);
        if (!let_bytes_flow(loop) || !take_landings(loop) || !let_clients_act(loop))
            break;
        tick(loop);
    }
    cut_off(loop);
}

enum target_end target_run(const struct target_run_options *options, const char **why)
{
    const bool ticks = options->tick_us > 0 && options->listener.tick;
    struct loop loop = {
        .options = options,
        .listener = &options->listener,
        .tick_us = ticks ? options->tick_us : INT64_MAX,
        .last_us = options->plan->end_us,
        .patience_us = options->patience_us ? options->patience_us : default_patience_us,
    };
    if (loop_open(&loop, options))
        run(&loop);
    loop_close(&loop);
    *why = loop.broken;
    if (loop.broken)
        return TARGET_BROKEN;
    if (loop.given_up)
        return TARGET_GIVEN_UP;
    return loop.stopped ? TARGET_STOPPED : TARGET_DONE;
}

#include "harness/live/server_internal.h"

#include <sys/epoll.h>

/* Who waits, and for what: a reply of the cluster, a time, or both being over because the client
 * has left. */

static struct visit **bucket_of(struct server *server, uint64_t id)
{
    return &server->buckets[id & (VISIT_BUCKET_COUNT - 1)];
}

void visit_add_waiting(struct visit *visit, enum visit_state state)
{
    struct visit **bucket = bucket_of(visit->server, visit->id);
    visit->next = *bucket;
    *bucket = visit;
    visit->state = state;
}

static void add_timed(struct visit *visit)
{
    struct server *server = visit->server;
    struct visit *before = server->latest;
    while (before && before->due_us > visit->due_us)
        before = before->sooner;
    visit->sooner = before;
    visit->later = before ? before->later : server->soonest;
    *(before ? &before->later : &server->soonest) = visit;
    *(visit->later ? &visit->later->sooner : &server->latest) = visit;
    visit->timed = true;
}

static void remove_timed(struct visit *visit)
{
    if (!visit->timed)
        return;
    struct server *server = visit->server;
    *(visit->sooner ? &visit->sooner->later : &server->soonest) = visit->later;
    *(visit->later ? &visit->later->sooner : &server->latest) = visit->sooner;
    visit->timed = false;
}

struct visit *visit_take_waiting(struct server *server, uint64_t id)
{
    struct visit **link = bucket_of(server, id);
    while (*link && (*link)->id != id)
        link = &(*link)->next;
    struct visit *visit = *link;
    if (!visit)
        return NULL;
    *link = visit->next;
    remove_timed(visit);
    return visit;
}

/* libmicrohttpd does not look at the socket of a suspended connection, so it would not notice a
 * client that leaves; the server's own epoll does. As Netty by default, which Flink leaves so, it
 * takes the end of the client's stream for its leaving (ChannelOption.ALLOW_HALF_CLOSURE). */
void visit_park(struct visit *visit)
{
    if (visit->parked)
        return;
    visit->parked = true;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info) {
        struct epoll_event event = {.events = EPOLLRDHUP, .data.u64 = visit->id};
        epoll_ctl(visit->server->watch_fd, EPOLL_CTL_ADD, info->connect_fd, &event);
    }
    MHD_suspend_connection(visit->connection);
}

void visit_unpark(struct visit *visit)
{
    if (!visit->parked)
        return;
    visit->parked = false;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info)
        epoll_ctl(visit->server->watch_fd, EPOLL_CTL_DEL, info->connect_fd, NULL);
    MHD_resume_connection(visit->connection);
    visit->server->resumed = true;
}

void visit_wait_until(struct visit *visit, enum visit_state state, int64_t due_us)
{
    visit->due_us = due_us;
    visit_add_waiting(visit, state);
    add_timed(visit);
    visit_park(visit);
}

void visits_wake_due(struct server *server)
{
    while (server->soonest && server->soonest->due_us <= server->now_us) {
        struct visit *visit = visit_take_waiting(server, server->soonest->id);
        visit->state = VISIT_ANSWERED;
        visit_unpark(visit);
    }
}

void visit_leave(struct server *server, uint64_t id)
{
    struct visit *visit = visit_take_waiting(server, id);
    if (!visit)
        return;
    if (visit->state == VISIT_WAITING)
        cluster_abandon(server->cluster, server->now_us, id);
    visit->state = VISIT_GONE;
    visit_unpark(visit);
}

void visits_leave_all(struct server *server)
{
    for (size_t i = 0; i < VISIT_BUCKET_COUNT; i++)
        while (server->buckets[i])
            visit_leave(server, server->buckets[i]->id);
}

void visits_turn_away_all(struct server *server)
{
    for (size_t i = 0; i < VISIT_BUCKET_COUNT; i++) {
        while (server->buckets[i]) {
            struct visit *visit = visit_take_waiting(server, server->buckets[i]->id);
            if (visit->state == VISIT_WAITING)
                request_turn_away(visit);
            visit->state = VISIT_ANSWERED;
            visit_unpark(visit);
        }
    }
}

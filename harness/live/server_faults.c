#include "harness/live/server_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* What goes wrong on the wire. The first fault that fits an answer, in the order in which they
 * were added, hits it; others leave it alone. */

static const char wrong_json[] = "{\"jobs\":[{\"id\":\"0000";

static bool is_over(const struct active_fault *active, int64_t now_us)
{
    return now_us >= active->fault.until_us ||
           (active->fault.count > 0 && active->hit_count >= active->fault.count);
}

static void forget_over(struct server *server)
{
    struct active_fault **link = &server->faults;
    while (*link) {
        struct active_fault *active = *link;
        if (!is_over(active, server->now_us)) {
            link = &active->next;
            continue;
        }
        *link = active->next;
        free(active);
    }
}

bool server_add_wire_fault(struct server *server, const struct wire_fault *fault)
{
    struct active_fault *active = calloc(1, sizeof *active);
    if (!active)
        return false;
    active->fault = *fault;
    struct active_fault **link = &server->faults;
    while (*link)
        link = &(*link)->next;
    *link = active;
    return true;
}

void server_clear_wire_faults(struct server *server)
{
    while (server->faults) {
        struct active_fault *active = server->faults;
        server->faults = active->next;
        free(active);
    }
}

static bool holds(const struct active_fault *active, int64_t now_us)
{
    return now_us >= active->fault.from_us && !is_over(active, now_us);
}

bool faults_refuse(const struct server *server, int64_t now_us)
{
    for (const struct active_fault *active = server->faults; active; active = active->next)
        if (active->fault.kind == WIRE_REFUSE && holds(active, now_us))
            return true;
    return false;
}

int64_t faults_next_turn_us(const struct server *server, int64_t now_us)
{
    int64_t next_us = INT64_MAX;
    for (const struct active_fault *active = server->faults; active; active = active->next) {
        const struct wire_fault *fault = &active->fault;
        const int64_t turn_us = fault->from_us > now_us ? fault->from_us : fault->until_us;
        if (fault->kind == WIRE_REFUSE && turn_us > now_us && turn_us < next_us)
            next_us = turn_us;
    }
    return next_us;
}

static bool fits(const struct active_fault *active, const struct visit *visit)
{
    return active->fault.kind != WIRE_REFUSE && holds(active, visit->server->now_us) &&
           strncmp(visit->target, active->fault.path, strlen(active->fault.path)) == 0;
}

static void strike(struct visit *visit, const struct wire_fault *fault)
{
    switch (fault->kind) {
    case WIRE_DELAY:
        if (fault->delay_us > 0)
            visit_wait_until(visit, VISIT_HELD, visit->server->now_us + fault->delay_us);
        break;
    case WIRE_WRONG_JSON:
        answer_release(&visit->answer);
        visit->answer = answer_of_text(200, wrong_json, true);
        break;
    case WIRE_DRIP:
        visit->drip_us = fault->delay_us;
        visit->way = fault->delay_us > 0 ? WAY_DRIP : WAY_WHOLE;
        break;
    case WIRE_HALF:
        visit->way = WAY_HALF;
        break;
    case WIRE_RESET:
    case WIRE_REFUSE:
        visit->way = WAY_RESET;
        break;
    }
}

void faults_strike(struct visit *visit)
{
    if (visit->faults_seen || visit->from_control)
        return;
    visit->faults_seen = true;
    struct server *server = visit->server;
    if (!server->faults)
        return;
    if (faults_refuse(server, server->now_us)) {
        visit->way = WAY_RESET;
        return;
    }
    for (struct active_fault *active = server->faults; active; active = active->next) {
        if (!fits(active, visit))
            continue;
        active->hit_count++;
        strike(visit, &active->fault);
        break;
    }
    forget_over(server);
}

/* A socket that is connected to nothing sends what the kernel sends for a process that is gone,
 * RST, and at once; closing it might let the client see a proper end first. */
void faults_reset_connection(const struct visit *visit)
{
    static const struct sockaddr nothing = {.sa_family = AF_UNSPEC};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info)
        connect(info->connect_fd, &nothing, sizeof nothing);
}

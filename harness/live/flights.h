#ifndef FRESHCHECK_HARNESS_LIVE_FLIGHTS_H
#define FRESHCHECK_HARNESS_LIVE_FLIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/clients/clients.h"

/*
 * Requests on their way to one server on 127.0.0.1 over real HTTP, by libcurl: any number at once,
 * connections kept alive between them. Driven by whoever owns the loop. One thread; time is an
 * argument.
 *
 * Each server has flights of its own, because libcurl goes through all connections that it keeps
 * whenever a request ends (curl_multi_remove_handle): hundreds of cells in one set are too slow.
 */
struct flights;

struct flights *flights_new(uint16_t port); /* NULL: out of memory, or no epoll to be had */
void flights_free(struct flights *flights); /* forgets what is under way; NULL is allowed */

/* Sends a request. The texts of the action must live until it has landed. False: out of memory. */
bool flights_send(struct flights *flights, int64_t now_us, const struct client_action *action);

/* flights_step() is due when this becomes readable, and at flights_due_us() in any case. */
int flights_fd(const struct flights *flights);
int64_t flights_due_us(const struct flights *flights);

/* Lets bytes flow. False: libcurl has failed as a whole. */
bool flights_step(struct flights *flights, int64_t now_us);

struct landing {
    uint64_t request;
    int status;        /* HTTP; 0: no answer came */
    const char *bytes; /* valid until the next call */
    size_t length;
    const char *failure; /* status 0: one sentence why (static text) */
};

/* Takes the next flight that is over. */
bool flights_next_landing(struct flights *flights, struct landing *landing);

#endif

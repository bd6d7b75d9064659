#ifndef FRESHCHECK_HARNESS_LIVE_SERVER_H
#define FRESHCHECK_HARNESS_LIVE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/cluster/cluster.h"

/*
 * A cluster behind an HTTP socket on 127.0.0.1: libmicrohttpd in external epoll mode, driven by
 * whoever owns the loop. One thread; never reads a clock: time is an argument.
 */
struct server;

struct server_options {
    uint16_t port; /* 0: any free one */
};

/* Returns NULL and sets *why (static text or strerror) when the port cannot be had. The cluster is
 * borrowed; it outlives the server, and nobody else takes its replies. */
struct server *server_start(struct cluster *cluster, const struct server_options *options,
                            const char **why);

/* Sends what is answered already, closes all connections. NULL is allowed. */
void server_stop(struct server *server);

uint16_t server_port(const struct server *server);
int server_fd(const struct server *server); /* becomes readable when server_step() is due */

/*
 * Handles what the socket has, and sends what the cluster answered. Also due whenever the cluster
 * has been advanced. False when out of memory: the cluster is then worth nothing.
 */
bool server_step(struct server *server, int64_t now_us);

/* Milliseconds after which server_step() wants to be called in any case; -1: none. */
int server_timeout_ms(const struct server *server);

/* How many requests have begun to arrive and are not answered to the last byte. */
size_t server_requests_open(const struct server *server);

/* Lets this process have as many open files as the system allows it, for many connections. */
void server_raise_file_limit(void);

#endif

#ifndef FRESHCHECK_HARNESS_LIVE_SERVER_H
#define FRESHCHECK_HARNESS_LIVE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/cluster/cluster.h"
#include "harness/control/wire_fault.h"

/*
 * A cluster behind an HTTP socket on 127.0.0.1: libmicrohttpd in external epoll mode, driven by
 * whoever owns the loop. One thread; never reads a clock: time is an argument.
 */
struct server;

/* An answer that does not come from the cluster. */
struct local_answer {
    int status;
    const char *content_type;
    const char *bytes; /* stay as they are until release() */
    size_t length;
    void (*release)(void *held); /* called once the bytes are sent; NULL: they are static */
    void *held;
    int64_t modified_epoch_s; /* a file's: sent with Flink's headers for files; -1: none */
    int64_t now_us;           /* control only: the time after it, with which the server goes on */
};

/* Somebody who answers some requests; false: not this one. */
struct local_pages {
    void *context;
    bool (*answer)(void *context, int64_t now_us, const struct request *request,
                   struct local_answer *answer);
};

/*
 * Who writes down which requests came that bear a number of their sender's, in the header
 * X-Freshcheck-Request: so a sender knows which of its answers were given on the way.
 */
struct request_book {
    void *context;
    /* A request is here to its last byte. All that was due by now has happened when it returns;
     * *now_us is set to that time. Returns its line; 0: there is none. */
    uint64_t (*arrived)(void *context, uint64_t tag, int64_t *now_us);
    void (*leaves)(void *context, uint64_t line, int status); /* its answer; 0: a reset */
};

struct server_options {
    uint16_t port;                     /* 0: any free one */
    const struct local_pages *control; /* asked first; may advance the cluster; NULL: none */
    const struct local_pages *site;    /* asked when a GET found no route; NULL: none */
    const struct request_book *book;   /* NULL: nobody writes requests down */
    int64_t epoch_us;                  /* wall clock at time 0, for the dates of files */
    uint64_t body_length_max;          /* rest.server.max-content-length; 0: Flink's default */
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
 * has been advanced. Lack of memory costs the answer that it hits. False: libmicrohttpd is broken.
 */
bool server_step(struct server *server, int64_t now_us);

/*
 * Goes on with another cluster, at time 0. Requests that wait for the old one, which nobody takes
 * replies from any more, are answered 503; wire faults end. May be called by the control pages.
 */
void server_change_cluster(struct server *server, struct cluster *cluster, int64_t epoch_us);

/* The fault is copied. False: out of memory. Never touches what the control pages answer. */
bool server_add_wire_fault(struct server *server, const struct wire_fault *fault);
void server_clear_wire_faults(struct server *server);

/* Milliseconds after the last step's time at which server_step() wants to be called in any case;
 * -1: none. */
int server_timeout_ms(const struct server *server);

/* How many requests have begun to arrive and are not answered to the last byte. */
size_t server_requests_open(const struct server *server);

/* Lets this process have as many open files as the system allows it, for many connections. */
void server_raise_file_limit(void);

#endif

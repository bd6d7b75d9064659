#ifndef FRESHCHECK_HARNESS_LIVE_SERVER_INTERNAL_H
#define FRESHCHECK_HARNESS_LIVE_SERVER_INTERNAL_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "harness/live/server.h"

/* How the parts of the server fit together: server.c owns sockets and the step; server_requests.c
 * takes requests in; server_answers.c sends what came of them; server_faults.c spoils it;
 * server_visits.c knows who waits, and for what; server_uploads.c reads multipart bodies. */

enum visit_state {
    VISIT_ARRIVING, /* headers or body are still coming in */
    VISIT_WAITING,  /* the cluster was asked */
    VISIT_HELD,     /* answered, but the answer leaves at due_us */
    VISIT_DRIPPING, /* on its way, the next byte leaves at due_us */
    VISIT_ANSWERED, /* the answer may leave */
    VISIT_GONE      /* the client went away while waiting, or the server stops */
};

/* How an answer leaves. */
enum answer_way {
    WAY_WHOLE,
    WAY_RESET, /* it does not: the connection is reset */
    WAY_HALF,  /* half of its body, then the connection is closed */
    WAY_DRIP   /* its body byte by byte */
};

/* What is to be sent, whoever it came from. */
struct answer {
    int status;
    const char *content_type;
    const char *bytes;
    size_t length;
    void (*release)(void *held); /* NULL: nothing is held */
    void *held;
    int64_t age_us;           /* -1: no Age header */
    int64_t modified_epoch_s; /* -1: none of a file's headers */
    bool any_origin;          /* Access-Control-Allow-Origin: * */
};

struct upload_reader;

/* One request, from its request line to the last byte of its answer. */
struct visit {
    struct visit *next;           /* in its bucket, while it waits */
    struct visit *sooner, *later; /* among those that wait for a time */
    bool timed;
    bool parked; /* its connection is suspended, and watched for the client's leaving */
    bool headers_seen;
    bool too_large;
    bool from_control;
    bool faults_seen; /* it was decided whether a wire fault hits it */
    enum visit_state state;
    enum http_method method;
    struct server *server;
    struct MHD_Connection *connection;
    char *target;
    struct buffer body;           /* its beginning, see BODY_KEPT_MAX */
    uint64_t body_length;         /* all of it, as far as it has arrived */
    struct upload_reader *upload; /* NULL: the body is no multipart/form-data */
    uint64_t id;                  /* the cluster's name for it; 0 until the body is complete */
    uint64_t line;                /* in the book of requests; 0: none */
    int64_t due_us;
    struct answer answer;
    enum answer_way way;
    int64_t drip_us; /* WAY_DRIP: from byte to byte */
};

enum { VISIT_BUCKET_COUNT = 1024 /* a power of two */ };

struct active_fault {
    struct active_fault *next;
    struct wire_fault fault;
    uint32_t hit_count;
};

struct server {
    struct cluster *cluster;       /* borrowed */
    struct server_options options; /* what it points to is borrowed */
    struct MHD_Daemon *daemon;
    int watch_fd;  /* epoll: the daemon's own epoll, the listener, the sockets of parked visits */
    int listen_fd; /* -1 while connections are refused */
    bool listener_watched;
    uint16_t port;
    size_t connection_count_max;
    size_t crowd_count;      /* the most connections since memory was last given back */
    int64_t accept_again_us; /* until then nobody is taken in */
    int64_t now_us;          /* of the step under way */
    uint64_t last_id;
    size_t open_count;
    bool resumed; /* a connection was resumed and the daemon has not run since */
    bool stopping;
    struct visit *buckets[VISIT_BUCKET_COUNT]; /* waiting visits by id */
    struct visit *soonest, *latest;            /* visits that wait for a time, by due_us */
    struct active_fault *faults;               /* in the order in which they were added */
};

/* server_visits.c */

/* Puts the visit among those that wait, under its id. */
void visit_add_waiting(struct visit *visit, enum visit_state state);
/* Takes it out again; NULL when none has this id. */
struct visit *visit_take_waiting(struct server *server, uint64_t id);
/* Suspends its connection. To be called from within a callback of libmicrohttpd. */
void visit_park(struct visit *visit);
void visit_unpark(struct visit *visit);
/* Lets it wait until due_us; wakes it early when its client leaves. */
void visit_wait_until(struct visit *visit, enum visit_state state, int64_t due_us);
void visits_wake_due(struct server *server);
/* The client of this visit left, or nobody will answer it any more. */
void visit_leave(struct server *server, uint64_t id);
void visits_leave_all(struct server *server);
/* Nobody waits any longer: neither for the cluster nor for a time. */
void visits_turn_away_all(struct server *server);

/* server_requests.c: the callbacks of libmicrohttpd */

void *request_on_target(void *server, const char *target, struct MHD_Connection *connection);
enum MHD_Result request_on_access(void *server, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_length, void **visit_slot);
void request_on_completed(void *server, struct MHD_Connection *connection, void **visit_slot,
                          enum MHD_RequestTerminationCode why);
/* Hands the cluster's replies to the visits that wait for them. */
void requests_take_replies(struct server *server);
/* The cluster is gone that this visit waits for, which is no longer among those that wait. */
void request_turn_away(struct visit *visit);

/* server_answers.c */

/* A text that stays as it is, as JSON; any_origin as for most of Flink's answers. */
struct answer answer_of_text(int status, const char *json, bool any_origin);
void answer_release(struct answer *answer);
/* Sends visit->answer and leaves it empty. */
enum MHD_Result answer_send(struct visit *visit);
/* 413 in Netty's ways. */
enum MHD_Result answer_send_too_large(struct visit *visit);
void answer_write_too_large(const struct visit *visit);

/* server_faults.c */

/* Decides which fault hits this answer, and holds it back for a while where that is the fault. */
void faults_strike(struct visit *visit);
bool faults_refuse(const struct server *server, int64_t now_us);
/* When connections begin or cease to be refused, after now_us; INT64_MAX: not to be foreseen. */
int64_t faults_next_turn_us(const struct server *server, int64_t now_us);
/* Ends the connection as a process that was killed would. */
void faults_reset_connection(const struct visit *visit);

/* server_uploads.c */

/* Reads the request's body from now on if it is multipart/form-data. False: out of memory. */
bool upload_begin(struct visit *visit);
void upload_take(struct upload_reader *reader, const char *bytes, size_t length);
/* What the body held; the content of the part `request` is appended to `body`. Borrowed. NULL when
 * it was no form that can be read. */
const struct upload *upload_end(struct upload_reader *reader, struct buffer *body);
void upload_free(struct upload_reader *reader); /* NULL is allowed */

/* server.c */

/* As if this connected socket had been accepted; takes it over, whatever happens. */
bool server_take_connection(struct server *server, int fd);

#endif

#ifndef FRESHCHECK_HARNESS_CLIENTS_CLIENTS_H
#define FRESHCHECK_HARNESS_CLIENTS_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/history.h"
#include "harness/scenario/plan.h"
#include "rest_endpoint/endpoint.h"

/*
 * All clients of a plan: state machines that say what to send next and are told what came back.
 * The same ones drive virtual time and live runs. Feed and drain; time is an argument.
 */
struct clients;

/* What a client with a model decided, and on what. */
struct client_choice {
    struct client_decision decision;
    uint64_t request; /* the last that it got an answer to */
    enum grounds grounds;
    int64_t now_ms; /* epoch */
    int64_t max_age_ms;
    size_t to_job; /* index into the plan's jobs */
};

/* One thing that a client wants done. Texts live as long as the clients, but for `path`: until the
 * clients are next touched. */
struct client_action {
    bool starts_job; /* start job `job` from `path` instead of sending anything */
    const char *path;
    const struct client_choice *choice; /* not NULL: it has decided, and sends nothing */
    struct request request;             /* ids rise; target and body are NUL-terminated */
    /* For the judge, already filled in as far as it is known: */
    enum exchange_path what;
    size_t client_index;
    const char *client;
    size_t job; /* index into the plan's jobs; SIZE_MAX: none */
    int64_t checkpoint;
    int64_t bound_us;
    bool goes_by_names; /* see client_model_goes_by_names() */
};

struct clients *clients_new(const struct plan *plan, uint64_t seed, uint64_t *ticket);
/* What all clients that name a model go by instead of it. Before anything else is done. */
void clients_decide_as(struct clients *clients, enum client_model model);
/* What the clients' own clocks show at time 0; 1970 unless told. */
void clients_tell_epoch(struct clients *clients, int64_t epoch_us);
void clients_free(struct clients *clients); /* NULL is allowed */

/* When a client acts next by itself; INT64_MAX: never. Ticket as in jobmanager_due(). */
int64_t clients_due(const struct clients *clients, uint64_t *ticket);

/* Takes the action due next; there must be one, see clients_due(). It is the clients' own, until
 * they are next touched. */
const struct client_action *clients_next(struct clients *clients, int64_t now_us);

/* The answer to `request` came (status 0: the connection failed). May schedule further actions. */
bool clients_answered(struct clients *clients, int64_t now_us, uint64_t request,
                      size_t client_index, int status, const struct observation *seen);

/* What the migrations of the plan found, for reports. */
struct migration_result {
    const char *client;
    bool decided;              /* it read an answer and chose */
    int64_t chosen_checkpoint; /* 0: none was shown */
    int64_t chosen_trigger_ms;
    int64_t cancelled_us; /* when the cancel was sent */
};
size_t clients_migrations(const struct clients *clients, struct migration_result *results,
                          size_t result_count_max);

#endif

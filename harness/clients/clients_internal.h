#ifndef FRESHCHECK_HARNESS_CLIENTS_CLIENTS_INTERNAL_H
#define FRESHCHECK_HARNESS_CLIENTS_CLIENTS_INTERNAL_H

#include "base/buffer.h"
#include "base/random.h"
#include "harness/clients/clients.h"
#include "harness/clients/targets.h"
#include "harness/clients/turns.h"

/* What the kinds of clients share; see clients.h for what they do. */

/* A program needs a moment to act on an answer. At the very instant of the answer its next request
 * would not be provably later than what it was told. */
enum { REACTION_US = 100 };

struct client;
struct model_client;

struct client_behaviour {
    /* Sets the first due time. False: out of memory. */
    bool (*start)(struct clients *clients, struct client *client);
    /* The client is due: says what it wants done, in client->action, and sets the next due time.
     * There it finds what it did last, but for the number of the request. */
    void (*act)(struct clients *clients, struct client *client);
    /* NULL: it does not care for answers. False: out of memory. */
    bool (*answered)(struct clients *clients, struct client *client, int64_t now_us,
                     uint64_t request, int status, const struct observation *seen);
};

extern const struct client_behaviour scripted_behaviour;
extern const struct client_behaviour poller_behaviour;
extern const struct client_behaviour dashboard_behaviour;
extern const struct client_behaviour triggerer_behaviour;
extern const struct client_behaviour migration_behaviour, model_migration_behaviour;
void model_client_free(struct model_client *model); /* NULL is allowed */

/* What a scripted client posts in a trigger step, and where it asks what became of it. */
struct own_trigger {
    const char *body;
    struct target status;
};

/* What a triggerer sends; written anew for each trigger, when nothing of the last is under way. */
struct trigger_texts {
    char body[64];
    char status[128]; /* target */
    int64_t sent_us;  /* of the trigger */
};

/* A migration that decides by a model. */
struct model_client {
    struct client_memory memory;
    struct client_choice choice;
};

struct client {
    const struct client_plan *plan;
    const struct client_behaviour *behaviour;
    struct client_action action; /* its last, and the next in the making */
    bool hears;                  /* its behaviour is told of answers */
    int64_t due_us;              /* INT64_MAX: waits for an answer, or is done */
    struct random random;

    size_t
        step; /* SCRIPTED: next step. DASHBOARD: where in its round. MIGRATION, TRIGGERER: phase */
    int64_t round_us;  /* DASHBOARD, POLLER, TRIGGERER: when this round began */
    uint64_t asked;    /* the request whose answer moves this client on; 0: none */
    size_t triggers;   /* SCRIPTED: how many triggers it has sent */
    bool trigger_done; /* SCRIPTED: the awaited trigger is done, the read comes next */
    struct own_trigger *own_triggers; /* SCRIPTED: one for each trigger step; of the targets */
    int64_t share_sum;                /* POLLER: of the plan's shares */
    int64_t shown; /* POLLER: the checkpoint that `details` asks about; 0: none yet */
    struct target details;
    struct trigger_texts *trigger; /* TRIGGERER: of the targets */
    char *path;                    /* MIGRATION: what it chose; owned */
    struct model_client *model;    /* MIGRATION with a model; owned */
    struct migration_result migration;
};

struct clients {
    const struct plan *plan;
    struct client *items;
    struct buffer names;
    struct turns turns;
    size_t count;
    uint64_t *ticket;
    uint64_t next_request;
    int64_t now_us; /* of the action that is being taken */
    uint64_t seed;
    int64_t epoch_us;
    enum client_model model; /* in the place of any other; NONE: none is */
    struct random random;
    struct targets targets;
};

/* Sets when a client acts next (INT64_MAX: not by itself); draws a ticket. The client has no turn
 * yet: it is acting, or waits for an answer. */
void client_schedule(struct clients *clients, struct client *client, int64_t due_us);

/* Makes a client's action a plain GET of nothing yet: at the start, and before an action that may
 * differ from the last in more than its aim. */
void client_begin(struct client *client);

/* What Cache-Control a request has instead of the client's. Borrowed. */
void client_demand(struct client_action *action, const char *cache_control);

/* What the action asks for. The target is borrowed. */
static inline void client_aim(struct client_action *action, enum exchange_path what, size_t job,
                              const struct target *target)
{
    action->what = what;
    action->job = job;
    action->request.target = target->text;
    action->request.target_length = target->length;
}

/* The body is borrowed. */
void client_post(struct client_action *action, const char *body);

#endif

/* What the broken objects beside it have in common: no cache at all, and all that it does is right.
 * Each replaces one function. C and C++ alike. */

#include <freshcheck/implementation.h>

#include <stdlib.h>
#include <string.h>

enum { PLAIN_ACTIONS_MAX = 4096 };

/* A request is the name of its own fetch. */
struct plain {
    struct freshcheck_action actions[PLAIN_ACTIONS_MAX];
    size_t first, count;
};

static inline struct freshcheck_action *plain_push(struct plain *plain, uint32_t kind,
                                                   uint64_t number)
{
    struct freshcheck_action *action =
        &plain->actions[(plain->first + plain->count++) % PLAIN_ACTIONS_MAX];
    memset(action, 0, sizeof *action);
    action->kind = kind;
    action->request = number;
    action->fetch = number;
    return action;
}

static inline void *plain_open(const struct freshcheck_settings *settings)
{
    (void)settings;
    return calloc(1, sizeof(struct plain));
}

static inline int plain_request(void *self, int64_t now_us,
                                const struct freshcheck_request *request)
{
    struct freshcheck_action *action =
        plain_push((struct plain *)self, FRESHCHECK_FETCH, request->id);
    (void)now_us;
    action->data = request->needs;
    memcpy(action->job, request->job, sizeof action->job);
    return FRESHCHECK_TAKEN;
}

static inline void plain_fetched(void *self, int64_t now_us,
                                 const struct freshcheck_fetched *fetched)
{
    (void)now_us;
    plain_push((struct plain *)self, FRESHCHECK_REPLY, fetched->fetch);
    plain_push((struct plain *)self, FRESHCHECK_RELEASE, fetched->fetch);
}

static inline void plain_abandon(void *self, int64_t now_us, uint64_t request)
{
    (void)self;
    (void)now_us;
    (void)request;
}

static inline int plain_next(void *self, struct freshcheck_action *action)
{
    struct plain *plain = (struct plain *)self;
    if (plain->count == 0)
        return 0;
    *action = plain->actions[plain->first];
    plain->first = (plain->first + 1) % PLAIN_ACTIONS_MAX;
    plain->count--;
    return 1;
}

static inline void plain_close(void *self)
{
    free(self);
}

#define TABLE(opens, requests, fetches, nexts, closes)                   \
    const struct freshcheck_implementation freshcheck_implementation = { \
        .abi_version = FRESHCHECK_ABI_VERSION,                           \
        .size = sizeof(struct freshcheck_implementation),                \
        .summary = NULL,                                                 \
        .takes = FRESHCHECK_STATISTICS,                                  \
        .open = opens,                                                   \
        .request = requests,                                             \
        .fetched = fetches,                                              \
        .abandon = plain_abandon,                                        \
        .next = nexts,                                                   \
        .close = closes,                                                 \
        .wall_clock = NULL,                                              \
        .tidy = NULL,                                                    \
    }

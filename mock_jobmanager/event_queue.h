#ifndef FRESHCHECK_MOCK_JOBMANAGER_EVENT_QUEUE_H
#define FRESHCHECK_MOCK_JOBMANAGER_EVENT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Things to come, earliest first; of those due at one instant, the lower ticket first. */

struct scheduled {
    int64_t due_us;
    uint64_t ticket;
    int kind;        /* the owner's */
    size_t subject;  /* what it is about: the owner's numbering */
    uint64_t serial; /* which life of the subject it was made for */
};

struct event_queue {
    struct scheduled *heap;
    size_t count, capacity;
};

void event_queue_free(struct event_queue *queue);
bool event_queue_add(struct event_queue *queue, struct scheduled scheduled); /* false: no memory */
const struct scheduled *event_queue_first(const struct event_queue *queue);  /* NULL when empty */
struct scheduled event_queue_take(struct event_queue *queue);                /* must not be empty */

#endif

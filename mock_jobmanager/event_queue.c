#include "mock_jobmanager/event_queue.h"

#include <assert.h>
#include <stdlib.h>

void event_queue_free(struct event_queue *queue)
{
    free(queue->heap);
    *queue = (struct event_queue){0};
}

/* Scheduled first, runs first: replays must agree. Without branches, for nobody can foretell them. */
static bool due_before(const struct scheduled *a, const struct scheduled *b)
{
    return (a->due_us < b->due_us) | ((a->due_us == b->due_us) & (a->ticket < b->ticket));
}

static bool make_room(struct event_queue *queue)
{
    if (queue->count < queue->capacity)
        return true;
    const size_t capacity = queue->capacity ? 2 * queue->capacity : 32;
    struct scheduled *const heap = realloc(queue->heap, capacity * sizeof *heap);
    if (!heap)
        return false;
    queue->heap = heap;
    queue->capacity = capacity;
    return true;
}

static void give_back_room(struct event_queue *queue)
{
    if (queue->capacity <= 64 || queue->count > queue->capacity / 8)
        return;
    struct scheduled *const heap = realloc(queue->heap, queue->capacity / 2 * sizeof *heap);
    if (!heap)
        return;
    queue->heap = heap;
    queue->capacity /= 2;
}

bool event_queue_add(struct event_queue *queue, struct scheduled scheduled)
{
    if (!make_room(queue))
        return false;
    size_t hole = queue->count++;
    while (hole > 0 && due_before(&scheduled, &queue->heap[(hole - 1) / 2])) {
        queue->heap[hole] = queue->heap[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    queue->heap[hole] = scheduled;
    return true;
}

const struct scheduled *event_queue_first(const struct event_queue *queue)
{
    return queue->count > 0 ? &queue->heap[0] : NULL;
}

struct scheduled event_queue_take(struct event_queue *queue)
{
    assert(queue->count > 0);
    const struct scheduled first = queue->heap[0];
    const struct scheduled last = queue->heap[--queue->count];
    size_t hole = 0;
    for (size_t child = 1; child < queue->count; child = 2 * hole + 1) {
        if (child + 1 < queue->count)
            child += due_before(&queue->heap[child + 1], &queue->heap[child]);
        if (!due_before(&queue->heap[child], &last))
            break;
        queue->heap[hole] = queue->heap[child];
        hole = child;
    }
    queue->heap[hole] = last;
    give_back_room(queue);
    return first;
}

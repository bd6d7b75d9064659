#include "mock_jobmanager/finished_store.h"

#include <stdlib.h>
#include <string.h>

void finished_store_free(struct finished_store *store)
{
    for (size_t i = 0; i < store->count; i++)
        execution_graph_release(store->graphs[i]);
    free(store->graphs);
    *store = (struct finished_store){0};
}

/* The place of this id: of its graph when there is one, else where it belongs. */
static size_t find_place(const struct finished_store *store, struct id job)
{
    size_t low = 0, high = store->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (id_compare(store->graphs[middle]->job, job) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool holds(const struct finished_store *store, size_t place, struct id job)
{
    return place < store->count && id_equal(store->graphs[place]->job, job);
}

static bool make_room(struct finished_store *store)
{
    if (store->count < store->capacity)
        return true;
    const size_t capacity = store->capacity ? 2 * store->capacity : 8;
    struct execution_graph **const graphs = realloc(store->graphs, capacity * sizeof *graphs);
    if (!graphs)
        return false;
    store->graphs = graphs;
    store->capacity = capacity;
    return true;
}

static void give_back_room(struct finished_store *store)
{
    if (store->capacity <= 64 || store->count > store->capacity / 8)
        return;
    struct execution_graph **const graphs =
        realloc(store->graphs, store->capacity / 2 * sizeof(struct execution_graph *));
    if (!graphs)
        return;
    store->graphs = graphs;
    store->capacity /= 2;
}

bool finished_store_put(struct finished_store *store, struct execution_graph *graph)
{
    const size_t place = find_place(store, graph->job);
    if (holds(store, place, graph->job)) {
        struct execution_graph *const before = store->graphs[place];
        store->graphs[place] = execution_graph_retain(graph);
        execution_graph_release(before);
        return true;
    }
    if (!make_room(store))
        return false;
    memmove(&store->graphs[place + 1], &store->graphs[place],
            (store->count - place) * sizeof *store->graphs);
    store->graphs[place] = execution_graph_retain(graph);
    store->count++;
    return true;
}

struct execution_graph *finished_store_find(const struct finished_store *store, struct id job)
{
    const size_t place = find_place(store, job);
    return holds(store, place, job) ? store->graphs[place] : NULL;
}

void finished_store_remove(struct finished_store *store, struct id job)
{
    const size_t place = find_place(store, job);
    if (!holds(store, place, job))
        return;
    execution_graph_release(store->graphs[place]);
    memmove(&store->graphs[place], &store->graphs[place + 1],
            (--store->count - place) * sizeof *store->graphs);
    give_back_room(store);
}

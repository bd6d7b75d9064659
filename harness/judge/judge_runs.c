#include "harness/judge/judge_runs.h"

#include <stdlib.h>
#include <string.h>

#include "base/vector.h"
#include "harness/judge/judge_terms.h"
#include "harness/judge/number_map.h"

void run_free(struct run *run)
{
    for (size_t i = 0; i < run->client_count; i++)
        free(run->per_client[i].many);
    free(run->records);
    free(run->completions);
    free(run->everyone.many);
    free(run->per_client);
    number_map_free(&run->floors_of);
}

/* Where `id` is, or belongs. Ids mostly rise, so the end is looked at first. */
static size_t record_index(const struct run *run, int64_t id)
{
    size_t low = 0, high = run->record_count;
    if (high == 0 || run->records[high - 1].id < id)
        return high;
    /* Ids mostly follow each other without gaps: then the place is known. */
    const uint64_t back = (uint64_t)run->records[high - 1].id - (uint64_t)id;
    if (back < high && run->records[high - 1 - back].id == id)
        return high - 1 - (size_t)back;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run->records[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct checkpoint_record *run_find(const struct run *run, int64_t id)
{
    size_t at = record_index(run, id);
    return at < run->record_count && run->records[at].id == id ? &run->records[at] : NULL;
}

struct checkpoint_record *run_record(struct run *run, int64_t id)
{
    struct checkpoint_record *found = run_find(run, id);
    if (found)
        return found;
    struct checkpoint_record *records =
        vector_grow(run->records, run->record_count, &run->record_capacity, sizeof *records);
    if (!records)
        return NULL;
    run->records = records;
    size_t at = record_index(run, id);
    memmove(&records[at + 1], &records[at], (run->record_count - at) * sizeof *records);
    run->record_count++;
    records[at] = (struct checkpoint_record){.id = id,
                                             .began_us = NOT_KNOWN_US,
                                             .completed_us = NOT_KNOWN_US,
                                             .durable_us = NOT_KNOWN_US,
                                             .discarded_us = NOT_KNOWN_US,
                                             .seen_discarded_us = NOT_KNOWN_US,
                                             .first_shown_us = NOT_KNOWN_US};
    return &records[at];
}

void record_hand_out(struct checkpoint_record *record, const struct hand_out *hand_out)
{
    const struct hand_out *last = &record->hand_out;
    bool earlier = hand_out->left_us < last->left_us ||
                   (hand_out->left_us == last->left_us && hand_out->seq < last->seq);
    if (last->done && earlier)
        return;
    record->hand_out = *hand_out;
}

bool run_add_completion(struct run *run, const struct completion *completion)
{
    size_t count = run->completion_count;
    if (count > 0 && run->completions[count - 1].id >= completion->id)
        return true;
    struct completion *items = vector_grow(run->completions, run->completion_count,
                                           &run->completion_capacity, sizeof *items);
    if (!items)
        return false;
    run->completions = items;
    items[run->completion_count++] = *completion;
    return true;
}

const struct completion *first_completion_beyond(const struct run *run, int64_t id)
{
    size_t low = 0, high = run->completion_count;
    if (high == 0 || run->completions[high - 1].id <= id)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run->completions[middle].id <= id)
            low = middle + 1;
        else
            high = middle;
    }
    return &run->completions[low];
}

uint64_t completions_until(const struct run *run, const struct completion *first, int64_t sent_us)
{
    size_t low = (size_t)(first - run->completions), high = run->completion_count;
    const size_t from = low;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run->completions[middle].at_us < sent_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low - from;
}

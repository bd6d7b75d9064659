#include "harness/observer/reading.h"

#include <stdlib.h>
#include <string.h>

#include "harness/recording/answer.h"

static const char *const out_of_memory = "out of memory";

static void forget(struct remembered *memory)
{
    observation_clear(&memory->seen);
    body_release(memory->body);
}

static struct remembered *items_of(const struct reading *reading,
                                   const struct remembered_group *group)
{
    return &reading->items[(size_t)(group - reading->groups) * REMEMBERED_IN_GROUP];
}

static void forget_group(const struct reading *reading, struct remembered_group *group)
{
    for (size_t i = 0; i < group->count; i++)
        forget(&items_of(reading, group)[i]);
    *group = (struct remembered_group){0};
}

static void forget_parsed(struct reading *reading)
{
    observation_clear(&reading->parsed);
    body_release(reading->parsed_body);
    reading->parsed_body = NULL;
}

void reading_free(struct reading *reading)
{
    for (size_t i = 0; i < REMEMBERED_GROUPS; i++)
        forget_group(reading, &reading->groups[i]);
    free(reading->items);
    forget_parsed(reading);
    json_tree_free(&reading->tree);
}

static const struct observation *fails(struct reading *reading, const char *why)
{
    reading->failure = why;
    return NULL;
}

const struct observation *reading_parse(struct reading *reading, enum exchange_path path,
                                        int status, const char *bytes, size_t length)
{
    forget_parsed(reading);
    const char *why = answer_read_by(&reading->tree, path, status, bytes, length, &reading->parsed);
    const bool readable = !why || (status >= 400 && why != answer_no_memory);
    return readable ? &reading->parsed : fails(reading, why);
}

static const struct observation *parse_body(struct reading *reading, enum exchange_path path,
                                            int status, struct body *body)
{
    size_t length;
    const char *bytes = body_bytes(body, &length);
    return bytes ? reading_parse(reading, path, status, bytes, length)
                 : fails(reading, out_of_memory);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_checkpoint(bool has_a, const struct seen_checkpoint *a, bool has_b,
                            const struct seen_checkpoint *b)
{
    if (!has_a || !has_b)
        return has_a == has_b;
    return a->id == b->id && a->status == b->status && a->is_savepoint == b->is_savepoint &&
           a->discarded == b->discarded && a->trigger_ms == b->trigger_ms &&
           a->latest_ack_ms == b->latest_ack_ms && a->state_size == b->state_size &&
           same_text(a->path, b->path);
}

static bool same_history(const struct observation *a, const struct observation *b)
{
    if (a->history_count != b->history_count)
        return false;
    for (size_t i = 0; i < a->history_count; i++) {
        if (!same_checkpoint(true, &a->history[i], true, &b->history[i]))
            return false;
    }
    return true;
}

static bool same_restored(const struct observation *a, const struct observation *b)
{
    if (!a->has_latest_restored || !b->has_latest_restored)
        return a->has_latest_restored == b->has_latest_restored;
    return a->restored_id == b->restored_id && a->restored_ms == b->restored_ms &&
           same_text(a->restored_path, b->restored_path);
}

/* Whether bytes and data say the same, member by member. */
static bool same_statistics(const struct observation *a, const struct observation *b)
{
    return a->restored == b->restored && a->total == b->total && a->in_progress == b->in_progress &&
           a->completed == b->completed && a->failed == b->failed && a->version == b->version &&
           same_history(a, b) && same_restored(a, b) &&
           same_checkpoint(a->has_latest_savepoint, &a->latest_savepoint, b->has_latest_savepoint,
                           &b->latest_savepoint) &&
           same_checkpoint(a->has_latest_failed, &a->latest_failed, b->has_latest_failed,
                           &b->latest_failed);
}

static bool same_job(const struct observation *a, const struct observation *b)
{
    return a->job_initializing == b->job_initializing && a->job_terminal == b->job_terminal &&
           a->job_start_ms == b->job_start_ms && a->job_now_ms == b->job_now_ms &&
           strcmp(a->job_state, b->job_state) == 0;
}

static bool same_observation(const struct observation *a, const struct observation *b)
{
    return a->kind == b->kind && same_statistics(a, b) && same_job(a, b) &&
           same_checkpoint(a->has_latest_completed, &a->latest_completed, b->has_latest_completed,
                           &b->latest_completed);
}

/* Two bodies of one snapshot say the same: a JobManager to which nothing was reported gives the
 * same snapshot again. */
static bool is_of(const struct remembered *memory, const struct body *body,
                  const struct checkpoint_stats *stats)
{
    return stats ? body_statistics(memory->body) == stats : memory->body == body;
}

static struct remembered_group *group_of(struct reading *reading, const struct body *body,
                                         const struct checkpoint_stats *stats)
{
    const uint64_t key = stats ? id_hash(stats->job) : body_serial(body);
    return &reading->groups[key % REMEMBERED_GROUPS];
}

/* Where a body is remembered; NULL: nowhere. */
static struct remembered *find(const struct reading *reading, const struct remembered_group *group,
                               const struct body *body, const struct checkpoint_stats *stats)
{
    if (!group->newest || is_of(group->newest, body, stats))
        return group->newest;
    struct remembered *items = items_of(reading, group);
    for (size_t i = 0; i < group->count; i++) {
        if (is_of(&items[i], body, stats))
            return &items[i];
    }
    return NULL;
}

/* Most is never used: what is not is not touched either. */
static bool make_items(struct reading *reading)
{
    const size_t count = (size_t)REMEMBERED_GROUPS * REMEMBERED_IN_GROUP;
    if (!reading->items)
        reading->items = malloc(count * sizeof *reading->items);
    return reading->items != NULL;
}

static struct remembered *make_room(struct reading *reading, struct remembered_group *group)
{
    struct remembered *memory = &items_of(reading, group)[group->oldest];
    if (group->count == REMEMBERED_IN_GROUP)
        forget(memory);
    else
        group->count++;
    group->newest = memory;
    group->oldest = (group->oldest + 1) % REMEMBERED_IN_GROUP;
    return memory;
}

/* False: see reading->failure; nothing is seen then. */
static bool see(struct reading *reading, enum exchange_path path, int status, struct body *body,
                const struct checkpoint_stats *stats, struct observation *seen)
{
    if (stats)
        return observation_of_statistics(stats, seen) || fails(reading, out_of_memory);
    *seen = (struct observation){0};
    if (!parse_body(reading, path, status, body))
        return false;
    *seen = reading->parsed;
    reading->parsed = (struct observation){0};
    return true;
}

/* NULL: see reading->failure. */
static struct remembered *remember(struct reading *reading, struct remembered_group *group,
                                   enum exchange_path path, int status, struct body *body,
                                   const struct checkpoint_stats *stats)
{
    if (!make_items(reading)) {
        reading->failure = out_of_memory;
        return NULL;
    }
    struct remembered *memory = make_room(reading, group);
    memory->content = ++reading->last_content;
    memory->body = body_retain(body);
    if (see(reading, path, status, body, stats, &memory->seen))
        return memory;
    forget_group(reading, group);
    return NULL;
}

/* What is written once and looked at often. */
static const struct observation *recall(struct reading *reading, enum exchange_path path,
                                        int status, struct body *body, uint64_t *content)
{
    const struct checkpoint_stats *stats =
        path == PATH_STATISTICS && status == 200 ? body_statistics(body) : NULL;
    struct remembered_group *group = group_of(reading, body, stats);
    struct remembered *memory = find(reading, group, body, stats);
    if (!memory)
        memory = remember(reading, group, path, status, body, stats);
    if (!memory)
        return NULL;
    *content = memory->content;
    return &memory->seen;
}

/* What is as quick to look at as to recall; NULL: nothing of the kind. */
static const struct observation *look_at(struct reading *reading, enum exchange_path path,
                                         const struct body *body)
{
    const struct checkpoint *checkpoint = path == PATH_DETAILS ? body_details(body) : NULL;
    int64_t now_ms;
    const struct execution_graph *graph = path == PATH_JOB ? body_job(body, &now_ms) : NULL;
    if (checkpoint)
        observation_of_details(checkpoint, &reading->looked_at);
    else if (graph)
        observation_of_job(graph, now_ms, &reading->looked_at);
    return checkpoint || graph ? &reading->looked_at : NULL;
}

/* The body itself is what is recognised: serials are one endpoint's, and behind one address there may
 * be several. */
static const struct observation *compared(struct reading *reading, enum exchange_path path,
                                          struct body *body, const struct observation *seen)
{
    if (reading->parsed_body == body)
        return &reading->parsed;
    const struct observation *parsed = parse_body(reading, path, 200, body);
    if (parsed && !same_observation(parsed, seen))
        return fails(reading, "a body says something else than the snapshot it is written from");
    if (parsed)
        reading->parsed_body = body_retain(body);
    return parsed;
}

const struct observation *reading_of_body(struct reading *reading, enum exchange_path path,
                                          int status, struct body *body, bool compare,
                                          uint64_t *content)
{
    static const struct observation nothing = {.kind = OBSERVED_OTHER};
    *content = 0;
    if (!answer_is_read(path, status))
        return &nothing;
    const struct observation *seen = status == 200 ? look_at(reading, path, body) : NULL;
    if (!seen)
        seen = recall(reading, path, status, body, content);
    return seen && seen->borrows && compare ? compared(reading, path, body, seen) : seen;
}

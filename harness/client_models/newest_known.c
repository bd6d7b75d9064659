#include "harness/client_models/client_models_internal.h"

/* The models that look at one part of the answer, or at what they saw earlier. */

/* --- scripts --------------------------------------------------------------------------------- */

/*
 *   path=$(curl -s $url | jq -r .latest.completed.external_path)
 *   [ -n "$path" ] || exit 1
 *   flink run -s "$path" ...
 *
 * `jq -r` prints null as the word null, for what is missing too, as in the body of an error. Where
 * there is no JSON it prints nothing. Real scripts: real bugs, section 8.
 */
static const char *path_by_jq(const struct client_answer *answer)
{
    if (client_answer_grounds(answer) == GROUNDS_SILENCE)
        return NULL;
    if (answer->seen->kind == OBSERVED_OTHER)
        return NULL;
    const bool has = answer_is_list(answer) && answer->seen->has_latest_completed &&
                     answer->seen->latest_completed.path;
    return has ? answer->seen->latest_completed.path : "null";
}

static bool is_shown(const struct client_answer *answer)
{
    return answer_is_list(answer) && answer->seen->has_latest_completed &&
           answer->seen->latest_completed.path;
}

static struct client_decision script_decide(const struct client_answer *answer,
                                            const struct client_memory *memory, int64_t max_age_ms)
{
    (void)memory;
    (void)max_age_ms;
    const char *path = path_by_jq(answer);
    if (!path)
        return refuses("jq printed nothing");
    return starts_from(path, is_shown(answer) ? answer->seen->latest_completed.id : 0,
                       "jq printed a path");
}

const struct model model_script = {.decide = script_decide};

/*
 *   path=$(curl -s $url | jq -r '.latest.completed.external_path // empty')
 *   flink run ${path:+-s "$path"} ...
 *
 * No path, for whatever reason, is no checkpoint.
 */
static struct client_decision lenient_script_decide(const struct client_answer *answer,
                                                    const struct client_memory *memory,
                                                    int64_t max_age_ms)
{
    (void)memory;
    (void)max_age_ms;
    if (!is_shown(answer))
        return starts_from_nothing("jq printed nothing");
    return starts_from(answer->seen->latest_completed.path, answer->seen->latest_completed.id,
                       "jq printed a path");
}

const struct model model_lenient_script = {.decide = lenient_script_decide};

/* --- history-scan ---------------------------------------------------------------------------- */

static const struct seen_checkpoint *newest_in_history(const struct client_answer *answer)
{
    for (size_t i = 0; answer_is_list(answer) && i < answer->seen->history_count; i++) {
        const struct seen_checkpoint *entry = &answer->seen->history[i];
        if (entry->status == SEEN_COMPLETED && entry->path)
            return entry;
    }
    return NULL;
}

static bool history_scan_watch(const struct client_answer *answer, struct client_memory *memory)
{
    const struct seen_checkpoint *newest = newest_in_history(answer);
    return !newest || memory_keep(memory, newest);
}

/* Where the history holds nothing, what its status recorded last. After a restore it is empty.
 * Source: flink-kubernetes-operator#236, before 1.0 (real bug R-31). */
static struct client_decision history_scan_decide(const struct client_answer *answer,
                                                  const struct client_memory *memory,
                                                  int64_t max_age_ms)
{
    (void)max_age_ms;
    const struct seen_checkpoint *newest = newest_in_history(answer);
    if (!answer_is_list(answer))
        return refuses("could not observe latest savepoint information");
    if (newest)
        return starts_from(newest->path, newest->id, "it is the newest of the history");
    if (memory->path)
        return starts_from(memory->path, memory->checkpoint, "it was recorded last");
    return starts_from_nothing("the history is empty, and nothing was recorded");
}

const struct model model_history_scan = {.watch = history_scan_watch,
                                         .decide = history_scan_decide};

/* --- lyft ------------------------------------------------------------------------------------ */

/* Source: flinkk8soperator Controller.CompareAndUpdateJobStatus: path and time of latest.completed
 * go into the status. */
static bool lyft_watch(const struct client_answer *answer, struct client_memory *memory)
{
    return !answer->seen->has_latest_completed ||
           memory_keep(memory, &answer->seen->latest_completed);
}

/*
 * Source: flinkk8soperator Controller.FindExternalizedCheckpoint. When the query fails, the path
 * that was seen last; its time was kept in seconds, so there the limit of age works. The trigger
 * time out of the answer is in milliseconds and is taken for seconds: it lies in the far future,
 * and nothing is ever too old (real bug R-36).
 */
static struct client_decision lyft_decide(const struct client_answer *answer,
                                          const struct client_memory *memory, int64_t max_age_ms)
{
    static const char *const too_old = "found a checkpoint, but it was too old";
    if (answer->status == 200 && answer->seen) {
        /* FlinkJobManagerClient.GetLatestCheckpoint logs what it cannot decode, and goes on with an
         * empty answer. FlinkStateMachine.handleApplicationRecovering gives up without a path. */
        if (!answer_is_list(answer) || !answer->seen->has_latest_completed ||
            !answer->seen->latest_completed.path)
            return refuses("no externalized checkpoint found");
        const struct seen_checkpoint *latest = &answer->seen->latest_completed;
        const int64_t taken_for_seconds = latest->trigger_ms;
        if (max_age_ms > 0 && answer->now_ms / 1000 - taken_for_seconds > max_age_ms / 1000)
            return refuses(too_old);
        return starts_from(latest->path, latest->id, "it completed last");
    }
    if (!memory->path)
        return refuses("could not query the JobManager, and no checkpoint was seen before");
    if (max_age_ms > 0 && answer->now_ms / 1000 - memory->latest_ack_ms / 1000 > max_age_ms / 1000)
        return refuses(too_old);
    return starts_from(memory->path, memory->checkpoint,
                       "could not query the JobManager, using the last seen checkpoint");
}

const struct model model_lyft = {.watch = lyft_watch, .decide = lyft_decide};

/* --- streampark ------------------------------------------------------------------------------ */

/* CheckPointType has CHECKPOINT, SAVEPOINT and SYNC_SAVEPOINT: for any other there is no type to
 * store, and nothing is (real bug R-39). */
static bool streampark_knows(enum seen_type type)
{
    return type == SEEN_TYPE_CHECKPOINT || type == SEEN_TYPE_SAVEPOINT ||
           type == SEEN_TYPE_SYNC_SAVEPOINT;
}

static bool streampark_stores(const struct client_memory *memory, bool has,
                              const struct seen_checkpoint *seen)
{
    return has && seen->id > memory->newest && streampark_knows(seen->type);
}

/* A number counts only above all that were kept, also those of runs long over. Source: StreamPark
 * CheckpointProcessor.shouldStoreAsCheckpoint, shouldStoreAsSavepoint (real bug R-32). */
static bool streampark_watch(const struct client_answer *answer, struct client_memory *memory)
{
    const struct observation *seen = answer->seen;
    const struct seen_checkpoint *stored = NULL;
    if (streampark_stores(memory, seen->has_latest_completed, &seen->latest_completed))
        stored = &seen->latest_completed;
    if (streampark_stores(memory, seen->has_latest_savepoint, &seen->latest_savepoint) &&
        (!stored || seen->latest_savepoint.id > stored->id))
        stored = &seen->latest_savepoint;
    if (!stored)
        return true;
    if (!memory_keep(memory, stored))
        return false;
    memory->newest = stored->id;
    return true;
}

/* What it kept, whatever the last answer said. Source: SavepointService.getLatest. */
static struct client_decision kept_decide(const struct client_answer *answer,
                                          const struct client_memory *memory, int64_t max_age_ms)
{
    (void)answer;
    (void)max_age_ms;
    if (!memory->path)
        return starts_from_nothing("nothing was kept");
    return starts_from(memory->path, memory->checkpoint, "it was kept last");
}

const struct model model_streampark = {
    .watch = streampark_watch, .decide = kept_decide, .goes_by_names = true};

/* --- dinky ----------------------------------------------------------------------------------- */

/* Source: real bug R-40: completed where there is one, a savepoint only where there is none, and
 * never what was restored. */
static struct client_decision dinky_decide(const struct client_answer *answer,
                                           const struct client_memory *memory, int64_t max_age_ms)
{
    (void)memory;
    (void)max_age_ms;
    const struct observation *seen = answer_is_list(answer) ? answer->seen : NULL;
    if (seen && seen->has_latest_completed && seen->latest_completed.path)
        return starts_from(seen->latest_completed.path, seen->latest_completed.id,
                           "it completed last");
    if (seen && seen->has_latest_savepoint && seen->latest_savepoint.path)
        return starts_from(seen->latest_savepoint.path, seen->latest_savepoint.id,
                           "no checkpoint is shown, and a savepoint is");
    return starts_from_nothing("neither a checkpoint nor a savepoint is shown");
}

const struct model model_dinky = {.decide = dinky_decide};

/* --- openlineage ----------------------------------------------------------------------------- */

/*
 * The tracker reports when counts.total differs from its last report; the total rises when a
 * checkpoint is triggered and not when it completes. The tracker itself starts no job: this is
 * somebody who starts one from what it reported. Source: OpenLineageContinousJobTracker (real bug
 * R-42).
 */
static bool openlineage_watch(const struct client_answer *answer, struct client_memory *memory)
{
    const struct observation *seen = answer->seen;
    if (memory->has_reported && memory->total == seen->total)
        return true;
    if (seen->has_latest_completed && !memory_keep(memory, &seen->latest_completed))
        return false;
    if (!seen->has_latest_completed)
        client_memory_clear(memory);
    memory->total = seen->total;
    memory->has_reported = true;
    return true;
}

const struct model model_openlineage = {.watch = openlineage_watch, .decide = kept_decide};

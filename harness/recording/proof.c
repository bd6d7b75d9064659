#include "harness/recording/proof.h"

#include <string.h>

/* Flink puts the job's id into the path unless told otherwise.
 * Source: FsCheckpointStorageAccess (<directory>/<job id>/chk-<number>); reference section 5.3. */
bool proof_is_of_another_job(const char *path, struct id job)
{
    bool names_a_job = false;
    struct id named;
    while (path && *path) {
        size_t length = strcspn(path, "/");
        if (id_parse(path, length, &named)) {
            if (id_equal(named, job))
                return false;
            names_a_job = true;
        }
        path += length + (path[length] == '/');
    }
    return names_a_job;
}

bool proof_by_trigger(const struct observation *seen)
{
    return seen->kind == OBSERVED_TRIGGER_STATUS && seen->trigger_done && !seen->trigger_failed &&
           seen->trigger_checkpoint > 0;
}

static bool counts(const struct seen_checkpoint *entry)
{
    return entry->status == SEEN_COMPLETED && !entry->is_savepoint && entry->latest_ack_ms >= 0;
}

bool proof_is_possible(const struct observation *seen, int64_t checkpoint)
{
    return seen->kind == OBSERVED_STATISTICS ||
           (seen->kind == OBSERVED_DETAILS && seen->latest_completed.id == checkpoint);
}

bool proof_each(const struct observation *seen, int64_t checkpoint, proof_visit *visit,
                void *context)
{
    if (!proof_is_possible(seen, checkpoint))
        return true;
    if (seen->has_latest_completed && counts(&seen->latest_completed) &&
        !visit(context, &seen->latest_completed))
        return false;
    for (size_t i = 0; i < seen->history_count; i++) {
        if (counts(&seen->history[i]) && !visit(context, &seen->history[i]))
            return false;
    }
    return true;
}

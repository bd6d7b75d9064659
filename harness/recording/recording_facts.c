#include <string.h>

#include "harness/recording/recording_internal.h"

/*
 * True when the path has an id in it and none is this job's: then the answer is about another job,
 * whatever was asked for. Flink puts the job's id into the path unless told otherwise.
 * Source: FsCheckpointStorageAccess (<directory>/<job id>/chk-<number>); reference section 5.3.
 */
static bool is_of_another_job(const char *path, struct id job)
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

static bool conclude_entry(struct recording *recording, const struct recorded_exchange *exchange,
                           const struct seen_checkpoint *entry)
{
    size_t known;
    struct digest digest = digest_start();
    if (entry->status != SEEN_COMPLETED || entry->is_savepoint || entry->latest_ack_ms < 0 ||
        is_of_another_job(entry->path, exchange->job))
        return true;
    digest_add_number(&digest, exchange->job.high);
    digest_add_number(&digest, exchange->job.low);
    digest_add_number(&digest, (uint64_t)entry->id);
    if (digest_table_find(&recording->completion_indices, digest, &known))
        return true;
    struct recorded_completion *completions =
        recording_grow(recording->completions, recording->completion_count,
                       &recording->completion_capacity, sizeof(*completions));
    if (!completions)
        return false;
    recording->completions = completions;
    if (!digest_table_put(&recording->completion_indices, digest, recording->completion_count))
        return false;
    recording->completions[recording->completion_count++] = (struct recorded_completion){
        .job = exchange->job,
        .checkpoint = entry->id,
        .trigger_ms = entry->trigger_ms,
        .latest_ack_ms = entry->latest_ack_ms,
        .path = entry->path,
        .shown_us = exchange->done_us,
        .shown_seq = exchange->seq,
    };
    return true;
}

static bool conclude_from(struct recording *recording, const struct recorded_exchange *exchange)
{
    struct recorded_observation *observation = &recording->observations[exchange->seen];
    const struct observation *seen = &observation->seen;
    bool is_details = seen->kind == OBSERVED_DETAILS;
    if (observation->concluded_from || (!is_details && seen->kind != OBSERVED_STATISTICS) ||
        (is_details && seen->latest_completed.id != exchange->checkpoint))
        return true;
    observation->concluded_from = true;
    if (seen->has_latest_completed && !conclude_entry(recording, exchange, &seen->latest_completed))
        return false;
    for (size_t i = 0; i < seen->history_count; i++) {
        if (!conclude_entry(recording, exchange, &seen->history[i]))
            return false;
    }
    return true;
}

bool recording_conclude(struct recording *recording)
{
    for (size_t i = 0; i < recording->exchange_count; i++) {
        if (!conclude_from(recording, &recording->exchanges[i]))
            return false;
    }
    return true;
}

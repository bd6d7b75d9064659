#ifndef FRESHCHECK_HARNESS_OBSERVER_MIGRATION_LOG_H
#define FRESHCHECK_HARNESS_OBSERVER_MIGRATION_LOG_H

#include <stdbool.h>

#include "harness/clients/clients.h"
#include "harness/judge/history.h"
#include "harness/observer/run_result.h"

/* What had completed, for the question that FLINK-32469 asks: how much does a job reprocess that
 * was moved by what the API said? Only kept where the plan has a migration. */
struct migration_log {
    const struct client_plan *migration; /* the first of the plan; NULL: none */
    struct id job;
    struct completed_line {
        int64_t at_us, trigger_ms, checkpoint;
    } * lines;
    size_t line_count, line_capacity;
};

void migration_log_start(struct migration_log *log, const struct plan *plan);
void migration_log_free(struct migration_log *log);
bool migration_log_fact(struct migration_log *log, const struct fact *fact);

/* Adds the measures `reprocessed needlessly` (ms between the triggers of the checkpoint chosen
 * and the newest one that had completed when the job was cancelled) and `behind`. */
void migration_log_measure(const struct migration_log *log, const struct clients *clients,
                           struct run_result *result);

#endif

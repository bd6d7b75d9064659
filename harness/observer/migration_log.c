#include "harness/observer/migration_log.h"

#include <stdio.h>
#include <stdlib.h>

void migration_log_start(struct migration_log *log, const struct plan *plan)
{
    *log = (struct migration_log){0};
    for (size_t i = 0; i < plan->client_count && !log->migration; i++) {
        if (plan->clients[i].kind != CLIENT_MIGRATION)
            continue;
        log->migration = &plan->clients[i];
        log->job = plan->jobs[plan->clients[i].job].id;
    }
}

void migration_log_free(struct migration_log *log)
{
    free(log->lines);
    *log = (struct migration_log){0};
}

bool migration_log_fact(struct migration_log *log, const struct fact *fact)
{
    if (!log->migration || fact->kind != FACT_COMPLETED || fact->is_savepoint ||
        !id_equal(fact->job, log->job))
        return true;
    if (log->line_count == log->line_capacity) {
        const size_t capacity = log->line_capacity ? 2 * log->line_capacity : 16;
        struct completed_line *lines = realloc(log->lines, capacity * sizeof *lines);
        if (!lines)
            return false;
        log->lines = lines;
        log->line_capacity = capacity;
    }
    log->lines[log->line_count++] = (struct completed_line){
        .at_us = fact->at_us,
        .trigger_ms = fact->trigger_ms,
        .checkpoint = fact->checkpoint,
    };
    return true;
}

static void add_measure(struct run_result *result, const char *name, double value, const char *unit)
{
    if (result->measure_count == MEASURES_MAX)
        return;
    struct measure *measure = &result->measures[result->measure_count++];
    snprintf(measure->name, sizeof measure->name, "%s", name);
    measure->value = value;
    measure->unit = unit;
}

void migration_log_measure(const struct migration_log *log, const struct clients *clients,
                           struct run_result *result)
{
    struct migration_result migration;
    if (!log->migration || clients_migrations(clients, &migration, 1) == 0 || !migration.decided)
        return;
    const struct completed_line *newest = NULL;
    int64_t behind = 0;
    for (size_t i = 0; i < log->line_count; i++) {
        const struct completed_line *line = &log->lines[i];
        if (line->at_us >= migration.cancelled_us ||
            line->checkpoint <= migration.chosen_checkpoint)
            continue;
        behind++;
        if (!newest || line->checkpoint > newest->checkpoint)
            newest = line;
    }
    const int64_t lost_ms = newest && migration.chosen_checkpoint
                                ? newest->trigger_ms - migration.chosen_trigger_ms
                                : 0;
    add_measure(result, "reprocessed needlessly", (double)lost_ms, "ms");
    add_measure(result, "behind", (double)behind, "checkpoints");
}

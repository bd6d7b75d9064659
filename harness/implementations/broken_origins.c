#include "harness/implementations/implementation_internal.h"

/* The reference before a JobManager that is broken: no cache can make its answers right, and a
 * checker must not lay them at the cache's door. */

static const struct origin_quirks ended_jobs_forgotten = {.forgets_ended_jobs = true};
static const struct origin_quirks announced_before_shown = {.announces_before_statistics = true};
static const struct origin_quirks late_savepoint = {.late_savepoint_is_checkpoint = true};
static const struct origin_quirks shown_before_durable = {.shown_before_durable_us = 50 * 1000};
static const struct origin_quirks ended_jobs_found_late = {.ended_jobs_found_after_us = 500 * 1000};
static const struct origin_quirks statistics_wiped = {.restart_wipes_statistics = true};
static const struct origin_quirks statistics_kept = {.failover_keeps_statistics = true};
static const struct origin_quirks lock_taken = {.lock_busy_while_checkpointing = true};
static const struct origin_quirks halfway_counts = {.failed_triggers_count_halfway = true};
static const struct origin_quirks discards_not_marked = {.discards_are_not_marked = true};
static const struct origin_quirks deleted_too_early = {.trigger_discards = true};
static const struct origin_quirks savepoint_pushes_out = {.savepoint_discards = true};

#define ORIGIN(origin_name, text, seen, ...)                                                  \
    {                                                                                         \
        .name = "origin-" origin_name, .kind = IMPLEMENTATION_BROKEN_ORIGIN, .summary = text, \
        .source = seen, __VA_ARGS__                                                           \
    }

static const struct implementation items[] = {
    ORIGIN("forgets-ended-jobs", "statistics of jobs that have ended are not found", "FLINK-33872",
           .origin = &ended_jobs_forgotten),
    ORIGIN("finds-ended-jobs-late",
           "for half a second after its end a job is neither running nor archived",
           "FLINK-38241, FLINK-37869", .origin = &ended_jobs_found_late),
    ORIGIN("announces-first", "a trigger is told as completed before the statistics show it",
           "FLINK-38408", .origin = &announced_before_shown),
    ORIGIN("shows-before-durable", "a checkpoint is shown, and lost when the job fails over then",
           "FLINK-25958; real bug R-19", .origin = &shown_before_durable),
    ORIGIN("busy-while-checkpointing",
           "while a checkpoint is under way the last snapshot is handed out again",
           "Flink CheckpointStatsTracker.createSnapshot; real bug R-07", .origin = &lock_taken),
    ORIGIN("late-savepoint-is-latest",
           "a savepoint that completes out of turn is the latest checkpoint",
           "Flink CheckpointStatsHistory; real bug R-16", .origin = &late_savepoint),
    ORIGIN("wipes-at-rescale", "a restart or a change of parallelism wipes the statistics",
           "FLINK-24749", .origin = &statistics_wiped),
    ORIGIN("keeps-after-failover", "after a failover the statistics of the run before are shown on",
           "FLINK-39704; real bug R-21", .origin = &statistics_kept),
    ORIGIN("counts-halfway", "triggers that fail are counted as failed, and not in the total",
           "FLINK-26049", .origin = &halfway_counts),
    ORIGIN("discards-unmarked", "what was discarded is shown as it was", "real bug R-30",
           .origin = &discards_not_marked),
    ORIGIN("deletes-too-early", "the oldest checkpoint goes when the next one is only triggered",
           "FLINK-22494; real bug R-48", .origin = &deleted_too_early),
    ORIGIN("savepoint-pushes-out", "a savepoint takes the place of a retained checkpoint",
           "FLINK-21351; real bug R-46", .origin = &savepoint_pushes_out),
    ORIGIN("retains-one", "one checkpoint is retained, whatever the options say",
           "an option renamed in 1.20; real bug R-30", .retains_one = true),
};

const struct implementation_table broken_origins = {items, sizeof items / sizeof items[0]};

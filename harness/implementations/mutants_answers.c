#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/implementations/implementation_internal.h"

/* Statistics that are altered on their way in: what the JobManager said is not what is told. Short
 * of memory nothing is altered. */

/* A copy to change, in the place of what the JobManager still owns; NULL: there is nothing. */
static struct checkpoint_stats *own_statistics(struct fetch_result *result)
{
    struct checkpoint_stats *own = result->outcome == OUTCOME_OK && result->stats
                                       ? checkpoint_stats_copy(result->stats)
                                       : NULL;
    if (!own)
        return NULL;
    checkpoint_stats_release(result->stats);
    result->stats = own;
    return own;
}

static void put(struct checkpoint **place, struct checkpoint *checkpoint)
{
    checkpoint_retain(checkpoint);
    checkpoint_release(*place);
    *place = checkpoint;
}

static bool is_checkpoint(const struct checkpoint *entry)
{
    return entry->status == CHECKPOINT_COMPLETED && !checkpoint_type_is_savepoint(entry->type);
}

/* --- which one is the latest ---------------------------------------------------------------- */

typedef bool comes_after(const struct checkpoint *entry, const struct checkpoint *latest);

/* The last of those listed, by some order; `takes` says which of them take part. */
static void choose_latest(struct fetch_result *result, bool (*takes)(const struct checkpoint *),
                          comes_after *after)
{
    struct checkpoint_stats *stats = own_statistics(result);
    struct checkpoint *latest = NULL;
    for (size_t i = 0; stats && i < stats->history_count; i++) {
        if (takes(stats->history[i]) && (!latest || after(stats->history[i], latest)))
            latest = stats->history[i];
    }
    if (latest)
        put(&stats->latest_completed, latest);
}

static bool is_greater_as_text(const struct checkpoint *entry, const struct checkpoint *latest)
{
    char a[24], b[24];
    snprintf(a, sizeof a, "%" PRId64, entry->id);
    snprintf(b, sizeof b, "%" PRId64, latest->id);
    return strcmp(a, b) > 0;
}

static void text_order(struct fetch_result *result)
{
    choose_latest(result, is_checkpoint, is_greater_as_text);
}

static bool has_completed(const struct checkpoint *entry)
{
    return entry->status == CHECKPOINT_COMPLETED;
}

static bool arrived_later(const struct checkpoint *entry, const struct checkpoint *latest)
{
    return entry->latest_ack_ms > latest->latest_ack_ms;
}

static void latest_by_arrival(struct fetch_result *result)
{
    choose_latest(result, has_completed, arrived_later);
}

static bool was_triggered_later(const struct checkpoint *entry, const struct checkpoint *latest)
{
    return entry->id > latest->id;
}

/* What is not in the list is not there, however many completed. */
static void latest_of_the_listed(struct fetch_result *result)
{
    struct checkpoint_stats *stats = own_statistics(result);
    if (!stats)
        return;
    checkpoint_release(stats->latest_completed);
    stats->latest_completed = NULL;
    choose_latest(result, is_checkpoint, was_triggered_later);
}

static void savepoint_is_latest(struct fetch_result *result)
{
    choose_latest(result, has_completed, was_triggered_later);
}

/* The one that the job came from takes the place of one of its own. */
static void restored_is_latest(struct fetch_result *result)
{
    struct checkpoint_stats *stats = own_statistics(result);
    const struct restored_checkpoint *restored = stats ? stats->latest_restored : NULL;
    if (!restored || stats->latest_completed || !restored->external_path)
        return;
    const enum checkpoint_type type =
        restored->is_savepoint ? CHECKPOINT_SAVEPOINT : CHECKPOINT_ALIGNED;
    struct checkpoint *latest = checkpoint_new(restored->id, type, restored->restore_ms, NULL, 0);
    if (!latest)
        return;
    latest->status = CHECKPOINT_COMPLETED;
    latest->external_path = restored->external_path;
    stats->latest_restored->external_path = NULL;
    stats->latest_completed = latest;
}

/* --- what is said of it --------------------------------------------------------------------- */

/* A copy of latest.completed to change, there and in the list; NULL: there is none. */
static struct checkpoint *own_latest(struct checkpoint_stats *stats)
{
    struct checkpoint *before = stats ? stats->latest_completed : NULL;
    struct checkpoint *own = before ? checkpoint_copy(before) : NULL;
    if (!own)
        return NULL;
    for (size_t i = 0; i < stats->history_count; i++) {
        if (stats->history[i] == before)
            put(&stats->history[i], own);
    }
    checkpoint_release(before);
    stats->latest_completed = own;
    return own;
}

static void discarded_mark_lost(struct fetch_result *result)
{
    const bool is_marked = result->stats && result->stats->latest_completed &&
                           result->stats->latest_completed->discarded;
    struct checkpoint *latest = is_marked ? own_latest(own_statistics(result)) : NULL;
    if (latest)
        latest->discarded = false;
}

/* A number that no double holds is the nearest one that a double does. */
static void id_through_double(struct fetch_result *result)
{
    struct checkpoint *latest = own_latest(own_statistics(result));
    if (latest && latest->id < INT64_C(1) << 62)
        latest->id = (int64_t)(double)latest->id;
}

static void id_in_32_bits(struct fetch_result *result)
{
    struct checkpoint *latest = own_latest(own_statistics(result));
    if (latest)
        latest->id &= INT32_MAX;
}

/* The number is of the latest, the path of the one before. */
static void path_of_the_one_before(struct fetch_result *result)
{
    struct checkpoint_stats *stats = own_statistics(result);
    struct checkpoint *latest = own_latest(stats);
    struct checkpoint *before = NULL;
    for (size_t i = 0; latest && i < stats->history_count; i++) {
        struct checkpoint *entry = stats->history[i];
        if (is_checkpoint(entry) && entry->id < latest->id && (!before || entry->id > before->id))
            before = entry;
    }
    struct checkpoint *other = before ? checkpoint_copy(before) : NULL;
    if (!other)
        return;
    struct shared_text *path = latest->external_path;
    latest->external_path = other->external_path;
    other->external_path = path;
    checkpoint_release(other);
}

/* Complete as soon as it is triggered: what the counts and the list say agrees. */
static void pending_is_completed(struct fetch_result *result)
{
    struct checkpoint_stats *stats = own_statistics(result);
    for (size_t i = 0; stats && i < stats->history_count; i++) {
        if (stats->history[i]->status != CHECKPOINT_IN_PROGRESS ||
            checkpoint_type_is_savepoint(stats->history[i]->type))
            continue;
        struct checkpoint *shown = checkpoint_copy(stats->history[i]);
        if (!shown)
            return;
        shown->status = CHECKPOINT_COMPLETED;
        put(&stats->history[i], shown);
        if (!stats->latest_completed || stats->latest_completed->id < shown->id)
            put(&stats->latest_completed, shown);
        checkpoint_release(shown);
        stats->counts.in_progress--;
        stats->counts.completed++;
    }
}

/* --- list and counts ------------------------------------------------------------------------ */

static void history_oldest_first(struct fetch_result *result)
{
    struct checkpoint_stats *stats = own_statistics(result);
    for (size_t i = 0; stats && i < stats->history_count / 2; i++) {
        struct checkpoint **other = &stats->history[stats->history_count - 1 - i];
        struct checkpoint *entry = stats->history[i];
        stats->history[i] = *other;
        *other = entry;
    }
}

static void counts_of_the_listed(struct fetch_result *result)
{
    struct checkpoint_stats *stats = own_statistics(result);
    if (!stats)
        return;
    int64_t count[] = {
        [CHECKPOINT_IN_PROGRESS] = 0, [CHECKPOINT_COMPLETED] = 0, [CHECKPOINT_FAILED] = 0};
    for (size_t i = 0; i < stats->history_count; i++)
        count[stats->history[i]->status]++;
    stats->counts.in_progress = count[CHECKPOINT_IN_PROGRESS];
    stats->counts.completed = count[CHECKPOINT_COMPLETED];
    stats->counts.failed = count[CHECKPOINT_FAILED];
}

static void still_in_progress(struct fetch_result *result)
{
    struct checkpoint_stats *stats = own_statistics(result);
    if (stats && stats->counts.completed > 0)
        stats->counts.in_progress++;
}

/* --- failures ------------------------------------------------------------------------------- */

static void failure_as_not_found(struct fetch_result *result)
{
    if (result->outcome == OUTCOME_TIMED_OUT || result->outcome == OUTCOME_FAILED ||
        result->outcome == OUTCOME_NO_LEADER)
        result->outcome = OUTCOME_JOB_NOT_FOUND;
}

#define MUTANT(mutant_name, function, text, seen)                                            \
    {                                                                                        \
        .name = mutant_name, .kind = IMPLEMENTATION_MUTANT, .summary = text, .source = seen, \
        .alter = function                                                                    \
    }

static const struct implementation items[] = {
    MUTANT("text-order", text_order, "the latest checkpoint is the last in text order, 9 after 10",
           "FLINK-6284, FLINK-10856"),
    MUTANT("latest-by-arrival", latest_by_arrival,
           "the latest checkpoint is the last that arrived, savepoints included",
           "Flink's lastCompletedCheckpointId; real bug R-18"),
    MUTANT("latest-of-the-listed", latest_of_the_listed,
           "what has left the list is not the latest, however new",
           "flink-kubernetes-operator#236"),
    MUTANT("savepoint-is-latest", savepoint_is_latest,
           "a newer savepoint takes the place of the latest checkpoint",
           "FLINK-10354; real bug R-16"),
    MUTANT("restored-is-latest", restored_is_latest,
           "what a job was restored from is shown as completed by it", "real bug R-31"),
    MUTANT("discarded-mark-lost", discarded_mark_lost,
           "a checkpoint whose files are gone is not marked as discarded", "real bug R-30"),
    MUTANT("id-through-double", id_through_double,
           "numbers beyond 2^53 are rounded to what a double holds",
           "JSON in JavaScript and jq; real bug R-45"),
    MUTANT("id-in-32-bits", id_in_32_bits, "numbers beyond 2^31 lose their upper half",
           "real bug R-45"),
    MUTANT("path-of-the-one-before", path_of_the_one_before,
           "the path of the latest checkpoint is that of the one before", "apache/streampark#1253"),
    MUTANT("pending-is-completed", pending_is_completed,
           "a checkpoint is shown as completed while it is under way", "FLINK-25958"),
    MUTANT("history-oldest-first", history_oldest_first, "the list begins with the oldest",
           "clients that take history[0]"),
    MUTANT("counts-of-the-listed", counts_of_the_listed,
           "completed and failed are counted in the list, the total is not", "FLINK-26049"),
    MUTANT("still-in-progress", still_in_progress, "what completed is counted as in progress, too",
           "real bug R-22"),
    MUTANT("failure-as-not-found", failure_as_not_found,
           "a call that failed is told as a job that is not there", "FLINK-37320, FLINK-37869"),
};

const struct implementation_table answer_mutants = {items, sizeof items / sizeof items[0]};

#ifndef FRESHCHECK_MOCK_JOBMANAGER_JOBMANAGER_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_JOBMANAGER_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "mock_jobmanager/checkpoint_files.h"
#include "mock_jobmanager/event_queue.h"
#include "mock_jobmanager/finished_store.h"
#include "mock_jobmanager/jobmanager.h"
#include "mock_jobmanager/operations_internal.h"

/*
 * The JobManager as a whole. Here and in the other internal headers of this room functions that return bool return false when out of memory;
 * jobmanager_advance() then passes that on, and the run is worth nothing any more. Everything
 * happens at jobmanager->now_us.
 */

struct added_event;
struct call;
struct job;
struct journal_line;
struct shared_text;

/* The answer to a call, on its way out. */
struct delivery {
    uint64_t fetch;
    struct fetch_result result; /* owned */
};

struct jobmanager {
    struct jobmanager_config config;
    int64_t now_us;
    uint64_t last_serial;
    struct job **jobs;                /* by rising index; those of the plan come first and stay */
    struct job **jobs_by_id;          /* by rising id, then by index */
    const struct job **jobs_by_start; /* room for all, in which a list of them is put into order */
    size_t job_count, job_capacity, by_id_capacity, by_start_capacity, next_index;
    struct event_queue queue;
    uint64_t *planned;          /* per event of the plan: see planned_event */
    struct added_event **added; /* NULL where one has happened; owned */
    size_t added_count, added_capacity;
    struct fault *faults;
    size_t fault_count, fault_capacity;
    struct shared_text **kept_paths; /* of jobs of the plan: journal lines point at them for good */
    size_t kept_path_count, kept_path_capacity;
    struct buffer path_text; /* where a path is written before it is kept */
    struct finished_store finished;
    struct checkpoint_files *files, *own_files; /* own_files: owned; NULL when the caller's */

    struct operations operations;
    struct call *calls;
    size_t call_count, call_capacity, free_call; /* free_call: SIZE_MAX when none */
    struct delivery *deliveries;                 /* a queue from `first` on */
    size_t delivery_first, delivery_count, delivery_capacity;
    struct journal_line *journal; /* likewise */
    size_t journal_first, journal_count, journal_capacity;
    struct shared_text *taken_path; /* of the line taken last; counted reference, or NULL */
};

/* jobmanager.c */
int64_t epoch_ms(const struct jobmanager *jobmanager, int64_t at_us);
int64_t later(int64_t at_us, int64_t by_us); /* at_us + by_us, at most INT64_MAX */

/* Time as a caller tells it: it never runs backwards. */
void advance_now(struct jobmanager *jobmanager, int64_t now_us);

/* Gives back what an array needs no more, when that is much. */
void *shrink(void *array, size_t count, size_t *capacity, size_t item_size);

/* faults.c */
bool faults_load(struct jobmanager *jobmanager);
bool fault_in_force(const struct jobmanager *jobmanager, enum fault_kind kind,
                    const struct call *call, const struct fault **found);
int64_t fault_delay_us(const struct jobmanager *jobmanager, enum fault_kind kind,
                       const struct call *call);
bool fault_lock_busy(const struct jobmanager *jobmanager, size_t job);

#endif

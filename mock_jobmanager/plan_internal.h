#ifndef FRESHCHECK_MOCK_JOBMANAGER_PLAN_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_PLAN_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mock_jobmanager/happening_internal.h"
#include "mock_jobmanager/timeline.h"

/* What the plan has happen, what was added to it, and rhythms of checkpoints. */

struct job;
struct jobmanager;

/* An event of the plan, or one that was added and is given back once it has happened. */
struct planned_event {
    const struct job_event *event;
    uint64_t *serial; /* of the checkpoint that its planned trigger made, or 0 */
};

struct added_event {
    struct job_event event;
    uint64_t serial;
    char *path, *message, *exception_class; /* owned; what the event points to */
};

bool plan_load(struct jobmanager *jobmanager);
bool plan_schedule(struct jobmanager *jobmanager, const struct job_event *event, size_t subject);
struct planned_event planned_event_at(const struct jobmanager *jobmanager, size_t subject);
bool plan_event_happens(struct jobmanager *jobmanager, size_t subject);
bool planned_trigger_happens(struct jobmanager *jobmanager, size_t subject);
void added_event_is_over(struct jobmanager *jobmanager, size_t subject);
void added_events_free(struct jobmanager *jobmanager);
bool rhythm_begins(struct jobmanager *jobmanager, struct job *job);
bool rhythm_beats(struct jobmanager *jobmanager, struct job *job);
bool rhythm_mishap(struct jobmanager *jobmanager, struct job *job, enum happening what);

#endif

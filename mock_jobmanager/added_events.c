#include <stdlib.h>

#include "base/text.h"
#include "base/vector.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/plan_internal.h"

static void added_event_free(struct added_event *added)
{
    if (!added)
        return;
    free(added->path);
    free(added->message);
    free(added->exception_class);
    free(added);
}

static struct added_event *added_event_new(const struct job_event *event)
{
    struct added_event *const added = calloc(1, sizeof *added);
    if (!added)
        return NULL;
    added->event = *event;
    added->path = text_copy(event->path);
    added->message = text_copy(event->message);
    added->exception_class = text_copy(event->exception_class);
    added->event.path = added->path;
    added->event.message = added->message;
    added->event.exception_class = added->exception_class;
    if ((!event->path || added->path) && (!event->message || added->message) &&
        (!event->exception_class || added->exception_class))
        return added;
    added_event_free(added);
    return NULL;
}

/* Events of the plan are numbered first, added ones after them. */
struct planned_event planned_event_at(const struct jobmanager *jobmanager, size_t subject)
{
    if (subject < jobmanager->config.event_count)
        return (struct planned_event){.event = &jobmanager->config.events[subject],
                                      .serial = &jobmanager->planned[subject]};
    struct added_event *const added = jobmanager->added[subject - jobmanager->config.event_count];
    return (struct planned_event){.event = &added->event, .serial = &added->serial};
}

void added_event_is_over(struct jobmanager *jobmanager, size_t subject)
{
    if (subject < jobmanager->config.event_count)
        return;
    struct added_event **const place = &jobmanager->added[subject - jobmanager->config.event_count];
    added_event_free(*place);
    *place = NULL;
}

void added_events_free(struct jobmanager *jobmanager)
{
    for (size_t i = 0; i < jobmanager->added_count; i++)
        added_event_free(jobmanager->added[i]);
    free(jobmanager->added);
}

/* A place that nothing scheduled refers to any more, or SIZE_MAX when out of memory. */
static size_t take_place(struct jobmanager *jobmanager)
{
    for (size_t i = 0; i < jobmanager->added_count; i++)
        if (!jobmanager->added[i])
            return i;
    struct added_event **const added =
        vector_grow(jobmanager->added, jobmanager->added_count, &jobmanager->added_capacity,
                    sizeof(struct added_event *));
    if (!added)
        return SIZE_MAX;
    jobmanager->added = added;
    added[jobmanager->added_count] = NULL;
    return jobmanager->added_count++;
}

bool jobmanager_add_event(struct jobmanager *jobmanager, int64_t now_us,
                          const struct job_event *event)
{
    advance_now(jobmanager, now_us);
    const size_t place = take_place(jobmanager);
    if (place == SIZE_MAX)
        return false;
    struct added_event *const added = added_event_new(event);
    if (!added)
        return false;
    if (added->event.at_us < jobmanager->now_us)
        added->event.at_us = jobmanager->now_us;
    jobmanager->added[place] = added;
    return plan_schedule(jobmanager, &added->event, jobmanager->config.event_count + place);
}

#ifndef FRESHCHECK_MOCK_JOBMANAGER_HAPPENING_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_HAPPENING_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jobmanager;

/* What can be scheduled, and what `subject` and `serial` of the event mean. */
enum happening {
    HAPPENS_PLAN_EVENT,      /* subject: see planned_event_at() */
    HAPPENS_PLANNED_TRIGGER, /* likewise: of an event that says how long its checkpoint takes */
    HAPPENS_BEAT,            /* subject: job; serial: its beat_serial */
    HAPPENS_MISHAP_RESTART,  /* likewise */
    HAPPENS_MISHAP_RESCALE,  /* likewise */
    HAPPENS_MISHAP_FAILOVER, /* likewise */
    HAPPENS_RECOVERY,        /* subject: job; serial: its recovery_serial */
    HAPPENS_END_OF_JOB,      /* likewise: a job that is being cancelled, or failing */
    HAPPENS_STOP,            /* likewise: a job whose savepoint is there has finished */
    HAPPENS_FORGETTING,      /* likewise: a job that ended long ago */
    HAPPENS_TRIMMING,        /* of ended jobs, when there are too many */
    HAPPENS_ACKNOWLEDGEMENT, /* subject: job; serial: of the pending checkpoint */
    HAPPENS_END,             /* likewise */
    HAPPENS_VISIBLE,         /* likewise */
    HAPPENS_DURABLE,         /* subject: job; serial: of the stored checkpoint */
    HAPPENS_CALL_ARRIVAL,    /* subject: slot of the call */
    HAPPENS_CALL_END,        /* likewise */
    HAPPENING_COUNT
};

bool schedule(struct jobmanager *jobmanager, int64_t due_us, enum happening what, size_t subject,
              uint64_t serial);

#endif

#include <stdlib.h>

#include "base/vector.h"
#include "mock_jobmanager/calls_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"

static bool is_in_force(const struct fault *fault, enum fault_kind kind, int64_t now_us)
{
    return fault->kind == kind && now_us >= fault->from_us && now_us < fault->until_us;
}

static bool concerns(const struct fault *fault, const struct call *call)
{
    return (fault->any_fetch || fault->fetch == call->request.kind) &&
           (fault->any_job || fault->job == call->job);
}

/* The first one in the plan's order decides. `found` may be NULL. */
bool fault_in_force(const struct jobmanager *jobmanager, enum fault_kind kind,
                    const struct call *call, const struct fault **found)
{
    for (size_t i = 0; i < jobmanager->fault_count; i++) {
        const struct fault *const fault = &jobmanager->faults[i];
        if (!is_in_force(fault, kind, jobmanager->now_us) || !concerns(fault, call))
            continue;
        if (found)
            *found = fault;
        return true;
    }
    return false;
}

int64_t fault_delay_us(const struct jobmanager *jobmanager, enum fault_kind kind,
                       const struct call *call)
{
    int64_t delay_us = 0;
    for (size_t i = 0; i < jobmanager->fault_count; i++) {
        const struct fault *const fault = &jobmanager->faults[i];
        if (is_in_force(fault, kind, jobmanager->now_us) && concerns(fault, call))
            delay_us = later(delay_us, fault->delay_us);
    }
    return delay_us;
}

/* Whose call it is does not matter: the lock belongs to the tracker. */
bool fault_lock_busy(const struct jobmanager *jobmanager, size_t job)
{
    for (size_t i = 0; i < jobmanager->fault_count; i++) {
        const struct fault *const fault = &jobmanager->faults[i];
        if (is_in_force(fault, FAULT_LOCK_BUSY, jobmanager->now_us) &&
            (fault->any_job || fault->job == job))
            return true;
    }
    return false;
}

int64_t jobmanager_wall_shift_us(const struct jobmanager *jobmanager, int64_t now_us)
{
    int64_t shift_us = 0;
    for (size_t i = 0; i < jobmanager->fault_count; i++) {
        const struct fault *const fault = &jobmanager->faults[i];
        if (is_in_force(fault, FAULT_WALL_CLOCK, now_us))
            shift_us += fault->delay_us;
    }
    return shift_us;
}

static bool append(struct jobmanager *jobmanager, const struct fault *fault)
{
    struct fault *const faults = vector_grow(jobmanager->faults, jobmanager->fault_count,
                                             &jobmanager->fault_capacity, sizeof *faults);
    if (!faults)
        return false;
    jobmanager->faults = faults;
    faults[jobmanager->fault_count++] = *fault;
    return true;
}

bool faults_load(struct jobmanager *jobmanager)
{
    for (size_t i = 0; i < jobmanager->config.fault_count; i++)
        if (!append(jobmanager, &jobmanager->config.faults[i]))
            return false;
    return true;
}

/* Faults that are over make room for new ones, so that they do not pile up. */
static void remove_past(struct jobmanager *jobmanager)
{
    size_t kept = 0;
    for (size_t i = 0; i < jobmanager->fault_count; i++)
        if (jobmanager->faults[i].until_us > jobmanager->now_us)
            jobmanager->faults[kept++] = jobmanager->faults[i];
    jobmanager->fault_count = kept;
}

bool jobmanager_add_fault(struct jobmanager *jobmanager, int64_t now_us, const struct fault *fault)
{
    advance_now(jobmanager, now_us);
    remove_past(jobmanager);
    return append(jobmanager, fault);
}

void jobmanager_clear_faults(struct jobmanager *jobmanager, int64_t now_us)
{
    advance_now(jobmanager, now_us);
    jobmanager->fault_count = 0;
}

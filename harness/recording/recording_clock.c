#include <stdio.h>

#include "harness/recording/recording_internal.h"

/*
 * The cluster's clock against that of the clients, and what that means for times inside answers.
 *
 * GET /jobs/:jobid tells the JobManager's time at which the answer was made, also where the graph
 * comes from a cache: between sending and arrival. A body that comes again does not count, since
 * then something in between repeats it; nor does one with an `Age`, which may have been kept for
 * somebody else before, and for up to a second though it says 0. Source: reference section 2.7. (Flink sends no `Date`; one
 * that is there is the clock of a proxy.)
 */

/* As far as any time in a recording goes. */
#define EPOCH_MAX_MS INT64_C(9000000000000)

void recording_note_clock(struct recording *recording, const struct recorded_exchange *exchange)
{
    struct read_body *body = exchange->body;
    struct clock_offset *offset = &recording->clock;
    if (body->seen.kind != OBSERVED_JOB || body->is_clock_read || exchange->has_age)
        return;
    body->is_clock_read = true;
    if (body->seen.job_now_ms < 0 || body->seen.job_now_ms > EPOCH_MAX_MS)
        return;
    const int64_t now_us = 1000 * body->seen.job_now_ms - recording->time0_us;
    const int64_t least_us = now_us - exchange->order.done_us;
    const int64_t most_us = now_us + 999 - exchange->sent_us; /* `now` is cut to milliseconds */
    if (offset->answers == 0 || least_us > offset->least_us)
        offset->least_us = least_us;
    if (offset->answers == 0 || most_us < offset->most_us)
        offset->most_us = most_us;
    offset->answers++;
}

/* How far the cluster's clock is certainly behind, or ahead. 0: it may agree. */
static int64_t behind_us(const struct clock_offset *offset)
{
    return offset->most_us < 0 ? -offset->most_us : 0;
}

static int64_t ahead_us(const struct clock_offset *offset)
{
    return offset->least_us > 0 ? offset->least_us : 0;
}

void recording_tell_clock(const struct recording *recording, struct complaints *complaints)
{
    const struct clock_offset *offset = &recording->clock;
    if (behind_us(offset) > CLOCK_ERROR_MAX_US)
        complaints_add(
            complaints, 0, 0,
            "the cluster's clock is behind the clients' by %.0f ms or more: times inside "
            "answers count that much later",
            (double)behind_us(offset) / 1000);
    if (ahead_us(offset) > CLOCK_ERROR_MAX_US)
        complaints_add(
            complaints, 0, 0,
            "the cluster's clock is ahead of the clients' by %.0f ms or more: a read that "
            "is stale by less than that may pass",
            (double)ahead_us(offset) / 1000);
}

/* As far behind as it may be: then no read is blamed for the clock. Of a clock that runs slower all
 * the time the readings contradict each other, and the one furthest behind counts. */
int64_t recording_margin_us(const struct recording *recording)
{
    const struct clock_offset *offset = &recording->clock;
    if (behind_us(offset) <= CLOCK_ERROR_MAX_US)
        return RECORDING_MARGIN_US;
    const int64_t most_us = -offset->least_us;
    return RECORDING_MARGIN_US + (most_us > behind_us(offset) ? most_us : behind_us(offset));
}

void recording_tell_margin(const struct recording *recording, const struct claim *claim,
                           struct margin *margin)
{
    const struct clock_offset *offset = &recording->clock;
    *margin = (struct margin){.us = recording->completion_count > 0 ? claim->margin_us : 0};
    if (margin->us == 0)
        return;
    const int used = snprintf(margin->why, sizeof(margin->why),
                              "after a checkpoint's last acknowledgement its completion goes on: "
                              "writing metadata took up to 51 ms where it was seen; ");
    char *rest = margin->why + used;
    const size_t room = sizeof(margin->why) - (size_t)used;
    if (offset->answers == 0)
        snprintf(rest, room, "no answer told the cluster's time: its clock is taken to be right");
    else
        snprintf(rest, room, "by %zu answer%s the cluster's clock is off by %.1f to %.1f ms",
                 offset->answers, offset->answers == 1 ? "" : "s", (double)offset->least_us / 1000,
                 (double)offset->most_us / 1000);
}

#include "harness/explore/write_internal.h"

#include <inttypes.h>

#include "base/json_writer.h"

void write_time(int64_t us, struct buffer *out)
{
    const bool is_whole = us % 1000 == 0;
    buffer_printf(out, "%" PRId64 " %s", is_whole ? us / 1000 : us, is_whole ? "ms" : "us");
}

void write_at(int64_t at_us, int64_t *last_us, struct buffer *out)
{
    if (at_us != *last_us) {
        buffer_text(out, "    at ");
        write_time(at_us, out);
        buffer_text(out, ":\n");
    }
    *last_us = at_us;
    buffer_text(out, "      - ");
}

/* Quoted as JSON quotes, which YAML 1.2 reads. */
static void write_text(const char *key, const char *text, struct buffer *out)
{
    struct json_writer json = {.out = out};
    buffer_printf(out, "%s: ", key);
    json_text(&json, text);
    buffer_char(out, '\n');
}

static void write_options(const struct plan *plan, struct buffer *out)
{
    buffer_text(out, "flink:");
    if (plan->option_count == 0)
        buffer_text(out, " {}");
    buffer_char(out, '\n');
    for (size_t i = 0; i < plan->option_count; i++)
        buffer_printf(out, "  %s: %s\n", plan->options[i].key, plan->options[i].value);
}

/* --- faults --------------------------------------------------------------------------------- */

static void write_effect(const struct fault *fault, struct buffer *out)
{
    switch (fault->kind) {
    case FAULT_DELAY:
    case FAULT_SLOW_CALL:
        buffer_text(out, fault->kind == FAULT_DELAY ? "delays: " : "slows the call: ");
        write_time(fault->delay_us, out);
        break;
    case FAULT_OUTCOME:
        buffer_printf(out, "fails: %s", fetch_outcome_name(fault->outcome));
        break;
    case FAULT_SILENCE:
        buffer_text(out, "answers: never");
        break;
    case FAULT_LOCK_BUSY:
        buffer_text(out, "lock: busy");
        break;
    case FAULT_WALL_CLOCK:
        buffer_text(out, fault->delay_us < 0 ? "wall clock: -" : "wall clock: +");
        write_time(fault->delay_us < 0 ? -fault->delay_us : fault->delay_us, out);
        break;
    }
}

static void write_fault(const struct plan *plan, const struct fault *fault, struct buffer *out)
{
    buffer_text(out, "    - {from: ");
    write_time(fault->from_us, out);
    if (fault->until_us != INT64_MAX) {
        buffer_text(out, ", until: ");
        write_time(fault->until_us, out);
    }
    buffer_text(out, ", ");
    write_effect(fault, out);
    if (!fault->any_fetch)
        buffer_printf(out, ", fetch: %s", fetch_kind_name(fault->fetch));
    if (!fault->any_job)
        buffer_printf(out, ", job: %s", plan->jobs[fault->job].name);
    buffer_text(out, "}\n");
}

static void write_jobmanager(const struct plan *plan, struct buffer *out)
{
    buffer_text(out, "jobmanager:\n  latency: {out: ");
    write_time(plan->call_out_us, out);
    buffer_text(out, ", back: ");
    write_time(plan->call_back_us, out);
    buffer_text(out, "}\n");
    if (plan->announce_gap_us > 0) {
        buffer_text(out, "  announce gap: ");
        write_time(plan->announce_gap_us, out);
        buffer_char(out, '\n');
    }
    if (plan->fault_count > 0)
        buffer_text(out, "  faults:\n");
    for (size_t i = 0; i < plan->fault_count; i++)
        write_fault(plan, &plan->faults[i], out);
    write_jobs(plan, out);
}

/* --- claims --------------------------------------------------------------------------------- */

static void write_claims(const struct plan *plan, struct buffer *out)
{
    buffer_text(out, "claims:\n");
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const char *id = property_id((enum property)i);
        if (!plan->claim.claimed[i])
            continue;
        if (i != PROPERTY_RESTORE_WINDOW && i != PROPERTY_CONVERGES) {
            buffer_printf(out, "  - %s\n", id);
            continue;
        }
        buffer_printf(out, "  - {%s: ", id);
        write_time(i == PROPERTY_CONVERGES ? plan->claim.settled_from_us
                                           : plan->claim.restore_window_us,
                   out);
        buffer_text(out, "}\n");
    }
}

void explore_write(const struct plan *plan, struct buffer *out)
{
    write_text("title", plan->title, out);
    write_text("why", plan->why, out);
    if (plan->source)
        write_text("source", plan->source, out);
    write_options(plan, out);
    write_jobmanager(plan, out);
    write_clients(plan, out);
    write_claims(plan, out);
    buffer_text(out, "ends: ");
    write_time(plan->end_us, out);
    buffer_char(out, '\n');
}

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/control/control_internal.h"

static int64_t end_of(const struct kept_fault *fault)
{
    return fault->on_wire ? fault->wire.until_us : fault->fault.until_us;
}

/* What is over need not be listed. */
static void forget_ended(struct control *control, int64_t now_us)
{
    size_t kept = 0;
    for (size_t i = 0; i < control->fault_count; i++) {
        if (end_of(&control->faults[i]) > now_us)
            control->faults[kept++] = control->faults[i];
    }
    control->fault_count = kept;
}

bool asking_keep_fault(struct asking *asking, const struct kept_fault *fault)
{
    struct control *control = asking->control;
    const struct control_ports *ports = &control->config.ports;
    forget_ended(control, asking->clock.now_us);
    if (control->fault_count == FAULTS_MAX)
        return asking_refuse(
            asking, 400, "%d faults are in force or to come; DELETE /freshcheck/faults ends them",
            FAULTS_MAX);
    if (fault->on_wire
            ? !ports->add_wire_fault(ports->context, &fault->wire)
            : !cluster_add_fault(control->config.cluster, asking->clock.now_us, &fault->fault)) {
        asking->no_memory = true;
        return false;
    }
    control->faults[control->fault_count++] = *fault;
    return true;
}

/* The call that brings a fault about, "faults/delay": its name is behind the slash. */
static const char *kind_name(const struct kept_fault *fault)
{
    const int what = fault->on_wire ? (int)fault->wire.kind : (int)fault->fault.kind;
    for (size_t i = 0; i < control_call_count; i++) {
        if (control_calls[i].what == what &&
            control_calls[i].run == (fault->on_wire ? call_add_wire_fault : call_add_fault))
            return strchr(control_calls[i].path, '/') + 1;
    }
    return NULL;
}

static void write_gateway(struct json_writer *json, const struct kept_fault *kept)
{
    const struct fault *fault = &kept->fault;
    char job[ID_DIGITS + 1];
    id_format(kept->job, job);
    json_member_text(json, "job", fault->any_job ? NULL : job);
    json_member_text(json, "fetch", fault->any_fetch ? NULL : fetch_kind_name(fault->fetch));
    if (fault->kind == FAULT_OUTCOME)
        json_member_text(json, "outcome", fetch_outcome_name(fault->outcome));
    else
        json_member_int64(json, "by_us", fault->delay_us);
}

static void write_wire(struct json_writer *json, const struct wire_fault *fault)
{
    json_member_text(json, "path", fault->path);
    json_member_int64(json, "count", fault->count);
    json_member_int64(json, "by_us", fault->delay_us);
}

static void write_fault(struct json_writer *json, const struct kept_fault *fault)
{
    json_begin_object(json);
    json_member_text(json, "fault", kind_name(fault));
    json_member_int64(json, "from_us", fault->on_wire ? fault->wire.from_us : fault->fault.from_us);
    if (end_of(fault) == INT64_MAX)
        json_member_null(json, "until_us");
    else
        json_member_int64(json, "until_us", end_of(fault));
    if (fault->on_wire)
        write_wire(json, &fault->wire);
    else
        write_gateway(json, fault);
    json_end_object(json);
}

bool call_show_faults(struct asking *asking)
{
    struct control *control = asking->control;
    forget_ended(control, asking->clock.now_us);
    struct json_writer json = asking_answer(asking);
    json_member_array(&json, "faults");
    for (size_t i = 0; i < control->fault_count; i++)
        write_fault(&json, &control->faults[i]);
    json_end_array(&json);
    json_end_object(&json);
    return true;
}

static bool read_span(struct asking *asking, int64_t *from_us, int64_t *until_us)
{
    int64_t in_us = 0, for_us = -1;
    if (!parameter_duration(asking, "in", &in_us) || !parameter_duration(asking, "for", &for_us))
        return false;
    if (for_us == 0)
        return asking_refuse(asking, 400, "a fault for=0 is none");
    *from_us = asking->clock.now_us + in_us;
    *until_us = for_us < 0 ? INT64_MAX : *from_us + for_us;
    return true;
}

/* Delays and drips need to know by how much. */
static bool want_by(struct asking *asking)
{
    return parameter_text(asking, "by") || asking_refuse(asking, 400, "say by how much: by=3s");
}

static bool read_where(struct asking *asking, struct kept_fault *kept)
{
    struct fault *fault = &kept->fault;
    size_t fetch = 0;
    const char *job = parameter_text(asking, "job");
    fault->any_fetch = !parameter_text(asking, "fetch");
    fault->any_job = !job;
    if (!parameter_name(asking, "fetch", fetch_kind_names(), FETCH_KIND_COUNT, &fetch))
        return false;
    fault->fetch = (enum fetch_kind)fetch;
    if (job)
        fault->job = asking_job_index(asking, job, &kept->job);
    return fault->job != SIZE_MAX;
}

static bool read_effect(struct asking *asking, struct fault *fault)
{
    size_t outcome = OUTCOME_FAILED;
    if (!parameter_name(asking, "outcome", fetch_outcome_names(), FETCH_OUTCOME_COUNT, &outcome))
        return false;
    if (outcome == OUTCOME_OK)
        return asking_refuse(asking, 400, "outcome=ok is no fault");
    fault->outcome = (enum fetch_outcome)outcome;
    if (fault->kind == FAULT_WALL_CLOCK)
        return want_by(asking) && parameter_signed_duration(asking, "by", &fault->delay_us);
    if (fault->kind == FAULT_DELAY || fault->kind == FAULT_SLOW_CALL)
        return want_by(asking) && parameter_duration(asking, "by", &fault->delay_us);
    return true;
}

bool call_add_fault(struct asking *asking)
{
    struct kept_fault kept = {.fault = {.kind = (enum fault_kind)asking->call->what}};
    struct fault *fault = &kept.fault;
    if (!read_span(asking, &fault->from_us, &fault->until_us) || !read_where(asking, &kept) ||
        !read_effect(asking, fault) || !asking_keep_fault(asking, &kept) || !asking_settle(asking))
        return false;
    return call_show_faults(asking);
}

/* While connections are refused this port's controls are out of reach too. */
static bool check_refusal(struct asking *asking)
{
    if (!parameter_text(asking, "for"))
        return asking_refuse(asking, 400, "say for how long, since nobody could end it: for=5s");
    if (asking->clock.frozen && !asking->control->config.has_neighbours)
        return asking_refuse(asking, 400,
                             "the clock stands, and nobody could move it while this lasts; with "
                             "--clusters 2 the other port can");
    return true;
}

bool call_add_wire_fault(struct asking *asking)
{
    struct kept_fault kept = {.on_wire = true,
                              .wire = {.kind = (enum wire_fault_kind)asking->call->what}};
    struct wire_fault *wire = &kept.wire;
    const char *path = parameter_text(asking, "path");
    int64_t count = 0;
    if (!read_span(asking, &wire->from_us, &wire->until_us) ||
        !parameter_number(asking, "count", 1, INT32_MAX, &count) ||
        !parameter_duration(asking, "by", &wire->delay_us))
        return false;
    if ((wire->kind == WIRE_DELAY || wire->kind == WIRE_DRIP) && !want_by(asking))
        return false;
    if (wire->kind == WIRE_REFUSE && !check_refusal(asking))
        return false;
    if (path && (strlen(path) >= sizeof wire->path || *path != '/'))
        return asking_refuse(
            asking, 400, "path=%.40s: the beginning of a path was expected, such as /jobs", path);
    wire->count = (uint32_t)count;
    snprintf(wire->path, sizeof wire->path, "%s", path ? path : "");
    return asking_keep_fault(asking, &kept) && call_show_faults(asking);
}

bool call_clear_faults(struct asking *asking)
{
    struct control *control = asking->control;
    const struct control_ports *ports = &control->config.ports;
    control->fault_count = 0;
    cluster_clear_faults(control->config.cluster, asking->clock.now_us);
    ports->clear_wire_faults(ports->context);
    return call_show_faults(asking);
}

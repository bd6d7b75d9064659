#include "harness/control/control.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "harness/control/control_internal.h"

static const char prefix[] = "/freshcheck";

/* Faults of the scenario stand in the list beside those that come by calls. */
void control_keep_faults(struct control *control)
{
    const struct plan *plan = control->config.plan;
    for (size_t i = 0; i < plan->fault_count && i < FAULTS_MAX / 2; i++) {
        struct kept_fault *kept = &control->faults[control->fault_count++];
        kept->fault = plan->faults[i];
        if (!kept->fault.any_job && kept->fault.job < plan->job_count)
            kept->job = plan->jobs[kept->fault.job].id;
    }
}

struct control *control_new(const struct control_config *config)
{
    struct control *control = calloc(1, sizeof *control);
    if (!control)
        return NULL;
    control->config = *config;
    control->journal = journal_ring_new(config->journal_lines_max);
    control->requests = request_log_new(config->journal_lines_max);
    if (!control->journal || !control->requests) {
        control_free(control);
        return NULL;
    }
    control_keep_faults(control);
    return control;
}

void control_free(struct control *control)
{
    if (!control)
        return;
    journal_ring_free(control->journal);
    request_log_free(control->requests);
    live_jobs_free(&control->live);
    plan_free(control->loaded);
    free(control);
}

void control_forget(struct control *control)
{
    journal_ring_clear(control->journal);
    request_log_clear(control->requests);
    live_jobs_free(&control->live);
    control->fault_count = 0;
    plan_free(control->loaded);
    control->loaded = NULL;
}

bool control_take_entries(struct control *control)
{
    const struct journal_entry *entry;
    while ((entry = cluster_next_entry(control->config.cluster)) != NULL) {
        if (!journal_ring_add(control->journal, entry) || !live_jobs_take(&control->live, entry))
            return false;
    }
    return true;
}

bool asking_settle(struct asking *asking)
{
    const struct control_ports *ports = &asking->control->config.ports;
    if (!ports->advance(ports->context, asking->clock.now_us) ||
        !control_take_entries(asking->control))
        asking->no_memory = true;
    return !asking->no_memory;
}

struct json_writer asking_answer(struct asking *asking)
{
    struct json_writer json = {.out = &asking->answer->body};
    json_begin_object(&json);
    json_member_int64(&json, "now_us", asking->clock.now_us);
    return json;
}

/* --- finding the call --------------------------------------------------------------------- */

/* Whether a path as it stands in the table, "jobs/:job/fail", is the one asked for. */
static bool is_path_of(const struct asking *asking, const char *path)
{
    for (size_t i = 0; i < asking->segment_count; i++) {
        const size_t length = strcspn(path, "/");
        if (length == 0)
            return false;
        if (*path != ':' && (strlen(asking->segments[i]) != length ||
                             memcmp(path, asking->segments[i], length) != 0))
            return false;
        path += length + (path[length] == '/');
    }
    return *path == '\0';
}

static bool refuse_path(struct asking *asking)
{
    const char *names[64];
    char asked[128] = "";
    char nearest[96];
    size_t count = 0;
    for (size_t i = 0; i < control_call_count && count < 64; i++) {
        if (*control_calls[i].path != '\0')
            names[count++] = control_calls[i].path;
    }
    for (size_t i = 0; i < asking->segment_count; i++) {
        const bool is_job = i == 1 && strcmp(asking->segments[0], "jobs") == 0;
        const size_t length = strlen(asked);
        snprintf(asked + length, sizeof asked - length, "%s%s", i ? "/" : "",
                 is_job ? ":job" : asking->segments[i]);
    }
    return asking_refuse(asking, 404, "there is no %s/%s; GET %s lists what there is%s", prefix,
                         asked, prefix, did_you_mean(nearest, asked, names, count));
}

static bool find_call(struct asking *asking, enum http_method method)
{
    const struct call *other = NULL;
    for (size_t i = 0; i < control_call_count && !asking->call; i++) {
        if (!is_path_of(asking, control_calls[i].path))
            continue;
        if (control_calls[i].method == method)
            asking->call = &control_calls[i];
        other = &control_calls[i];
    }
    if (asking->call)
        return true;
    if (!other)
        return refuse_path(asking);
    static const char *const names[] = {
        [METHOD_GET] = "GET", [METHOD_POST] = "POST", [METHOD_DELETE] = "DELETE"};
    return asking_refuse(asking, 405, "%s/%s is asked for with %s", prefix, other->path,
                         names[other->method]);
}

static bool check_parameters(struct asking *asking)
{
    size_t count = 0;
    const char *const *known = asking->call->parameters;
    while (known[count])
        count++;
    for (size_t i = 0; i < asking->parameter_count; i++) {
        bool is_known = false;
        for (size_t j = 0; j < count; j++)
            is_known |= strcmp(asking->parameters[i].name, known[j]) == 0;
        char nearest[96];
        if (!is_known)
            return asking_refuse(asking, 400, "%s/%s has no parameter '%s'%s", prefix,
                                 asking->call->path, asking->parameters[i].name,
                                 did_you_mean(nearest, asking->parameters[i].name, known, count));
    }
    return true;
}

static bool is_mine(const struct request *request)
{
    const size_t length = strlen(prefix);
    if (request->target_length < length || memcmp(request->target, prefix, length) != 0)
        return false;
    return request->target_length == length || request->target[length] == '/' ||
           request->target[length] == '?';
}

enum control_outcome control_request(struct control *control, const struct request *request,
                                     struct control_answer *answer)
{
    if (!is_mine(request))
        return CONTROL_NOT_MINE;
    *answer = (struct control_answer){.status = 200, .content_type = "application/json"};
    struct asking asking = {.control = control, .answer = answer};
    const struct control_ports *ports = &control->config.ports;
    ports->read_clock(ports->context, &asking.clock);
    if (!control_take_entries(control))
        asking.no_memory = true;
    else if (asking_read(&asking, request) && find_call(&asking, request->method) &&
             (asking.call->run == call_load_scenario || asking_read_body(&asking)) &&
             check_parameters(&asking))
        asking.call->run(&asking);
    asking_free(&asking);
    buffer_char(&answer->body, '\n'); /* a terminal's prompt comes after it */
    if (!asking.no_memory && !answer->body.failed)
        return CONTROL_ANSWERED;
    buffer_free(&answer->body);
    return CONTROL_NO_MEMORY;
}

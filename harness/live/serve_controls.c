#include "harness/live/serve_internal.h"

#include <stdlib.h>

/* What the controls of a cluster act on. */

static void read_clock(void *context, struct control_clock *clock)
{
    const struct service *service = ((struct outlet *)context)->service;
    *clock = (struct control_clock){
        .now_us = service->now_us,
        .epoch_us = service->epoch_us,
        .manual = service->options->manual_clock,
        .frozen = service->clock.frozen,
        .monotonic_us = live_clock_real_us(),
        .zero_monotonic_us = service->clock.zero_us,
    };
}

static bool advance(void *context, int64_t to_us)
{
    struct service *service = ((struct outlet *)context)->service;
    live_clock_advance(&service->clock, to_us);
    return service_run_until(service, to_us);
}

static void freeze(void *context)
{
    struct service *service = ((struct outlet *)context)->service;
    live_clock_freeze(&service->clock, service->now_us);
}

static void resume(void *context)
{
    live_clock_resume(&((struct outlet *)context)->service->clock);
}

static bool add_wire_fault(void *context, const struct wire_fault *fault)
{
    return server_add_wire_fault(((struct outlet *)context)->server, fault);
}

static void clear_wire_faults(void *context)
{
    server_clear_wire_faults(((struct outlet *)context)->server);
}

/* Another scenario. It is served as `run` would have it: with its own settings, and without what
 * only the command line of serve gives. */

static struct cluster *open_loaded(struct service *service, const struct control_load *load,
                                   int64_t epoch_us, struct checkpoint_files *files)
{
    const struct serve_options *options = service->options;
    const bool is_same = load->implementation == options->implementation;
    if (options->manual_clock && !load->plan->latency_given) {
        load->plan->call_out_us = 0;
        load->plan->call_back_us = 0;
    }
    const struct cluster_options cluster = {
        .plan = load->plan,
        .implementation = load->implementation,
        .seed = load->seed,
        .epoch_us = epoch_us,
        .ticket = &service->ticket,
        .flink_version = is_same ? options->flink_version : NULL,
        .files = files,
        .submitted_pace = service_submitted_pace(options),
    };
    return cluster_open(&cluster);
}

static struct cluster *load_scenario(void *context, const struct control_load *load)
{
    struct outlet *outlet = context;
    struct service *service = outlet->service;
    const bool manual = service->options->manual_clock;
    const int64_t epoch_us = service_epoch_us(service->options);
    struct checkpoint_files *files = checkpoint_files_new();
    struct cluster *cluster = files ? open_loaded(service, load, epoch_us, files) : NULL;
    if (!cluster) {
        checkpoint_files_free(files);
        return NULL;
    }
    server_change_cluster(outlet->server, cluster, epoch_us);
    cluster_free(outlet->cluster);
    checkpoint_files_free(service->files);
    outlet->cluster = cluster;
    service->files = files;
    service->epoch_us = epoch_us;
    live_clock_restart(&service->clock);
    if (manual || load->starts_frozen)
        live_clock_freeze(&service->clock, 0);
    service->now_us = 0;
    service->happened = true;
    return cluster;
}

/* The book of requests. A request was not here before its last byte was read, which is later than
 * when this turn began: what happened in between must be in its answer. */
static uint64_t write_arrival(void *context, uint64_t tag, int64_t *now_us)
{
    struct outlet *outlet = context;
    struct service *service = outlet->service;
    service_run_until(service, live_clock_now_us(&service->clock));
    *now_us = service->now_us;
    return control_request_arrived(outlet->control, tag, *now_us);
}

static void write_leaving(void *context, uint64_t line, int status)
{
    struct outlet *outlet = context;
    const int64_t now_us = live_clock_now_us(&outlet->service->clock);
    control_request_left(outlet->control, line, now_us, status);
}

static bool answer_control(void *context, int64_t now_us, const struct request *request,
                           struct local_answer *answer)
{
    struct outlet *outlet = context;
    struct control_answer given;
    (void)now_us; /* it is that of the service */
    const enum control_outcome outcome = control_request(outlet->control, request, &given);
    if (outcome == CONTROL_NOT_MINE)
        return false;
    static const char no_memory[] = "{\"errors\":[\"out of memory\"]}\n";
    *answer = (struct local_answer){.status = 500,
                                    .content_type = "application/json",
                                    .bytes = no_memory,
                                    .length = sizeof no_memory - 1,
                                    .modified_epoch_s = -1,
                                    .now_us = outlet->service->now_us};
    const size_t length = outcome == CONTROL_ANSWERED ? given.body.length : 0;
    char *bytes = outcome == CONTROL_ANSWERED ? buffer_take(&given.body) : NULL;
    if (!bytes)
        return true;
    answer->status = given.status;
    answer->content_type = given.content_type;
    answer->bytes = bytes;
    answer->length = length;
    answer->release = free;
    answer->held = bytes;
    return true;
}

bool outlet_open_control(struct service *service, struct outlet *outlet, const struct plan *plan)
{
    const struct control_config config = {
        .cluster = outlet->cluster,
        .plan = plan,
        .implementation = service->options->implementation,
        .seed = service->options->seed,
        .ports = {.context = outlet,
                  .read_clock = read_clock,
                  .advance = advance,
                  .freeze = freeze,
                  .resume = resume,
                  .add_wire_fault = add_wire_fault,
                  .clear_wire_faults = clear_wire_faults,
                  .load = load_scenario},
        .has_neighbours = service->options->cluster_count > 1,
        .journal_lines_max = service->options->journal_lines_max,
    };
    outlet->control = control_new(&config);
    outlet->control_pages = (struct local_pages){.context = outlet, .answer = answer_control};
    outlet->book =
        (struct request_book){.context = outlet, .arrived = write_arrival, .leaves = write_leaving};
    return outlet->control != NULL;
}

/* rooms: rest_endpoint gateway base */
/* libFuzzer entry: what a client can send to the endpoint. The first byte chooses version and
 * method; then come a line with the target, a line with Cache-Control (of a POST: the name of an
 * uploaded file), and the body. It is sent twice; the calls of the gateway succeed the first time
 * and fail the second, so that answers and errors are written. */

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rest_endpoint/endpoint.h"
#include "rest_endpoint/policy_sets.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static struct execution_graph *make_graph(struct id job)
{
    struct execution_graph *graph = execution_graph_new(job, "a job", 1);
    assert(graph);
    graph->stats = checkpoint_stats_new(job, 1, 0);
    assert(graph->stats);
    graph->stats->enabled = true;
    graph->vertices[0] = (struct graph_vertex){.id = job, .name = "map", .parallelism = 2};
    return graph;
}

static void succeed(const struct fetch_request *what, struct fetch_result *result)
{
    switch (what->kind) {
    case FETCH_EXECUTION_GRAPH:
        result->graph = make_graph(what->job);
        break;
    case FETCH_CHECKPOINT_STATS:
        result->stats = checkpoint_stats_new(what->job, 1, 0);
        break;
    case FETCH_JOB_LIST:
        result->jobs = job_list_new(1, sizeof "a job");
        result->jobs->lines[0].name = job_list_name(result->jobs, "a job");
        break;
    case FETCH_TASK_MANAGERS:
        result->task_managers = task_manager_list_new(1);
        break;
    case FETCH_TRIGGER_SAVEPOINT:
    case FETCH_STOP_WITH_SAVEPOINT:
        assert(what->order && what->order->directory);
        break;
    case FETCH_RUN_JOB:
        assert(what->order);
        break;
    case FETCH_TRIGGER_CHECKPOINT:
    case FETCH_TRIGGER_STATUS:
    case FETCH_CANCEL_JOB:
    case FETCH_SAVEPOINT_STATUS:
    case FETCH_KIND_COUNT:
        break;
    }
}

/* Every request has exactly one reply, with a body. */
static void drain(struct endpoint *endpoint, int64_t now_us, bool succeeds, unsigned *replies)
{
    struct endpoint_action action;
    while (endpoint_next(endpoint, &action)) {
        if (action.kind == ACTION_FETCH) {
            struct fetch_result result = {.outcome = OUTCOME_JOB_NOT_FOUND};
            if (succeeds) {
                result.outcome = OUTCOME_OK;
                succeed(&action.what, &result);
            }
            assert(endpoint_fetched(endpoint, now_us, action.fetch, &result) == 0);
            continue;
        }
        size_t body_length;
        assert(body_bytes(action.body, &body_length) && body_length > 0);
        body_release(action.body);
        ++*replies;
    }
}

/* The part up to the next line end; *rest moves behind it. */
static char *next_line(const char **rest, size_t *left, size_t *line_length)
{
    const char *end = memchr(*rest, '\n', *left);
    *line_length = end ? (size_t)(end - *rest) : *left;
    char *line = text_copy_length(*rest, *line_length);
    *rest += *line_length + (end != NULL);
    *left -= *line_length + (end != NULL);
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct settings settings;
    struct endpoint_config config;
    if (length == 0)
        return 0;
    settings_default(&settings);
    policy_set_configure(policy_set_at(bytes[0] / 4 % policy_set_count()), &settings, &config);
    config.savepoint_directory = "file:/savepoints";
    struct endpoint *endpoint = endpoint_new(&config);
    const char *rest = (const char *)bytes + 1;
    size_t left = length - 1;
    size_t target_length, control_length;
    char *target = next_line(&rest, &left, &target_length);
    char *control = next_line(&rest, &left, &control_length);
    const enum http_method method = (enum http_method)(bytes[0] % 4);
    const bool uploads = method == METHOD_POST && control_length > 0;
    const struct upload upload = {1, control, NULL};
    unsigned replies = 0;
    for (uint64_t id = 1; id <= 2; id++) {
        const struct request request = {
            .id = id,
            .method = method,
            .target = target,
            .target_length = target_length,
            .cache_control = control_length > 0 ? control : NULL,
            .upload = uploads ? &upload : NULL,
            .body = rest,
            .body_length = left,
        };
        assert(endpoint_request(endpoint, (int64_t)id, &request) == 0);
        drain(endpoint, (int64_t)id, id == 1, &replies);
    }
    assert(replies == 2);
    free(target);
    free(control);
    endpoint_free(endpoint);
    return 0;
}

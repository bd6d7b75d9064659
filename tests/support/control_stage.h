#ifndef FRESHCHECK_TESTS_CONTROL_STAGE_H
#define FRESHCHECK_TESTS_CONTROL_STAGE_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/control/control.h"
#include "rest_endpoint/body.h"
#include "tests/support/small_plan.h"

/* A small plan's cluster with its controls, and what they act on written down. */

#define CONTROL_EPOCH_US (INT64_C(1000000) * PLAN_MS)

struct control_stage {
    struct plan plan;
    struct cluster *cluster;
    struct control *control;
    uint64_t ticket, request_count;
    struct control_clock clock;
    struct wire_fault wire; /* the last one that was added */
    size_t wire_count, wire_clear_count;
    struct control_load loaded; /* the last one; its plan is the control's */
    bool no_memory;             /* ports have none */
    bool has_neighbours;
};

static void stage_read_clock(void *context, struct control_clock *clock)
{
    *clock = ((struct control_stage *)context)->clock;
}

static bool stage_advance(void *context, int64_t to_us)
{
    struct control_stage *stage = context;
    while (cluster_due(stage->cluster, NULL) <= to_us) {
        if (!cluster_advance(stage->cluster, cluster_due(stage->cluster, NULL)))
            return false;
    }
    stage->clock.now_us = to_us;
    return !stage->no_memory;
}

static void stage_freeze(void *context)
{
    ((struct control_stage *)context)->clock.frozen = true;
}

static void stage_resume(void *context)
{
    ((struct control_stage *)context)->clock.frozen = false;
}

static bool stage_add_wire_fault(void *context, const struct wire_fault *fault)
{
    struct control_stage *stage = context;
    stage->wire = *fault;
    stage->wire_count++;
    return !stage->no_memory;
}

static void stage_clear_wire_faults(void *context)
{
    ((struct control_stage *)context)->wire_clear_count++;
}

static struct cluster *stage_load(void *context, const struct control_load *load)
{
    struct control_stage *stage = context;
    struct cluster *cluster = stage->no_memory
                                  ? NULL
                                  : cluster_new(load->plan, load->implementation, load->seed,
                                                CONTROL_EPOCH_US, &stage->ticket);
    if (!cluster)
        return NULL;
    cluster_free(stage->cluster);
    stage->cluster = cluster;
    stage->clock.now_us = 0;
    stage->clock.frozen = stage->clock.manual || load->starts_frozen;
    stage->loaded = *load;
    return cluster;
}

/* False when memory ran out. The plan is the caller's to fill in before. */
static inline bool stage_open(struct control_stage *stage, size_t journal_lines_max)
{
    stage->clock.epoch_us = CONTROL_EPOCH_US;
    stage->cluster = cluster_new(&stage->plan, implementation_find("flink-1.20"), 1,
                                 CONTROL_EPOCH_US, &stage->ticket);
    const struct control_config config = {
        .cluster = stage->cluster,
        .plan = &stage->plan,
        .implementation = implementation_find("flink-1.20"),
        .seed = 1,
        .ports = {.context = stage,
                  .read_clock = stage_read_clock,
                  .advance = stage_advance,
                  .freeze = stage_freeze,
                  .resume = stage_resume,
                  .add_wire_fault = stage_add_wire_fault,
                  .clear_wire_faults = stage_clear_wire_faults,
                  .load = stage_load},
        .has_neighbours = stage->has_neighbours,
        .journal_lines_max = journal_lines_max,
    };
    stage->control = stage->cluster ? control_new(&config) : NULL;
    return stage->control != NULL;
}

static inline void stage_close(struct control_stage *stage)
{
    control_free(stage->control);
    cluster_free(stage->cluster);
}

/* What the controls answer; the body is the caller's to release. */
static inline enum control_outcome stage_call(struct control_stage *stage, enum http_method method,
                                              const char *target, const char *body,
                                              struct control_answer *answer)
{
    const struct request request = {.id = 1,
                                    .method = method,
                                    .target = target,
                                    .target_length = strlen(target),
                                    .body = body,
                                    .body_length = body ? strlen(body) : 0};
    return control_request(stage->control, &request, answer);
}

/* A call that must be answered with this status and with JSON, which the caller releases. */
static inline json_t *stage_ask(struct control_stage *stage, enum http_method method,
                                const char *target, const char *body, int status)
{
    struct control_answer answer;
    json_error_t error;
    assert_int_equal(stage_call(stage, method, target, body, &answer), CONTROL_ANSWERED);
    if (answer.status != status)
        print_message("%s: %.*s\n", target, (int)answer.body.length, answer.body.bytes);
    assert_int_equal(answer.status, status);
    assert_string_equal(answer.content_type, "application/json");
    json_t *root = json_loadb(answer.body.bytes, answer.body.length, 0, &error);
    assert_non_null(root);
    buffer_free(&answer.body);
    return root;
}

static inline void stage_do(struct control_stage *stage, enum http_method method,
                            const char *target)
{
    json_decref(stage_ask(stage, method, target, NULL, 200));
}

/* A call that must be refused, with a sentence in which this stands. */
static inline void stage_refused(struct control_stage *stage, enum http_method method,
                                 const char *target, const char *body, int status,
                                 const char *sentence)
{
    json_t *root = stage_ask(stage, method, target, body, status);
    const char *text = json_string_value(json_array_get(json_object_get(root, "errors"), 0));
    assert_non_null(text);
    if (!strstr(text, sentence))
        print_message("%s: %s\n", target, text);
    assert_non_null(strstr(text, sentence));
    json_decref(root);
}

/* What a client reads from the cluster now; the caller releases it. */
static inline json_t *stage_read(struct control_stage *stage, const char *target)
{
    struct endpoint_action reply;
    size_t length;
    const struct request request = {
        .id = ++stage->request_count, .target = target, .target_length = strlen(target)};
    assert_true(cluster_request(stage->cluster, stage->clock.now_us, &request));
    assert_true(stage_advance(stage, stage->clock.now_us));
    assert_true(cluster_next_reply(stage->cluster, &reply));
    const char *bytes = body_bytes(reply.body, &length);
    json_t *root = json_loadb(bytes, length, 0, NULL);
    body_release(reply.body);
    assert_non_null(root);
    return root;
}

/* A whole number somewhere in what a client reads: "counts.completed". INT64_MIN: null or none. */
static inline int64_t stage_number(struct control_stage *stage, const char *target,
                                   const char *path)
{
    char names[100];
    char *rest = NULL;
    json_t *root = stage_read(stage, target);
    const json_t *at = root;
    snprintf(names, sizeof names, "%s", path);
    for (char *name = strtok_r(names, ".", &rest); name; name = strtok_r(NULL, ".", &rest))
        at = json_object_get(at, name);
    const int64_t number = json_is_integer(at) ? json_integer_value(at) : INT64_MIN;
    json_decref(root);
    return number;
}

/* Fixtures: a manual clock that stands, and calls to the JobManager that take no time. */
static inline int stage_set_up(void **state)
{
    static struct control_stage stage;
    stage = (struct control_stage){.plan = small_plan(), .clock = {.manual = true, .frozen = true}};
    stage.plan.call_out_us = 0;
    stage.plan.call_back_us = 0;
    *state = &stage;
    return stage_open(&stage, 1000) ? 0 : -1;
}

static inline int stage_tear_down(void **state)
{
    stage_close(*state);
    return 0;
}

#endif

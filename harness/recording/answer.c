#include "harness/recording/answer.h"

#include <jansson.h>
#include <string.h>

#include "harness/recording/answer_internal.h"

const char answer_no_memory[] = "out of memory";

const char *answer_integers(const json_t *object, const struct integer_member *members,
                            size_t count, void *out)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(object, members[i].name);
        if (!json_is_integer(value))
            return members[i].wrong;
        int64_t number = json_integer_value(value);
        memcpy((char *)out + members[i].offset, &number, sizeof(number));
    }
    return NULL;
}

static const char *read_state(const json_t *root, struct observation *seen)
{
    static const char *const terminal[] = {"FINISHED", "CANCELED", "FAILED"};
    const json_t *state = json_object_get(root, "state");
    if (!json_is_string(state) || json_string_length(state) >= sizeof(seen->job_state))
        return "\"state\" is missing or is no state of a job";
    memcpy(seen->job_state, json_string_value(state), json_string_length(state) + 1);
    seen->job_initializing = strcmp(seen->job_state, "INITIALIZING") == 0;
    /* Source: Flink JobStatus, those with TerminalState.GLOBALLY. */
    for (size_t i = 0; i < sizeof(terminal) / sizeof(terminal[0]); i++)
        seen->job_terminal |= strcmp(seen->job_state, terminal[i]) == 0;
    return NULL;
}

/* Source: reference section 2.7, Flink JobDetailsInfo. */
static const char *read_job(const json_t *root, struct observation *seen)
{
    static const struct integer_member times[] = {
        INTEGER(observation, "", "start-time", job_start_ms),
        INTEGER(observation, "", "now", job_now_ms),
    };
    struct id job;
    const json_t *jid = json_object_get(root, "jid");
    if (!json_is_string(jid) || !id_parse(json_string_value(jid), json_string_length(jid), &job))
        return "\"jid\" is missing or is no job id";
    seen->kind = OBSERVED_JOB;
    const char *wrong = read_state(root, seen);
    return wrong ? wrong : answer_integers(root, times, 2, seen);
}

static const char *read_operation(const json_t *operation, struct observation *seen)
{
    static const struct integer_member checkpoint[] = {
        INTEGER(observation, "operation.", "checkpointId", trigger_checkpoint),
    };
    if (!json_is_object(operation))
        return "\"operation\" of a completed trigger is missing or is no object";
    seen->trigger_done = true;
    /* Flink has no failed status: a failure is a completed operation with a cause. */
    seen->trigger_failed = json_is_object(json_object_get(operation, "failureCause"));
    return seen->trigger_failed ? NULL : answer_integers(operation, checkpoint, 1, seen);
}

/* Source: reference section 2.5, Flink AsynchronousOperationResult and CheckpointInfo. */
static const char *read_trigger_status(const json_t *root, struct observation *seen)
{
    const char *id = json_string_value(json_object_get(json_object_get(root, "status"), "id"));
    seen->kind = OBSERVED_TRIGGER_STATUS;
    if (id && strcmp(id, "IN_PROGRESS") == 0)
        return NULL;
    if (id && strcmp(id, "COMPLETED") == 0)
        return read_operation(json_object_get(root, "operation"), seen);
    return "\"status.id\" is neither IN_PROGRESS nor COMPLETED";
}

/* NULL and a sentence when the bytes are no JSON object. */
static json_t *parse_object(const char *body, size_t length, const char **wrong)
{
    json_error_t error;
    json_t *root = json_loadb(body, length, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        bool no_memory = json_error_code(&error) == json_error_out_of_memory;
        *wrong = no_memory ? answer_no_memory : "the body is no valid JSON";
        return NULL;
    }
    if (json_is_object(root))
        return root;
    json_decref(root);
    *wrong = "the body is no JSON object";
    return NULL;
}

/* A body may be missing altogether, as with 413 or HEAD. Source: reference section 3. */
static const char *read_failure(int status, const char *body, size_t length,
                                struct observation *seen)
{
    const char *wrong = NULL;
    json_t *root = length > 0 ? parse_object(body, length, &wrong) : NULL;
    const char *not_an_error = answer_read_error(status, root, seen);
    json_decref(root);
    return wrong ? wrong : not_an_error;
}

static const char *read_success(const char *(*read)(const json_t *, struct observation *),
                                const char *body, size_t length, struct observation *seen)
{
    const char *wrong = NULL;
    json_t *root = parse_object(body, length, &wrong);
    if (!root)
        return wrong;
    wrong = read(root, seen);
    json_decref(root);
    if (wrong) {
        observation_clear(seen);
        *seen = (struct observation){.kind = OBSERVED_OTHER};
    }
    return wrong;
}

const char *answer_read(enum exchange_path path, int status, const char *body, size_t length,
                        struct observation *seen)
{
    *seen = (struct observation){.kind = OBSERVED_OTHER};
    if (status >= 400)
        return read_failure(status, body, length, seen);
    if (status < 200 || status >= 300)
        return NULL;
    switch (path) {
    case PATH_STATISTICS:
        return read_success(answer_read_statistics, body, length, seen);
    case PATH_DETAILS:
        return read_success(answer_read_details, body, length, seen);
    case PATH_JOB:
        return read_success(read_job, body, length, seen);
    case PATH_TRIGGER_STATUS:
        return read_success(read_trigger_status, body, length, seen);
    case PATH_TRIGGER:
    case PATH_CONFIG:
    case PATH_OTHER:
        break;
    }
    return NULL;
}

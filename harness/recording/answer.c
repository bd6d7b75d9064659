#include "harness/recording/answer.h"

#include <string.h>

#include "harness/recording/answer_internal.h"

const char answer_no_memory[] = "out of memory";

const char *answer_integers(const struct node *object, const struct integer_member *members,
                            size_t count, void *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct node *value = node_get(object, members[i].name);
        if (!node_is(value, NODE_INTEGER))
            return members[i].wrong;
        memcpy((char *)out + members[i].offset, &value->as.integer, sizeof(value->as.integer));
    }
    return NULL;
}

static const char *read_state(const struct node *root, struct observation *seen)
{
    static const char *const terminal[] = {"FINISHED", "CANCELED", "FAILED"};
    const struct node *state = node_get(root, "state");
    if (!node_is(state, NODE_TEXT) || state->as.text.length >= sizeof(seen->job_state))
        return "\"state\" is missing or is no state of a job";
    memcpy(seen->job_state, state->as.text.bytes, state->as.text.length);
    seen->job_state[state->as.text.length] = '\0';
    seen->job_initializing = strcmp(seen->job_state, "INITIALIZING") == 0;
    /* Source: Flink JobStatus, those with TerminalState.GLOBALLY. */
    for (size_t i = 0; i < sizeof(terminal) / sizeof(terminal[0]); i++)
        seen->job_terminal |= strcmp(seen->job_state, terminal[i]) == 0;
    return NULL;
}

/* Source: reference section 2.7, Flink JobDetailsInfo. */
static const char *read_job(const struct node *root, struct observation *seen)
{
    static const struct integer_member times[] = {
        INTEGER(observation, "", "start-time", job_start_ms),
        INTEGER(observation, "", "now", job_now_ms),
    };
    struct id job;
    const struct node *jid = node_get(root, "jid");
    if (!node_is(jid, NODE_TEXT) || !id_parse(jid->as.text.bytes, jid->as.text.length, &job))
        return "\"jid\" is missing or is no job id";
    seen->kind = OBSERVED_JOB;
    const char *wrong = read_state(root, seen);
    return wrong ? wrong : answer_integers(root, times, 2, seen);
}

static const char *read_operation(const struct node *operation, struct observation *seen)
{
    static const struct integer_member checkpoint[] = {
        INTEGER(observation, "operation.", "checkpointId", trigger_checkpoint),
    };
    if (!node_is(operation, NODE_OBJECT))
        return "\"operation\" of a completed trigger is missing or is no object";
    seen->trigger_done = true;
    /* Flink has no failed status: a failure is a completed operation with a cause. */
    seen->trigger_failed = node_is(node_get(operation, "failureCause"), NODE_OBJECT);
    return seen->trigger_failed ? NULL : answer_integers(operation, checkpoint, 1, seen);
}

/* Source: reference section 2.5, Flink AsynchronousOperationResult and CheckpointInfo. */
static const char *read_trigger_status(const struct node *root, struct observation *seen)
{
    const struct node *id = node_get(node_get(root, "status"), "id");
    seen->kind = OBSERVED_TRIGGER_STATUS;
    if (node_says(id, "IN_PROGRESS"))
        return NULL;
    if (node_says(id, "COMPLETED"))
        return read_operation(node_get(root, "operation"), seen);
    return "\"status.id\" is neither IN_PROGRESS nor COMPLETED";
}

/* NULL and a sentence when the bytes are no JSON object. */
static const struct node *read_object(struct json_tree *tree, const char *body, size_t length,
                                      const char **wrong)
{
    switch (json_tree_read(tree, body, length)) {
    case JSON_NO_MEMORY:
        *wrong = answer_no_memory;
        return NULL;
    case JSON_DAMAGED:
        *wrong = "the body is no valid JSON";
        return NULL;
    case JSON_READ:
        break;
    }
    if (node_is(tree->nodes, NODE_OBJECT))
        return tree->nodes;
    *wrong = "the body is no JSON object";
    return NULL;
}

/* A body may be missing altogether, as with 413 or HEAD. Source: reference section 3. */
static const char *read_failure(struct json_tree *tree, int status, const char *body, size_t length,
                                struct observation *seen)
{
    const char *wrong = NULL;
    const struct node *root = length > 0 ? read_object(tree, body, length, &wrong) : NULL;
    const char *not_an_error = answer_read_error(status, root, seen);
    return wrong ? wrong : not_an_error;
}

static const char *read_success(struct json_tree *tree,
                                const char *(*read)(const struct node *, struct observation *),
                                const char *body, size_t length, struct observation *seen)
{
    const char *wrong = NULL;
    const struct node *root = read_object(tree, body, length, &wrong);
    if (!root)
        return wrong;
    wrong = read(root, seen);
    if (wrong) {
        observation_clear(seen);
        *seen = (struct observation){.kind = OBSERVED_OTHER};
    }
    return wrong;
}

static const char *(*const readers[])(const struct node *, struct observation *) = {
    [PATH_STATISTICS] = answer_read_statistics,
    [PATH_DETAILS] = answer_read_details,
    [PATH_JOB] = read_job,
    [PATH_TRIGGER_STATUS] = read_trigger_status,
    [PATH_OTHER] = NULL,
};

bool answer_is_read(enum exchange_path path, int status)
{
    return status >= 400 || (status >= 200 && status < 300 && readers[path]);
}

const char *answer_read_by(struct json_tree *tree, enum exchange_path path, int status,
                           const char *body, size_t length, struct observation *seen)
{
    *seen = (struct observation){.kind = OBSERVED_OTHER};
    if (status >= 400)
        return read_failure(tree, status, body, length, seen);
    if (!answer_is_read(path, status))
        return NULL;
    return read_success(tree, readers[path], body, length, seen);
}

const char *answer_read(enum exchange_path path, int status, const char *body, size_t length,
                        struct observation *seen)
{
    struct json_tree tree = {0};
    const char *wrong = answer_read_by(&tree, path, status, body, length, seen);
    json_tree_free(&tree);
    return wrong;
}

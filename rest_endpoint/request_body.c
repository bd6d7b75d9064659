#include "rest_endpoint/request_body_internal.h"

#include <stdlib.h>

static const char *const checkpoint_types[] = {"CONFIGURED", "FULL", "INCREMENTAL", NULL};
static const char *const formats[] = {"CANONICAL", "NATIVE", NULL};
static const char *const claim_modes[] = {"NO_CLAIM", "CLAIM", "LEGACY", NULL};

#define AT(member) offsetof(struct request_body, member)

/* Source: Flink CheckpointTriggerRequestBody. */
static const struct member checkpoint_trigger[] = {
    {.name = "checkpointType",
     .kind = MEMBER_CHOICE,
     .offset = AT(checkpoint_type),
     .choices = checkpoint_types},
    {.name = "triggerId", .kind = MEMBER_ID, .offset = AT(trigger)},
};

/* Source: Flink SavepointTriggerRequestBody. */
static const struct member savepoint_trigger[] = {
    {.name = "target-directory", .kind = MEMBER_TEXT, .offset = AT(directory)},
    {.name = "cancel-job", .kind = MEMBER_BOOLEAN, .offset = AT(cancel_job)},
    {.name = "formatType", .kind = MEMBER_CHOICE, .offset = AT(format), .choices = formats},
    {.name = "triggerId", .kind = MEMBER_ID, .offset = AT(trigger)},
};

/* Source: Flink StopWithSavepointRequestBody. */
static const struct member stop[] = {
    {.name = "targetDirectory", .kind = MEMBER_TEXT, .offset = AT(directory)},
    {.name = "drain", .kind = MEMBER_BOOLEAN, .offset = AT(drain)},
    {.name = "formatType", .kind = MEMBER_CHOICE, .offset = AT(format), .choices = formats},
    {.name = "triggerId", .kind = MEMBER_ID, .offset = AT(trigger)},
};

/* Of the many options these two change what a job here does. */
static const struct member flink_configuration[] = {
    {.name = "pipeline.name", .kind = MEMBER_TEXT, .offset = AT(job_name)},
    {.name = "execution.checkpointing.interval", .kind = MEMBER_TEXT, .offset = AT(interval)},
};

/* Source: Flink JarRunRequestBody, JarRequestBody. */
static const struct member jar_run[] = {
    {.name = "entryClass", .kind = MEMBER_TEXT, .offset = AT(entry_class)},
    {.name = "programArgs", .kind = MEMBER_TEXT, .offset = AT(program_arguments)},
    {.name = "programArgsList", .kind = MEMBER_TEXTS, .offset = AT(arguments)},
    {.name = "parallelism", .kind = MEMBER_INT32, .offset = AT(parallelism)},
    {.name = "jobId", .kind = MEMBER_ID, .offset = AT(job)},
    {.name = "allowNonRestoredState",
     .kind = MEMBER_BOOLEAN,
     .offset = AT(allow_non_restored_state)},
    {.name = "savepointPath", .kind = MEMBER_TEXT, .offset = AT(savepoint_path)},
    {.name = "claimMode",
     .kind = MEMBER_CHOICE,
     .offset = AT(claim_mode),
     .choices = claim_modes,
     .is_recent = true},
    {.name = "restoreMode",
     .kind = MEMBER_CHOICE,
     .offset = AT(restore_mode),
     .choices = claim_modes},
    {.name = "flinkConfiguration",
     .kind = MEMBER_MAP,
     .members = flink_configuration,
     .member_count = sizeof(flink_configuration) / sizeof(flink_configuration[0])},
};

#undef AT

#define CLASS(name, members)                                  \
    {                                                         \
        name, members, sizeof(members) / sizeof((members)[0]) \
    }

static const struct {
    const char *name;
    const struct member *members;
    size_t count;
} classes[BODY_CLASS_COUNT] = {
    [BODY_CLASS_EMPTY] = {"EmptyRequestBody", NULL, 0},
    [BODY_CLASS_CHECKPOINT_TRIGGER] = CLASS("CheckpointTriggerRequestBody", checkpoint_trigger),
    [BODY_CLASS_SAVEPOINT_TRIGGER] = CLASS("SavepointTriggerRequestBody", savepoint_trigger),
    [BODY_CLASS_STOP] = CLASS("StopWithSavepointRequestBody", stop),
    [BODY_CLASS_JAR_RUN] = CLASS("JarRunRequestBody", jar_run),
};

const char *body_class_name(enum body_class class)
{
    return classes[class].name;
}

enum json_outcome request_body_read(enum body_class class, const char *text, size_t length,
                                    bool refuses_unknown, struct request_body *body)
{
    *body = (struct request_body){0};
    if (length == 0)
        return JSON_READ;
    return request_json_read(text, length, classes[class].members, classes[class].count,
                             refuses_unknown, body);
}

void request_body_clear(struct request_body *body)
{
    free(body->directory);
    free(body->program_arguments);
    free(body->savepoint_path);
    free(body->job_name);
    free(body->interval);
    free(body->entry_class);
    free(body->arguments.texts);
    *body = (struct request_body){0};
}

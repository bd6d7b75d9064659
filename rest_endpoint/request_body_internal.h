#ifndef FRESHCHECK_REST_ENDPOINT_REQUEST_BODY_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_REQUEST_BODY_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "rest_endpoint/request_json_internal.h"

/* Source: Flink CheckpointType, SavepointFormatType; the defaults come first. */
enum { CHECKPOINT_CONFIGURED, CHECKPOINT_FULL, CHECKPOINT_INCREMENTAL };
enum { FORMAT_CANONICAL, FORMAT_NATIVE };

/* What the body of a request says, whichever of them. Texts are owned and NULL when absent. */
struct request_body {
    struct given_id trigger;
    int checkpoint_type;
    char *directory;
    int format;
    struct given_boolean cancel_job, drain;

    /* POST /jars/:jarid/run */
    char *program_arguments, *savepoint_path, *job_name, *interval;
    struct given_texts arguments;
    struct given_id job;
    struct given_int32 parallelism;
    struct given_boolean allow_non_restored_state;
    char *entry_class;
    int claim_mode, restore_mode;
};

enum body_class {
    BODY_CLASS_EMPTY,
    BODY_CLASS_CHECKPOINT_TRIGGER,
    BODY_CLASS_SAVEPOINT_TRIGGER,
    BODY_CLASS_STOP,
    BODY_CLASS_JAR_RUN,
    BODY_CLASS_COUNT
};

/* As in errors: "CheckpointTriggerRequestBody". */
const char *body_class_name(enum body_class class);

/* A body of no bytes means all defaults. Release with request_body_clear(), whatever comes.
 * Source: Flink AbstractHandler.respondAsLeader. */
enum json_outcome request_body_read(enum body_class class, const char *text, size_t length,
                                    bool refuses_unknown, struct request_body *body);
void request_body_clear(struct request_body *body);

#endif

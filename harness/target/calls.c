#include "harness/target/calls.h"

enum call call_target(struct target target, const struct target_request *request, int status,
                      struct json_tree *tree, const char **why)
{
    struct conform_exchange answer;
    *why = "out of memory";
    switch (target.ask(target.context, request, &answer, why)) {
    case TARGET_SILENT:
        return CALL_SILENT;
    case TARGET_NO_MEMORY:
        return CALL_NO_MEMORY;
    case TARGET_ANSWERED:
        break;
    }
    *why = "what answers there does not answer as a JobManager of Flink";
    if (answer.status != status)
        return CALL_REFUSED;
    switch (json_tree_read(tree, answer.body, answer.body_length)) {
    case JSON_READ:
        return CALL_ANSWERED;
    case JSON_NO_MEMORY:
        *why = "out of memory";
        return CALL_NO_MEMORY;
    case JSON_DAMAGED:
        break;
    }
    return CALL_REFUSED;
}

enum call call_get(struct target target, const char *path, struct json_tree *tree, const char **why)
{
    const struct target_request request = {.method = "GET", .path = path};
    return call_target(target, &request, 200, tree, why);
}

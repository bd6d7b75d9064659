#ifndef FRESHCHECK_TESTS_SUPPORT_FAKE_CLUSTER_H
#define FRESHCHECK_TESTS_SUPPORT_FAKE_CLUSTER_H

#include <stddef.h>
#include <string.h>

#include "harness/replay/target.h"

/* A target that answers from a list. What is not on it is answered with 404; a status of 0 is
 * silence. */
struct fake_answer {
    const char *method, *path;
    int status;
    const char *body;
};

struct fake_cluster {
    const struct fake_answer *answers;
    size_t count;
    char last_body[1000]; /* of the last request that had one */
    char last_path[200];
};

static inline enum target_outcome fake_ask(void *context, const struct target_request *request,
                                           struct conform_exchange *answer, const char **why)
{
    struct fake_cluster *cluster = context;
    *answer = (struct conform_exchange){.status = 404, .body = "{}", .body_length = 2};
    snprintf(cluster->last_path, sizeof cluster->last_path, "%s %s", request->method,
             request->path);
    if (request->body)
        snprintf(cluster->last_body, sizeof cluster->last_body, "%s", request->body);
    for (size_t i = 0; i < cluster->count; i++) {
        const struct fake_answer *known = &cluster->answers[i];
        if (strcmp(known->method, request->method) != 0 || strcmp(known->path, request->path) != 0)
            continue;
        *why = "nobody is there";
        if (known->status == 0)
            return TARGET_SILENT;
        answer->status = known->status;
        answer->body = known->body;
        answer->body_length = strlen(known->body);
        break;
    }
    return TARGET_ANSWERED;
}

static inline struct target fake_target(struct fake_cluster *cluster)
{
    return (struct target){.context = cluster, .ask = fake_ask};
}

#endif

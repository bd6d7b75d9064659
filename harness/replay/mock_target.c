#include <stdlib.h>
#include <string.h>

#include "harness/cluster/cluster.h"
#include "harness/replay/target.h"
#include "rest_endpoint/body.h"

struct mock_target {
    struct plan plan;
    struct configuration *configuration;
    struct cluster *cluster;
    uint64_t ticket;
    int64_t now_us;
    uint64_t last_request;
    struct endpoint_action reply; /* the last one; its body is held */
    struct conform_header headers[3];
};

/* The cluster's own options, on top of what every served cluster has. What cannot be read is left
 * out: the cluster that was recorded started with it. */
static bool configure(struct mock_target *mock)
{
    const char *why;
    mock->configuration = configuration_new();
    for (size_t i = 0; mock->configuration && i < mock->plan.option_count; i++) {
        const struct configuration_line *line = &mock->plan.options[i];
        if (configuration_put(mock->configuration, &mock->plan.settings, line->key, line->value,
                              &why) == CONFIGURATION_NO_MEMORY)
            return false;
    }
    return mock->configuration != NULL;
}

struct mock_target *mock_target_new(const struct mock_options *options)
{
    struct mock_target *mock = calloc(1, sizeof(*mock));
    if (!mock)
        return NULL;
    mock->plan = *life_plan(options->life);
    if (configure(mock)) {
        const struct cluster_options cluster = {
            .plan = &mock->plan,
            .implementation = options->implementation,
            .seed = options->seed,
            .epoch_us = life_epoch_us(options->life),
            .ticket = &mock->ticket,
            .flink_version = options->flink_version,
            .configuration = mock->configuration,
        };
        mock->cluster = cluster_open(&cluster);
    }
    if (mock->cluster)
        return mock;
    mock_target_free(mock);
    return NULL;
}

void mock_target_free(struct mock_target *mock)
{
    if (!mock)
        return;
    body_release(mock->reply.body);
    cluster_free(mock->cluster);
    configuration_free(mock->configuration);
    free(mock);
}

/* Nobody reads the journal here. */
static void forget_journal(struct mock_target *mock)
{
    while (cluster_next_entry(mock->cluster))
        continue;
}

bool mock_target_live_until(struct mock_target *mock, int64_t until_us)
{
    for (int64_t due_us; (due_us = cluster_due(mock->cluster, NULL)) <= until_us;) {
        if (!cluster_advance(mock->cluster, due_us))
            return false;
        mock->now_us = due_us;
        forget_journal(mock);
    }
    if (until_us > mock->now_us)
        mock->now_us = until_us;
    return true;
}

int64_t mock_target_now_us(const struct mock_target *mock)
{
    return mock->now_us;
}

/* Nobody else asks, so the next reply is the one. False when out of memory; status 0: none came. */
static bool await_reply(struct mock_target *mock)
{
    mock->reply = (struct endpoint_action){0};
    while (!cluster_next_reply(mock->cluster, &mock->reply)) {
        const int64_t due_us = cluster_due(mock->cluster, NULL);
        if (due_us == INT64_MAX)
            return true;
        if (!mock_target_live_until(mock, due_us))
            return false;
    }
    return true;
}

/* As the HTTP shell sends them. Source: Flink HandlerUtils.sendResponse; what the file server
 * answers lacks the one for other origins (the transcripts: GET of an unknown path). */
static void add_headers(struct mock_target *mock, struct conform_exchange *answer)
{
    size_t count = 0;
    mock->headers[count++] =
        (struct conform_header){"content-type", "application/json; charset=UTF-8"};
    mock->headers[count++] = (struct conform_header){"content-length", ""};
    if (!mock->reply.unrouted)
        mock->headers[count++] = (struct conform_header){"access-control-allow-origin", "*"};
    answer->headers = mock->headers;
    answer->header_count = count;
}

static enum target_outcome ask(void *context, const struct target_request *asked,
                               struct conform_exchange *answer, const char **why)
{
    struct mock_target *mock = context;
    const struct upload upload = {.file_count = 1, .file_name = asked->upload_name};
    const struct request request = {
        .id = ++mock->last_request,
        .method = http_method_find(asked->method),
        .target = asked->path,
        .target_length = strlen(asked->path),
        .body = asked->upload_name ? NULL : asked->body,
        .body_length = asked->body && !asked->upload_name ? strlen(asked->body) : 0,
        .upload = asked->upload_name ? &upload : NULL,
    };
    body_release(mock->reply.body);
    mock->reply.body = NULL;
    if (!mock_target_live_until(mock, asked->at_us) ||
        !cluster_request(mock->cluster, mock->now_us, &request) || !await_reply(mock))
        return TARGET_NO_MEMORY;
    if (mock->reply.status == 0) {
        *why = "the mock never answers";
        return TARGET_SILENT;
    }
    answer->status = mock->reply.status;
    answer->body = body_bytes(mock->reply.body, &answer->body_length);
    if (!answer->body)
        return TARGET_NO_MEMORY;
    if (strcmp(asked->method, "HEAD") == 0)
        answer->body_length = 0;
    add_headers(mock, answer);
    return TARGET_ANSWERED;
}

struct target mock_target(struct mock_target *mock)
{
    return (struct target){.context = mock, .lives_the_same_life = true, .ask = ask};
}

struct cluster *mock_target_cluster(struct mock_target *mock)
{
    return mock->cluster;
}

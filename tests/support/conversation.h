#ifndef FRESHCHECK_TESTS_CONVERSATION_H
#define FRESHCHECK_TESTS_CONVERSATION_H

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rest_endpoint/endpoint.h"
#include "rest_endpoint/policy_sets.h"

/*
 * A conversation with an endpoint: a test says who asks what and what the gateway answers, and
 * looks at the fetches and replies that came of it. Times are in milliseconds.
 */

enum { MS = 1000, SAID_MAX = 256 };

#define JOB_A_ID "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define JOB_B_ID "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define VERTEX_ID "cccccccccccccccccccccccccccccccc"
#define CHECKPOINTS_OF_A "/jobs/" JOB_A_ID "/checkpoints"
#define CHECKPOINTS_OF_B "/jobs/" JOB_B_ID "/checkpoints"
#define DASHBOARD_OF_A "/jobs/" JOB_A_ID

static const struct id JOB_A = {UINT64_C(0xaaaaaaaaaaaaaaaa), UINT64_C(0xaaaaaaaaaaaaaaaa)};
static const struct id JOB_B = {UINT64_C(0xbbbbbbbbbbbbbbbb), UINT64_C(0xbbbbbbbbbbbbbbbb)};
static const struct id VERTEX = {UINT64_C(0xcccccccccccccccc), UINT64_C(0xcccccccccccccccc)};

struct conversation {
    struct endpoint *endpoint;
    bool may_fail; /* memory may run out: replies of 500 and refused calls are no surprise */
    struct endpoint_action fetches[SAID_MAX];
    size_t fetch_count;
    struct endpoint_action replies[SAID_MAX]; /* they hold their bodies */
    size_t reply_count;
};

static inline struct endpoint_config config_of(const char *set, const char *const *options)
{
    struct settings settings;
    struct endpoint_config config;
    settings_default(&settings);
    for (; options && *options; options += 2)
        assert_null(settings_put(&settings, options[0], options[1]));
    const struct policy_set *found = policy_set_find(set);
    assert_non_null(found);
    policy_set_configure(found, &settings, &config);
    return config;
}

static inline bool start_with(struct conversation *talk, const struct endpoint_config *config)
{
    memset(talk, 0, sizeof(*talk));
    talk->endpoint = endpoint_new(config);
    return talk->endpoint != NULL;
}

/* Options: name, value, name, value ..., NULL. */
#define start(talk, set, ...)                                          \
    do {                                                               \
        const char *const options[] = {__VA_ARGS__};                   \
        const struct endpoint_config config = config_of(set, options); \
        assert_true(start_with(talk, &config));                        \
    } while (0)

static inline void finish(struct conversation *talk)
{
    for (size_t i = 0; i < talk->reply_count; i++)
        body_release(talk->replies[i].body);
    endpoint_free(talk->endpoint);
}

static inline void drain(struct conversation *talk)
{
    struct endpoint_action action;
    while (endpoint_next(talk->endpoint, &action)) {
        if (action.kind == ACTION_FETCH)
            talk->fetches[talk->fetch_count++] = action;
        else
            talk->replies[talk->reply_count++] = action;
        assert_true(talk->fetch_count < SAID_MAX && talk->reply_count < SAID_MAX);
    }
}

static inline int ask_fully(struct conversation *talk, int64_t at_ms, uint64_t id,
                            const struct request *request)
{
    struct request copy = *request;
    copy.id = id;
    copy.target_length = strlen(copy.target);
    copy.body_length = copy.body ? strlen(copy.body) : 0;
    int outcome = endpoint_request(talk->endpoint, at_ms * MS, &copy);
    if (!talk->may_fail)
        assert_int_equal(outcome, 0);
    drain(talk);
    return outcome;
}

static inline int get(struct conversation *talk, int64_t at_ms, uint64_t id, const char *target)
{
    const struct request request = {.method = METHOD_GET, .target = target};
    return ask_fully(talk, at_ms, id, &request);
}

static inline int get_with(struct conversation *talk, int64_t at_ms, uint64_t id,
                           const char *target, const char *cache_control)
{
    const struct request request = {
        .method = METHOD_GET, .target = target, .cache_control = cache_control};
    return ask_fully(talk, at_ms, id, &request);
}

static inline struct checkpoint *completed_checkpoint(int64_t id, const char *path)
{
    const struct task_layout layout = {VERTEX, 2};
    struct checkpoint *checkpoint = checkpoint_new(id, CHECKPOINT_ALIGNED, id * 1000, &layout, 1);
    if (!checkpoint)
        return NULL;
    checkpoint->status = CHECKPOINT_COMPLETED;
    checkpoint->latest_ack_ms = id * 1000 + 10;
    checkpoint->external_path = shared_text_new(path);
    if (checkpoint->external_path)
        return checkpoint;
    checkpoint_release(checkpoint);
    return NULL;
}

/* Completed checkpoints `from` down to `to`; NULL when out of memory. */
static inline struct checkpoint_stats *stats_of(struct id job, uint64_t run, int64_t from,
                                                int64_t to, const char *path)
{
    struct checkpoint_stats *stats = checkpoint_stats_new(job, run, (size_t)(from - to + 1));
    for (int64_t id = from; stats && id >= to; id--) {
        stats->history[from - id] = completed_checkpoint(id, path);
        if (!stats->history[from - id]) {
            checkpoint_stats_release(stats);
            return NULL;
        }
    }
    if (!stats)
        return NULL;
    stats->enabled = true;
    stats->counts = (struct checkpoint_counts){.total = from, .completed = from};
    stats->latest_completed = checkpoint_retain(stats->history[0]);
    return stats;
}

static inline struct execution_graph *graph_of(struct id job, int64_t taken_ms,
                                               struct checkpoint_stats *stats)
{
    struct execution_graph *graph = stats ? execution_graph_new(job, "a job", 0) : NULL;
    if (!graph) {
        checkpoint_stats_release(stats);
        return NULL;
    }
    graph->taken_ms = taken_ms;
    graph->state = JOB_RUNNING;
    graph->start_ms = 1;
    graph->end_ms = -1;
    graph->checkpointing = stats->enabled;
    graph->stats = stats;
    return graph;
}

/* The gateway's answer to the fetch that was asked for as number `index` of this conversation. */
static inline int answer_with(struct conversation *talk, int64_t at_ms, size_t index,
                              struct fetch_result result)
{
    assert_true(index < talk->fetch_count);
    int outcome = endpoint_fetched(talk->endpoint, at_ms * MS, talk->fetches[index].fetch, &result);
    if (!talk->may_fail)
        assert_int_equal(outcome, 0);
    drain(talk);
    return outcome;
}

/* A snapshot, or a graph with it, whichever was asked for, with `latest` as the only entry. */
static inline int answer_latest(struct conversation *talk, int64_t at_ms, size_t index,
                                int64_t latest)
{
    assert_true(index < talk->fetch_count);
    const struct fetch_request *what = &talk->fetches[index].what;
    struct checkpoint_stats *stats = stats_of(what->job, 1, latest, latest, "file:/a");
    struct fetch_result result = {.outcome = OUTCOME_OK};
    if (what->kind == FETCH_EXECUTION_GRAPH)
        result.graph = graph_of(what->job, at_ms, stats);
    else
        result.stats = stats;
    return answer_with(talk, at_ms, index, result);
}

static inline int answer_failure(struct conversation *talk, int64_t at_ms, size_t index,
                                 enum fetch_outcome outcome)
{
    return answer_with(talk, at_ms, index, (struct fetch_result){.outcome = outcome});
}

static inline const struct endpoint_action *reply_to(const struct conversation *talk, uint64_t id)
{
    for (size_t i = 0; i < talk->reply_count; i++) {
        if (talk->replies[i].request == id)
            return &talk->replies[i];
    }
    return NULL;
}

static inline bool has_reply(const struct conversation *talk, uint64_t id)
{
    return reply_to(talk, id) != NULL;
}

static inline int status_of(const struct conversation *talk, uint64_t id)
{
    const struct endpoint_action *reply = reply_to(talk, id);
    return reply ? reply->status : 0;
}

/* latest.completed of a GET /checkpoints answer; -1 when it is none. */
static inline int64_t latest_of(const struct conversation *talk, uint64_t id)
{
    const struct endpoint_action *reply = reply_to(talk, id);
    const struct checkpoint_stats *stats =
        reply && reply->status == 200 ? body_statistics(reply->body) : NULL;
    return stats && stats->latest_completed ? stats->latest_completed->id : -1;
}

/* The reply's body, NUL-terminated as all of them happen to be. */
static inline const char *text_of(const struct conversation *talk, uint64_t id)
{
    const struct endpoint_action *reply = reply_to(talk, id);
    size_t length = 0;
    const char *bytes = reply ? body_bytes(reply->body, &length) : NULL;
    return bytes ? bytes : "";
}

#define assert_says(talk, id, wanted) assert_non_null(strstr(text_of(talk, id), wanted))
#define assert_says_not(talk, id, unwanted) assert_null(strstr(text_of(talk, id), unwanted))

static inline struct endpoint_usage usage_of(const struct conversation *talk)
{
    struct endpoint_usage usage;
    endpoint_measure(talk->endpoint, &usage);
    return usage;
}

#endif

#ifndef FRESHCHECK_HARNESS_CLIENT_MODELS_CLIENT_MODELS_H
#define FRESHCHECK_HARNESS_CLIENT_MODELS_CLIENT_MODELS_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/judge/history.h"

/*
 * How programs that people really run decide from which checkpoint a job goes on, by what
 * GET /jobs/:jobid/checkpoints tells them: which members they read, what they remember, and what
 * they take an error for. Each model imitates the source that is named at its function. One of
 * them, `careful`, does it right. Pure: time is an argument.
 */
#define CLIENT_MODEL_MAP(X)                                                                  \
    X(CAREFUL, "careful", "takes the newest that is there, and refuses what it cannot tell", \
      "none: it does it right")                                                              \
    CLIENT_MODEL_BROKEN_MAP(X)
#define CLIENT_MODEL_BROKEN_MAP(X)                                                          \
    X(SCRIPT, "script", "curl with jq -r: the word null passes its test for \"not empty\"", \
      "scripts and runbooks with jq -r .latest.completed.external_path")                    \
    X(LENIENT_SCRIPT, "lenient-script",                                                     \
      "curl with jq's // empty: starts from nothing whenever it finds no path",             \
      "scripts and runbooks with jq -r '... // empty'")                                     \
    X(FLINK_KUBERNETES_OPERATOR, "flink-kubernetes-operator",                               \
      "takes the largest number of three, discarded or not",                                \
      "flink-kubernetes-operator CheckpointHistoryWrapper, AbstractFlinkService")           \
    X(HISTORY_SCAN, "history-scan", "looks for the newest in the history alone",            \
      "flink-kubernetes-operator#236")                                                      \
    X(LYFT, "lyft", "takes completed alone; after an error the last path that it saw",      \
      "flinkk8soperator Controller.FindExternalizedCheckpoint")                             \
    X(STREAMPARK, "streampark", "keeps the last whose number is above all it ever kept",    \
      "StreamPark CheckpointProcessor; streampark#1425, #4074, #4259")                      \
    X(DINKY, "dinky", "takes completed before a newer savepoint, never what was restored",  \
      "Dinky's automatic restart")                                                          \
    X(OPENLINEAGE, "openlineage", "looks again only when counts.total has changed",         \
      "OpenLineage's Flink tracker")                                                        \
    X(SECOND_CACHE, "second-cache", "keeps a copy until nobody has looked for a minute",    \
      "Dinky CheckpointsRule, one version")                                                 \
    X(OWN_CLOCK, "own-clock", "a checkpoint's age counts from when it was noticed",         \
      "spotify/flink-on-k8s-operator")

enum client_model {
    CLIENT_MODEL_NONE, /* what a client does that names no model */
#define X(name, id, summary, source) CLIENT_MODEL_##name,
    CLIENT_MODEL_MAP(X)
#undef X
        CLIENT_MODEL_COUNT
};

/* The names of all models but NONE, *count of them. The first is model 1. */
const char *const *client_model_names(size_t *count);

/* One answer to GET /jobs/:jobid/checkpoints as a client got it. */
struct client_answer {
    int status;                     /* 0: none came */
    const struct observation *seen; /* NULL: none came. OBSERVED_OTHER: it cannot be decoded */
    int64_t now_ms;                 /* epoch, by the client's clock */
};

/* What an answer is worth as a reason to start a job from nothing. */
enum grounds client_answer_grounds(const struct client_answer *answer);

/* What a client keeps from one answer to the next. Zeroed is empty. */
struct client_memory {
    char *path; /* owned; NULL: none */
    int64_t checkpoint;
    int64_t trigger_ms, latest_ack_ms; /* epoch, of that checkpoint; 0: not known */
    int64_t newest;                    /* streampark: the largest number that it ever kept */
    int64_t total;                     /* openlineage: counts.total when it last reported */
    bool has_reported;
    int64_t own_ms; /* by its own clock: second-cache when it looked, own-clock when it noticed */
};

void client_memory_clear(struct client_memory *memory);

/* It goes by names that only the bytes of an answer tell: those of `checkpoint_type`, which differ
 * from version to version. */
bool client_model_goes_by_names(enum client_model model);

/* Takes in an answer. False when out of memory: the memory is as it was. */
bool client_model_watch(enum client_model model, const struct client_answer *answer,
                        struct client_memory *memory);

struct client_decision {
    enum decided kind;
    const char *path;   /* DECIDED_PATH: borrowed from the answer or the memory */
    int64_t checkpoint; /* DECIDED_PATH: as the client takes it; 0: it does not know */
    const char *reason; /* one sentence, static text, from the client's view */
};

/*
 * Decides on an answer that was taken in by client_model_watch() before.
 * max_age_ms: refuse what is older; 0: nothing is too old. Models that know no such limit take no
 * notice.
 */
void client_model_decide(enum client_model model, const struct client_answer *answer,
                         const struct client_memory *memory, int64_t max_age_ms,
                         struct client_decision *decision);

#endif

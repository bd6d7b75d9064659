#include <string.h>

#include "harness/client_models/client_models_internal.h"

/* The models that look for the newest of latest.completed, latest.savepoint and latest.restored:
 * the one that does it right, and the Kubernetes operator's. */

/* One of the three, with what an age goes by. */
struct candidate {
    const char *path; /* NULL where the answer gives none */
    int64_t id;
    int64_t trigger_ms; /* epoch; 0: the answer does not tell */
    bool is_there, is_discarded;
};

static struct candidate candidate_of(bool has, const struct seen_checkpoint *seen)
{
    return (struct candidate){.is_there = has,
                              .path = seen->path,
                              .id = seen->id,
                              .trigger_ms = seen->trigger_ms,
                              .is_discarded = seen->discarded};
}

/* The largest number; of equal ones what was restored, which is the same checkpoint. Source:
 * flink-kubernetes-operator CheckpointHistoryWrapper.getLatestCompletedCheckpoint. */
static struct candidate newest_of(const struct observation *seen)
{
    struct candidate newest = {.is_there = seen->has_latest_restored,
                               .path = seen->restored_path,
                               .id = seen->restored_id};
    const struct candidate others[] = {
        candidate_of(seen->has_latest_completed, &seen->latest_completed),
        candidate_of(seen->has_latest_savepoint, &seen->latest_savepoint),
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (others[i].is_there && (!newest.is_there || others[i].id > newest.id))
            newest = others[i];
    }
    return newest;
}

/* --- careful --------------------------------------------------------------------------------- */

/* `restored` does not tell when its checkpoint was triggered: an earlier answer may have. */
static bool careful_watch(const struct client_answer *answer, struct client_memory *memory)
{
    const struct observation *seen = answer->seen;
    const bool savepoint_is_newer =
        seen->has_latest_savepoint &&
        (!seen->has_latest_completed || seen->latest_savepoint.id > seen->latest_completed.id);
    if (savepoint_is_newer)
        return memory_keep(memory, &seen->latest_savepoint);
    return !seen->has_latest_completed || memory_keep(memory, &seen->latest_completed);
}

static struct client_decision careful_choice(const struct client_answer *answer,
                                             const struct client_memory *memory, int64_t max_age_ms)
{
    struct candidate newest = newest_of(answer->seen);
    if (!newest.is_there && answer->seen->completed == 0)
        return starts_from_nothing("nothing has completed, and nothing was restored");
    if (!newest.is_there || !newest.path)
        return refuses("something has completed, and its path is not shown");
    if (path_is_placeholder(newest.path))
        return refuses("the newest checkpoint lies in the JobManager's memory");
    if (newest.is_discarded)
        return refuses("the newest checkpoint is marked discarded");
    if (newest.trigger_ms == 0 && memory->path && strcmp(memory->path, newest.path) == 0)
        newest.trigger_ms = memory->trigger_ms;
    if (max_age_ms > 0 && newest.trigger_ms == 0)
        return refuses("the age of the newest checkpoint is not known");
    if (max_age_ms > 0 && answer->now_ms - newest.trigger_ms > max_age_ms)
        return refuses("the newest checkpoint is too old");
    return starts_from(newest.path, newest.id, "it is the newest");
}

static struct client_decision careful_decide(const struct client_answer *answer,
                                             const struct client_memory *memory, int64_t max_age_ms)
{
    switch (client_answer_grounds(answer)) {
    case GROUNDS_ANSWER:
        return careful_choice(answer, memory, max_age_ms);
    case GROUNDS_NOT_ENABLED:
        return starts_from_nothing("the job takes no checkpoints");
    case GROUNDS_UNREADABLE:
        return refuses("the answer cannot be read");
    case GROUNDS_ERROR:
    case GROUNDS_SILENCE:
        break;
    }
    return refuses("there was no good answer");
}

const struct model model_careful = {.watch = careful_watch, .decide = careful_decide};

/* --- flink-kubernetes-operator --------------------------------------------------------------- */

/*
 * Source: flink-kubernetes-operator AbstractFlinkService.getLastCheckpoint, getCheckpointInfo. The
 * parser is lenient: without `latest` there is no checkpoint. `discarded` is not looked at. An error
 * is told from "no checkpoints" by its text; all others are tried again later. It knows no limit of
 * age here.
 */
static struct client_decision operator_decide(const struct client_answer *answer,
                                              const struct client_memory *memory,
                                              int64_t max_age_ms)
{
    (void)memory;
    (void)max_age_ms;
    if (client_answer_grounds(answer) == GROUNDS_NOT_ENABLED)
        return starts_from_nothing("\"Checkpointing has not been enabled\"");
    if (!answer_is_list(answer))
        return refuses("could not observe latest savepoint information");
    const struct candidate newest = newest_of(answer->seen);
    if (!newest.is_there || !newest.path)
        return starts_from_nothing("no checkpoint is shown");
    if (path_is_placeholder(newest.path))
        return refuses("latest checkpoint not externally addressable");
    return starts_from(newest.path, newest.id, "it has the largest number");
}

const struct model model_operator = {.decide = operator_decide};

#include "harness/client_models/client_models_internal.h"

/* The models that go by a time of their own: when they looked, and not when a checkpoint was
 * triggered. */

static struct client_decision starts_from_kept(const struct client_memory *memory)
{
    if (!memory->path)
        return starts_from_nothing("nothing was kept");
    return starts_from(memory->path, memory->checkpoint, "it was kept last");
}

/* --- second-cache ---------------------------------------------------------------------------- */

enum { KEPT_AFTER_ACCESS_MS = 60 * 1000 };

/* A copy of the last answer, dropped a minute after it was last looked at. Who looks more often
 * never gets another one. Source: Dinky CheckpointsRule, in one version (real bug R-41). */
static bool second_cache_watch(const struct client_answer *answer, struct client_memory *memory)
{
    const struct observation *seen = answer->seen;
    const bool is_kept = memory->path && answer->now_ms - memory->own_ms < KEPT_AFTER_ACCESS_MS;
    if (!is_kept && seen->has_latest_completed && !memory_keep(memory, &seen->latest_completed))
        return false;
    memory->own_ms = answer->now_ms;
    return true;
}

static struct client_decision second_cache_decide(const struct client_answer *answer,
                                                  const struct client_memory *memory,
                                                  int64_t max_age_ms)
{
    (void)answer;
    (void)max_age_ms;
    return starts_from_kept(memory);
}

const struct model model_second_cache = {.watch = second_cache_watch,
                                         .decide = second_cache_decide};

/* --- own-clock ------------------------------------------------------------------------------- */

/* A checkpoint's age counts from when it was noticed. Source: Spotify's flink-on-k8s-operator, the
 * time of a savepoint in its status (real bug R-50); here of a checkpoint. */
static bool own_clock_watch(const struct client_answer *answer, struct client_memory *memory)
{
    const struct observation *seen = answer->seen;
    if (!seen->has_latest_completed ||
        (memory->path && memory->checkpoint == seen->latest_completed.id))
        return true;
    if (!memory_keep(memory, &seen->latest_completed))
        return false;
    memory->own_ms = answer->now_ms;
    return true;
}

static struct client_decision own_clock_decide(const struct client_answer *answer,
                                               const struct client_memory *memory,
                                               int64_t max_age_ms)
{
    if (memory->path && max_age_ms > 0 && answer->now_ms - memory->own_ms > max_age_ms)
        return refuses("it was noticed too long ago");
    return starts_from_kept(memory);
}

const struct model model_own_clock = {.watch = own_clock_watch, .decide = own_clock_decide};

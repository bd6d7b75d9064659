#include "harness/client_models/client_models.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "gateway/checkpoint_stats.h"
#include "harness/client_models/client_models_internal.h"

static const struct model *const models[CLIENT_MODEL_COUNT] = {
    [CLIENT_MODEL_CAREFUL] = &model_careful,
    [CLIENT_MODEL_SCRIPT] = &model_script,
    [CLIENT_MODEL_LENIENT_SCRIPT] = &model_lenient_script,
    [CLIENT_MODEL_FLINK_KUBERNETES_OPERATOR] = &model_operator,
    [CLIENT_MODEL_HISTORY_SCAN] = &model_history_scan,
    [CLIENT_MODEL_LYFT] = &model_lyft,
    [CLIENT_MODEL_STREAMPARK] = &model_streampark,
    [CLIENT_MODEL_DINKY] = &model_dinky,
    [CLIENT_MODEL_OPENLINEAGE] = &model_openlineage,
    [CLIENT_MODEL_SECOND_CACHE] = &model_second_cache,
    [CLIENT_MODEL_OWN_CLOCK] = &model_own_clock,
};

const char *const *client_model_names(size_t *count)
{
    static const char *const names[] = {
#define X(name, id, summary, source) [CLIENT_MODEL_##name - 1] = id,
        CLIENT_MODEL_MAP(X)
#undef X
    };
    *count = sizeof names / sizeof *names;
    return names;
}

bool client_model_goes_by_names(enum client_model model)
{
    return models[model]->goes_by_names;
}

/* --- answers --------------------------------------------------------------------------------- */

bool answer_is_list(const struct client_answer *answer)
{
    return answer->status == 200 && answer->seen && answer->seen->kind == OBSERVED_STATISTICS;
}

enum grounds client_answer_grounds(const struct client_answer *answer)
{
    if (answer->status == 0 || !answer->seen)
        return GROUNDS_SILENCE;
    if (answer->seen->kind == OBSERVED_ERROR)
        return answer->seen->error == ERROR_NOT_ENABLED ? GROUNDS_NOT_ENABLED : GROUNDS_ERROR;
    return answer_is_list(answer) && !answer->seen->lacks_latest ? GROUNDS_ANSWER
                                                                 : GROUNDS_UNREADABLE;
}

bool path_is_placeholder(const char *path)
{
    return strcmp(path, CHECKPOINT_PLACEHOLDER_PATH) == 0;
}

/* --- memory ---------------------------------------------------------------------------------- */

void client_memory_clear(struct client_memory *memory)
{
    free(memory->path);
    *memory = (struct client_memory){0};
}

bool memory_keep(struct client_memory *memory, const struct seen_checkpoint *seen)
{
    char *path = seen->path ? text_copy(seen->path) : NULL;
    if (seen->path && !path)
        return false;
    free(memory->path);
    memory->path = path;
    memory->checkpoint = seen->id;
    memory->trigger_ms = seen->trigger_ms;
    memory->latest_ack_ms = seen->latest_ack_ms;
    return true;
}

bool client_model_watch(enum client_model model, const struct client_answer *answer,
                        struct client_memory *memory)
{
    const struct model *own = models[model];
    return !own->watch || !answer_is_list(answer) || own->watch(answer, memory);
}

/* --- decisions ------------------------------------------------------------------------------- */

struct client_decision refuses(const char *reason)
{
    return (struct client_decision){.kind = DECIDED_REFUSE, .reason = reason};
}

struct client_decision starts_from_nothing(const char *reason)
{
    return (struct client_decision){.kind = DECIDED_NOTHING, .reason = reason};
}

struct client_decision starts_from(const char *path, int64_t checkpoint, const char *reason)
{
    return (struct client_decision){
        .kind = DECIDED_PATH, .path = path, .checkpoint = checkpoint, .reason = reason};
}

void client_model_decide(enum client_model model, const struct client_answer *answer,
                         const struct client_memory *memory, int64_t max_age_ms,
                         struct client_decision *decision)
{
    *decision = models[model]->decide(answer, memory, max_age_ms);
}

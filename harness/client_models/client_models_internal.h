#ifndef FRESHCHECK_HARNESS_CLIENT_MODELS_CLIENT_MODELS_INTERNAL_H
#define FRESHCHECK_HARNESS_CLIENT_MODELS_CLIENT_MODELS_INTERNAL_H

#include "harness/client_models/client_models.h"

/* What the models share. */

struct model {
    /* A good list came; NULL: it keeps nothing. False: out of memory, and nothing has changed. */
    bool (*watch)(const struct client_answer *answer, struct client_memory *memory);
    struct client_decision (*decide)(const struct client_answer *answer,
                                     const struct client_memory *memory, int64_t max_age_ms);
    bool goes_by_names; /* see client_model_goes_by_names() */
};

extern const struct model model_careful, model_script, model_lenient_script, model_operator;
extern const struct model model_history_scan, model_lyft, model_streampark, model_dinky;
extern const struct model model_openlineage, model_second_cache, model_own_clock;

bool answer_is_list(const struct client_answer *answer); /* `latest` may be missing in it */
bool path_is_placeholder(const char *path);

/* Keeps this checkpoint instead of the one that was kept. False: out of memory. */
bool memory_keep(struct client_memory *memory, const struct seen_checkpoint *seen);

struct client_decision refuses(const char *reason);
struct client_decision starts_from_nothing(const char *reason);
struct client_decision starts_from(const char *path, int64_t checkpoint, const char *reason);

#endif

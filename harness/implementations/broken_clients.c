#include "harness/implementations/implementation_internal.h"

/* The reference, asked by clients that decide wrongly: one for each model but the careful one. */
static const struct implementation clients[] = {
#define X(model, id, text, seen)           \
    {.name = "client-" id,                 \
     .kind = IMPLEMENTATION_BROKEN_CLIENT, \
     .summary = text,                      \
     .source = seen,                       \
     .client_model = CLIENT_MODEL_##model},
    CLIENT_MODEL_BROKEN_MAP(X)
#undef X
};

const struct implementation_table broken_clients = {clients, sizeof clients / sizeof clients[0]};

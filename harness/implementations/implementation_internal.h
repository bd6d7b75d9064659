#ifndef FRESHCHECK_HARNESS_IMPLEMENTATIONS_IMPLEMENTATION_INTERNAL_H
#define FRESHCHECK_HARNESS_IMPLEMENTATIONS_IMPLEMENTATION_INTERNAL_H

#include "harness/implementations/implementation.h"

/* A version is a policy set and an origin; a broken one is the reference, broken in one way. */
struct implementation {
    const char *name;
    enum implementation_kind kind;
    const struct origin_quirks *origin; /* versions and broken origins; NULL: nothing is wrong */
    bool retains_by_old_name;           /* versions: state.checkpoints.num-retained */

    /* What is broken, in one line, and where such a thing was seen. One of those below says how;
     * the rest is NULL. */
    const char *summary, *source;
    void (*misread)(struct settings *settings);     /* reads the settings wrongly */
    void (*breaks)(struct endpoint_config *config); /* another policy */
    void (*alter)(struct fetch_result *result);     /* alters what the gateway answers */
    /* Stands round the reference; `plan` is its own. NULL: out of memory. */
    struct subject *(*wrap)(const struct endpoint_config *config, const void *plan);
    const void *plan;
    enum client_model client_model;        /* broken clients: who decides */
    bool retains_one;                      /* a broken origin: whatever the options say */
    struct foreign_implementation foreign; /* start() NULL: it is built in */
};

/* Broken ones by theme, each in a file of its own. */
struct implementation_table {
    const struct implementation *items;
    size_t count;
};

extern const struct implementation_table settings_mutants, policy_mutants, answer_mutants,
    between_mutants, front_mutants, around_mutants, broken_origins, broken_clients;

/* The reference's endpoint as it is. `alter` NULL: what comes back is not altered. */
struct subject *plain_subject_new(const struct endpoint_config *config,
                                  void (*alter)(struct fetch_result *result));

#endif

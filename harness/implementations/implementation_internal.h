#ifndef FRESHCHECK_HARNESS_IMPLEMENTATIONS_IMPLEMENTATION_INTERNAL_H
#define FRESHCHECK_HARNESS_IMPLEMENTATIONS_IMPLEMENTATION_INTERNAL_H

#include "harness/implementations/implementation.h"

/* A version is a policy set and an origin; a mutant is the reference, broken in one way. */
struct implementation {
    const char *name;
    enum implementation_kind kind;
    const struct origin_quirks *origin;             /* versions */
    bool retains_by_old_name;                       /* versions: state.checkpoints.num-retained */
    const char *summary;                            /* mutants: what is wrong, in one line */
    void (*misread)(struct settings *settings);     /* mutants: reads the settings wrongly */
    void (*breaks)(struct endpoint_config *config); /* mutants: another policy */
    void (*alter)(struct fetch_result *result);     /* mutants: wraps what the gateway answers */
};

extern const struct implementation mutants[];
extern const size_t mutant_count;

#endif

#ifndef FRESHCHECK_HARNESS_TARGET_DISCOVERY_H
#define FRESHCHECK_HARNESS_TARGET_DISCOVERY_H

#include <stddef.h>

#include "harness/recording/recording_writer.h"
#include "harness/target/calls.h"
#include "rest_endpoint/settings.h"

/*
 * What a cluster says of itself: GET /config has the version, GET /jobmanager/config the options
 * that somebody set. Neither goes through a cache that anything here judges.
 */
struct discovered {
    char *flink_version;             /* "1.20.3" */
    bool takes_all;                  /* options are all that are set, in the answer's order */
    struct settings settings;        /* with the defaults where nothing was set */
    struct written_setting *options; /* those that bear on the caches, and on when checkpoints are
                                        taken; as a recording has them */
    size_t option_count;
    char **texts;      /* what the options point at: owned, two of each */
    char refusal[200]; /* after CALL_REFUSED: what was asked, and what came instead */
};

/* *why as in call_target(), but for CALL_REFUSED: then it is in *discovered. The result is to be
 * freed whatever comes. */
enum call discover(struct target target, struct discovered *discovered, const char **why);
/* The same, with every option that somebody set. */
enum call discover_every_option(struct target target, struct discovered *discovered,
                                const char **why);
void discovered_free(struct discovered *discovered); /* zeroed is allowed */

#endif

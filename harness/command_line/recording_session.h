#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_RECORDING_SESSION_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_RECORDING_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/command_line/options.h"
#include "harness/live/address.h"
#include "harness/target/cluster_jobs.h"
#include "harness/target/discovery.h"
#include "harness/target/recorder.h"

/* What `record` and `watch` have in common: options, who the cluster is, which jobs are meant. */

/* The command line as it was written. */
struct session_line {
    const char *clients, *rate, *mix, *trigger, *duration, *seed;
    struct option_values jobs;
};

#define SESSION_LINE_DEFAULTS                                              \
    {                                                                      \
        .clients = "3", .rate = "5", .mix = "statistics=8,details=1,job=1" \
    }

/* The options, for a command's list. */
#define SESSION_OPTIONS(line)                                                                      \
    {"clients", "N", "clients for each job (default 3, at most 64)", NULL, &(line).clients, NULL}, \
        {"rate", "R",          "requests a second of each client (default 5, at most 100)",        \
         NULL,   &(line).rate, NULL},                                                              \
        {"mix",                                                                                    \
         "SHARES",                                                                                 \
         "what they ask (default statistics=8,details=1,job=1; also configuration)",               \
         NULL,                                                                                     \
         &(line).mix,                                                                              \
         NULL},                                                                                    \
        {"job", "ID", "a job to ask about; may be given again (default: all that run)",            \
         NULL,  NULL, &(line).jobs},                                                               \
        {"trigger", "EVERY",         "trigger a checkpoint so often, and read when it is done",    \
         NULL,      &(line).trigger, NULL},                                                        \
        {"duration",       "D", "end after this long, such as 30s (default: at Ctrl-C)", NULL,     \
         &(line).duration, NULL},                                                                  \
    {                                                                                              \
        "seed", "N", "seed of everything that is drawn (default: another each time)", NULL,        \
            &(line).seed, NULL                                                                     \
    }

struct session {
    struct address address;
    struct discovered cluster;
    struct cluster_jobs jobs; /* those that are asked about */
    struct recorder *recorder;
    uint64_t seed;
    int64_t duration_us; /* INT64_MAX: until it is stopped */
    double rate_max;     /* requests a second, all together, triggers aside */
};

/*
 * Reads the options, then asks the cluster at `url` who it is. `name`: of the recording. Exit code;
 * anything but EXIT_AS_CLAIMED after one sentence on stderr. To be closed whatever comes.
 */
int session_open(struct session *session, const char *url, const struct session_line *line,
                 const char *name);
void session_close(struct session *session);

/* Creates the file that the recording goes to, to be written. Exit code, after one sentence: one
 * that is there is not written over unless that is wanted. */
int session_create(const char *name, bool overwrites, int *file);

#endif

#ifndef FRESHCHECK_HARNESS_OBSERVER_RUN_RESULT_H
#define FRESHCHECK_HARNESS_OBSERVER_RUN_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/verdict.h"

/* A number a scenario brings to light besides verdicts: "reprocessed 2400.0 ms". */
struct measure {
    char name[48];
    double value;
    const char *unit;
};

enum { MEASURES_MAX = 8 };

/* Calls of the gateway by what they fetched, and answers by path with how many were errors. */
struct run_tally {
    uint64_t statistics_fetches, graph_fetches, other_fetches;
    struct answer_tally {
        uint64_t answers, errors;
    } statistics, jobs; /* /jobs/:jobid/checkpoints, /jobs/:jobid */
};

/* What came of one scenario on one implementation. */
struct run_result {
    struct judgement judgement;
    uint64_t reads;       /* answers that clients got */
    uint64_t fetches;     /* calls of the gateway */
    uint64_t completions; /* of checkpoints, as the origin's journal has them */
    struct run_tally tally;
    struct measure measures[MEASURES_MAX];
    size_t measure_count;
};

struct listener;

struct run_options {
    uint64_t seed;
    bool
        write_bodies; /* every answer's bytes are written, as for a socket, also where nobody parses
                          them */
    /* Of the answers that are read off the data that their bytes are written from, 1 in this many is
     * written, parsed back and compared; 1: every one; 0: none. */
    uint32_t parse_every;
    uint64_t parse_first; /* which of them is the first, modulo parse_every */
    /* Virtual time only: hears what the judge is told; NULL: nobody does. */
    const struct listener *listener;
};

#endif

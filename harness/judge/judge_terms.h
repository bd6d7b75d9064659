#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_TERMS_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_TERMS_H

#include <stdint.h>

#include "harness/judge/history.h"

/* Words that all files of this room use: kinds of paths and of answers, and sets of those. */

#define NOT_KNOWN_US INT64_MAX

/* Who asks for what, as far as calls of the gateway go. The first two match a call_kind. */
enum path_kind { KIND_GRAPH, KIND_STATISTICS, KIND_TRIGGER, KIND_OTHER, PATH_KIND_COUNT };

static inline enum path_kind path_kind(enum exchange_path path)
{
    static const enum path_kind kinds[] = {
        [PATH_STATISTICS] = KIND_STATISTICS,
        [PATH_DETAILS] = KIND_STATISTICS,
        [PATH_JOB] = KIND_GRAPH,
        [PATH_CONFIG] = KIND_GRAPH,
        [PATH_TRIGGER] = KIND_TRIGGER,
        [PATH_TRIGGER_STATUS] = KIND_TRIGGER,
        [PATH_OTHER] = KIND_OTHER,
    };
    return kinds[path];
}

/* What came of a request, as far as checks choose by it what they look at. */
enum answer_kind {
    ANSWER_LIST,    /* a good one of .../checkpoints */
    ANSWER_DETAILS, /* a good one about one checkpoint */
    ANSWER_REFUSED, /* another one of those two paths */
    ANSWER_GRAPH,   /* of a path that is served from execution graphs, good or not */
    ANSWER_OTHER,   /* of any other path */
    ANSWER_NONE,    /* of any path */
    ANSWER_KIND_COUNT
};

/* Sets of them. */
enum {
    OF_LISTS = 1 << ANSWER_LIST,
    OF_CHECKPOINTS = OF_LISTS | 1 << ANSWER_DETAILS,
    OF_STATISTICS = OF_CHECKPOINTS | 1 << ANSWER_REFUSED,
    OF_GRAPHS = 1 << ANSWER_GRAPH,
    OF_SILENCE = 1 << ANSWER_NONE
};

/* Takes the lowest member of a set of properties, of kinds of answers or of facts. */
static inline unsigned take_lowest(uint32_t *set)
{
    const unsigned lowest = (unsigned)__builtin_ctz(*set);
    *set &= *set - 1;
    return lowest;
}

#endif

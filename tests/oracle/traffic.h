#ifndef FRESHCHECK_TESTS_ORACLE_TRAFFIC_H
#define FRESHCHECK_TESTS_ORACLE_TRAFFIC_H

#include "tests/oracle/story.h"

/* The two paths that are to be kept apart. Dashboards read both that of the job and that of the
 * checkpoint configuration. */
enum traffic { TRAFFIC_GRAPH, TRAFFIC_STATISTICS, TRAFFIC_OTHER };

static inline enum traffic traffic_of(enum exchange_path path)
{
    if (path == PATH_STATISTICS || path == PATH_DETAILS)
        return TRAFFIC_STATISTICS;
    return path == PATH_JOB || path == PATH_CONFIG ? TRAFFIC_GRAPH : TRAFFIC_OTHER;
}

static inline bool calls_are_told(const struct story *story)
{
    return story->source == STORY_CALLS;
}

/* An error that only a failure of the JobManager can explain. */
bool is_failure(const struct answer *answer);
bool is_cancelled(const struct answer *answer);
/* From when on the job was known, by the last word about it before the answer; NEVER: it is not. */
#define NEVER INT64_MAX
int64_t known_since_us(const struct story *story, const struct answer *answer,
                       int64_t *unknown_to_us);
/* A call that the answer waited for, or may have, is known to have failed meanwhile. */
bool is_explained_by_call(const struct story *story, const struct answer *answer);
bool call_failed_within(const struct story *story, const struct answer *answer, enum call_kind kind,
                        int64_t from_us, int64_t to_us);

#endif

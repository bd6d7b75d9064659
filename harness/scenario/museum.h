#ifndef FRESHCHECK_HARNESS_SCENARIO_MUSEUM_H
#define FRESHCHECK_HARNESS_SCENARIO_MUSEUM_H

#include <stdbool.h>

/*
 * What a scenario says of itself as a case of the museum of real defects (docs/museum.md):
 *
 *   museum: {number: R-02, hall: kept failures, evidence: read in the source}
 */

/* Where it hangs: what a client sees of the defect. In the order of the table. */
#define MUSEUM_HALL_MAP(X)                                                                \
    X(OLD_ANSWERS, "old answers", "Old answers: the newest checkpoint is not shown")      \
    X(KEPT_FAILURES, "kept failures", "Kept failures: the error is over, and is given")   \
    X(MIXED_UP, "mixed-up answers", "Mixed-up answers: another job's, run's or moment's") \
    X(READERS, "readers and load", "Readers and load: clients in each other's way")       \
    X(SETTINGS, "settings", "Settings: what was configured is not what happens")          \
    X(JOBMANAGER, "jobmanager", "The JobManager itself: no cache is to blame")            \
    X(CLIENTS, "clients", "Clients: a right answer, and a wrong decision")

enum museum_hall {
#define X(name, text, heading) MUSEUM_HALL_##name,
    MUSEUM_HALL_MAP(X)
#undef X
        MUSEUM_HALL_COUNT
};

/* How it is known. Nothing is called reported that was only found by reading a source. */
#define MUSEUM_EVIDENCE_MAP(X)                                                     \
    X(REPORTED, "reported")       /* in an issue, a pull request, a Jira ticket */ \
    X(SEEN, "seen on clusters")   /* of real Flink */                              \
    X(DOCUMENTED, "documented")   /* by the project itself */                      \
    X(READ, "read in the source") /* nobody reported it, as far as was found */    \
    X(KNOWN, "known hazard")      /* of caches or clients at large; no one report */

enum museum_evidence {
#define X(name, text) MUSEUM_EVIDENCE_##name,
    MUSEUM_EVIDENCE_MAP(X)
#undef X
        MUSEUM_EVIDENCE_COUNT
};

struct museum_label {
    const char *number; /* in the survey of real bugs: "R-02", "L-06", "C-19" */
    enum museum_hall hall;
    enum museum_evidence evidence;
};

const char *museum_hall_name(enum museum_hall hall);             /* "kept failures" */
const char *museum_hall_heading(enum museum_hall hall);          /* a line above its cases */
const char *museum_evidence_name(enum museum_evidence evidence); /* "read in the source" */

#endif

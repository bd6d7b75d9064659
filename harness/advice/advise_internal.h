#ifndef FRESHCHECK_HARNESS_ADVICE_ADVISE_INTERNAL_H
#define FRESHCHECK_HARNESS_ADVICE_ADVISE_INTERNAL_H

#include "harness/advice/advise.h"

/* Settings that are tried. KEPT: as they are. */
enum { KEPT = -1 };

struct point {
    int64_t timeout_ms; /* of checkpoint statistics; in 1.17 the refresh interval, which is both */
    int64_t graph_ms;   /* of execution graphs: the refresh interval, since 2.3 its own option */
};

enum outcome {
    OUTCOME_MET,
    OUTCOME_NOT_KNOWN, /* no closed form holds */
    OUTCOME_TOO_OLD,
    OUTCOME_TOO_MANY_CALLS,
    OUTCOME_DANGER, /* would be met, with a danger that was not there */
    OUTCOME_NO_MEMORY
};

struct bench {
    const struct situation *situation;
    const struct wants *wants;
    const struct policy_set *policies;
    struct load load;                  /* of predictions */
    struct config_entry *items;        /* all that was written, and room for the changes */
    struct findings found;             /* with the settings as they are */
    const struct finding_rule *danger; /* the first that was met on the way */
};

/* False when out of memory. Close it in both cases. */
bool bench_open(struct bench *bench, const struct situation *situation, const struct wants *wants);
void bench_close(struct bench *bench);

/* What changes, and what comes of it. */
enum outcome bench_try(struct bench *bench, struct point point, struct advised *advised);

/* The same without a look at wants and dangers, for a load whose answers are short. False when out
 * of memory. */
bool bench_probe(struct bench *bench, struct point point, struct prediction *prediction);

/* Values that a person would write: 0, and those of two digits from 1 ms up to 100000 s. */
enum { LADDER_COUNT = 641 };
int64_t ladder_ms(int rung);
int ladder_rung(int64_t ms); /* the highest that is not above; 0 for what is below 1 */

#endif

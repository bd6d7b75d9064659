#ifndef FRESHCHECK_HARNESS_ADVICE_FINDINGS_H
#define FRESHCHECK_HARNESS_ADVICE_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/advice/predict.h"
#include "harness/flink_config/effective.h"

/* What is unsafe about a configuration under a stated load. Pure. */

enum severity {
    SEVERITY_NOTE,    /* works as documented, and may surprise */
    SEVERITY_WARNING, /* old data, needless load or an error now and then */
    SEVERITY_DANGER   /* data that cannot be restored, or an API that does not answer */
};

enum job_end { JOB_END_NOT_STATED, JOB_END_CANCELLED, JOB_END_FINISHED };

/* What programs do, besides how often they ask. 0: not stated. */
struct habits {
    int64_t reaction_us;      /* from an answer with a path to the use of that path */
    enum job_end job_end;     /* how jobs end whose checkpoints are used afterwards */
    bool asks_before_start;   /* about jobs that are not submitted yet */
    bool reads_own;           /* triggers a checkpoint, awaits it, reads the statistics */
    int64_t details_after_us; /* how old the checkpoints are of which details are asked for */
    int64_t ended_after_us;   /* how long after their end jobs are asked about */
};

/* What rules look at; all borrowed. Of `load`, what is 0 is not stated. */
struct situation {
    const struct config_entries *entries;
    const struct effective *effective;
    const struct load *load;
    const struct habits *habits;
};

struct finding_rule {
    const char *id;
    enum severity severity; /* the usual one */
    const char *statement;  /* one sentence */
    const char *explanation;
    const char *scenario;       /* a file that shows it */
    const char *implementation; /* on which; see harness/implementations */
};

enum { FINDING_OPTIONS_MAX = 3, SUGGESTED_LENGTH_MAX = 48 };

struct finding {
    const struct finding_rule *rule;
    enum severity severity;
    char *consequence; /* a sentence or two with the numbers of this configuration; owned */
    /* The settings at fault, the first one first; where they were written is in the effective
     * values. `entry`: one that no value was read from; NULL: none. Borrowed from the entries. */
    enum flink_option options[FINDING_OPTIONS_MAX];
    size_t option_count;
    const struct config_entry *entry;
    /* What removes the finding: an option and its value, or a release; both NULL: no setting. */
    const char *suggested_key;
    char suggested_value[SUGGESTED_LENGTH_MAX];
    const char *suggested_release;
};

struct findings {
    struct finding *items; /* the worst first */
    size_t count;
};

/* False when out of memory. Free them in both cases. */
bool findings_find(const struct situation *situation, struct findings *findings);
void findings_free(struct findings *findings);

/* All rules, in the order of their list. */
size_t finding_rule_count(void);
const struct finding_rule *finding_rule_at(size_t index);
const struct finding_rule *finding_rule_find(const char *id); /* NULL: there is none */

const char *severity_name(enum severity severity); /* "warning" */

#endif

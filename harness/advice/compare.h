#ifndef FRESHCHECK_HARNESS_ADVICE_COMPARE_H
#define FRESHCHECK_HARNESS_ADVICE_COMPARE_H

#include "base/buffer.h"
#include "harness/advice/findings.h"

/* What changes for users from one configuration or release to another. Pure. */

struct compared {
    const char *name; /* of the file */
    const struct effective *effective;
    const struct findings *findings;
    const struct predicted *predicted;
};

/* Whether an option comes to something else. Of one that a release does not know only what it
 * amounts to counts: of the timeouts of both caches. */
bool compare_differs(const struct compared *before, const struct compared *after,
                     enum flink_option option);

/* "60 s to 3 s", "3 s to refused". */
void compare_values(const struct compared *before, const struct compared *after,
                    enum flink_option option, struct buffer *out);

/* Why, as what follows "because": "b.yaml:3 sets it", "Flink 2.1.1 does not follow KEY here, ...". */
void compare_reason(const struct compared *before, const struct compared *after,
                    enum flink_option option, struct buffer *out);

/* What users see of it, as a sentence; nothing is written where they see nothing. */
void compare_consequence(const struct compared *before, const struct compared *after,
                         enum flink_option option, struct buffer *out);

/* Whether `findings` have one by this rule. */
bool findings_have(const struct findings *findings, const struct finding_rule *rule);

#endif

#ifndef FRESHCHECK_HARNESS_REPLAY_REPLAY_REPORT_H
#define FRESHCHECK_HARNESS_REPLAY_REPLAY_REPORT_H

#include "base/buffer.h"
#include "harness/replay/replay.h"

/* What replays showed, as text or as JSON. */

struct replay_result {
    const char *subject; /* the file */
    const char *version; /* of Flink, as recorded */
    const char *target;  /* "flink-1.20" or a URL */
    const struct replay *replay;
};

struct replay_report {
    const struct replay_result *results;
    size_t count;
    const struct allowed *allowed;
    bool lists_allowed; /* which lines of the list were used, and which were not */
};

/* A block for each exchange that differs, and a summary. */
void replay_report_text(const struct replay_report *report, struct buffer *out);
void replay_report_json(const struct replay_report *report, struct buffer *out);

/* How often a line of the list was used. */
size_t replay_report_uses(const struct replay_report *report,
                          const struct allowed_difference *line);

/* A line that could have been used, by its version, and was not: it says what is no longer so. */
bool replay_report_is_stale(const struct replay_report *report,
                            const struct allowed_difference *line);

#endif

#ifndef FRESHCHECK_HARNESS_RECORDING_HAR_H
#define FRESHCHECK_HARNESS_RECORDING_HAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/complaint.h"
#include "harness/recording/recording_writer.h"

/*
 * HTTP archives (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/), as browsers and mitmproxy
 * save them, to recordings and back.
 */

/* What became of an archive's entries. */
struct har_tally {
    size_t entries;     /* all of them; those that were left out: */
    size_t foreign;     /* no calls of Flink's REST API */
    size_t kept;        /* answered by the browser's own cache */
    size_t hosts;       /* 2: calls went to two hosts or more */
    bool knows_cluster; /* the archive says which Flink it is of */
};

/* What an archive does not tell about the cluster. NULL: not known either. */
struct har_cluster {
    const char *flink_version;
    const struct written_setting *settings;
    size_t setting_count;
};

/*
 * Writes an archive (the whole file) as a recording, in order of completion; `seq` is the entry's
 * number from 1 on, unless an archive of ours says otherwise. What the archive says itself of the
 * cluster (har_write() has it say) goes before `cluster`; a version that nobody knows is "unknown".
 *
 * An entry began at startedDateTime or up to the last digit of it later, and lasted `time` from
 * there. False after a complaint when it is no archive or an entry is damaged, or the recording
 * could not be written.
 */
bool har_read(const char *bytes, size_t length, const char *name, const struct har_cluster *cluster,
              FILE *recording, struct har_tally *tally, struct complaints *complaints);

/*
 * Writes a recording as an archive, line by line. What archives have no place for is in members
 * that begin with "_", as HAR 1.2 asks for. False after a complaint, as above.
 */
bool har_write(FILE *recording, FILE *archive, struct complaints *complaints);

#endif

#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_ARCHIVES_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_ARCHIVES_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/command_line/options.h"
#include "harness/recording/har.h"

/* HTTP archives as input of commands. */

bool archive_is_one(const char *name); /* by the end of the name, ".har" */

/* What the command line says of the cluster. `settings` is for the caller to free(). False, after
 * one sentence on stderr, when a setting is not OPTION=VALUE. */
bool archive_cluster(const char *flink_version, const struct option_values *settings,
                     struct har_cluster *cluster);
void archive_cluster_free(struct har_cluster *cluster);

/*
 * An archive as a recording, in a temporary file at its start. NULL, after saying on stderr what is
 * wrong with the archive. Tells on stderr which entries were left out.
 */
FILE *archive_open(const char *name, const struct har_cluster *cluster, bool *knows_cluster);

/* Prints complaints about a file on stderr. */
void archive_complain(const char *name, struct complaints *complaints);

#endif
